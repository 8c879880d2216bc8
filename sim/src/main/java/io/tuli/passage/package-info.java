/**
 * Level 12: tunnels between simulated members: the ends that ship, and who has them instead of
 * threads that wait.
 *
 * <p>Read first: {@link io.tuli.passage.SimTunnel}.
 */
@NullMarked
package io.tuli.passage;

import org.jspecify.annotations.NullMarked;
