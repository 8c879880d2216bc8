/**
 * Level 7: how an event loop waits. It spins for some microseconds before it sleeps where that has
 * been worth it lately, and not at all where it has not.
 *
 * <p>Read first: {@link io.tuli.spin.LoopIo}, {@code Patience}, {@code Crowd}.
 */
@NullMarked
package io.tuli.spin;

import org.jspecify.annotations.NullMarked;
