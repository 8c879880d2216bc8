/**
 * Level 5: the roles of one partition on one member, each its own type.
 *
 * <p>Read first: {@link io.tuli.replica.Replica}, {@link io.tuli.replica.Owner}, {@link
 * io.tuli.replica.Follower}.
 */
@NullMarked
package io.tuli.replica;

import org.jspecify.annotations.NullMarked;
