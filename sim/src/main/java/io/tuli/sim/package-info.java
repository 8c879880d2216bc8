/**
 * Level 14: a simulated cluster as users' tests hold it: one thread, one seed, virtual time, and
 * whatever may go wrong between members.
 *
 * <p>Read first: {@link io.tuli.sim.SimCluster}.
 */
@NullMarked
package io.tuli.sim;

import org.jspecify.annotations.NullMarked;
