/**
 * Level 13: a whole cluster on one thread, from one seed, in virtual time: the classes of a member
 * that ship; network, group channel and clock are simulated, with faults.
 *
 * <p>Read first: {@link io.tuli.cluster.Cluster}, {@link io.tuli.cluster.ClusterMember}, {@link
 * io.tuli.cluster.Invariants}.
 */
@NullMarked
package io.tuli.cluster;

import org.jspecify.annotations.NullMarked;
