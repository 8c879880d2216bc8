/**
 * Level 15: many simulated clusters, each with a workload, faults and sometimes an adversary drawn
 * from a seed, and what is asked of them in the end.
 *
 * <p>Read first: {@link io.tuli.swarm.SwarmRun}, {@link io.tuli.swarm.Workload}.
 */
@NullMarked
package io.tuli.swarm;

import org.jspecify.annotations.NullMarked;
