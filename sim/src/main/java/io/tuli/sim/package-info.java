/**
 * Level 13: a whole cluster on one thread, from one seed, in virtual time: the real core, the real
 * caller, the real frames; network, membership and clock are simulated, with faults.
 *
 * <p>Read first: {@link io.tuli.sim.SimCluster}, {@link io.tuli.sim.SimMember}, {@link
 * io.tuli.sim.Invariants}.
 */
@NullMarked
package io.tuli.sim;

import org.jspecify.annotations.NullMarked;
