/**
 * Level 9: tunnels as users hold them: who waits for room or for a message, what has come of one
 * that is not whole yet, and the handlers at the other ends.
 *
 * <p>Read first: {@link io.tuli.pipe.Pipe}, {@link io.tuli.pipe.Standing}, {@link
 * io.tuli.pipe.Tunnels}.
 */
@NullMarked
package io.tuli.pipe;

import org.jspecify.annotations.NullMarked;
