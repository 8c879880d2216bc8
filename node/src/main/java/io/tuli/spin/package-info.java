/**
 * Level 7: how an event loop waits. It spins for some microseconds before it sleeps where that has
 * been worth it lately, and not at all where it has not. Nothing else waits on it, and whether it
 * gets on is watched from outside.
 *
 * <p>Read first: {@link io.tuli.spin.LoopIo}, {@link io.tuli.spin.LoopThread}, {@link
 * io.tuli.spin.Watchdog}.
 */
@NullMarked
package io.tuli.spin;

import org.jspecify.annotations.NullMarked;
