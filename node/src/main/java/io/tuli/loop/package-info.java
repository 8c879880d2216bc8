/**
 * Level 5: how an event loop waits. It looks out for work for some microseconds before it sleeps
 * where that has been worth it lately, and not at all where it has not.
 *
 * <p>Read first: {@link io.tuli.loop.LoopIo}, {@code Patience}, {@code Crowd}.
 */
@NullMarked
package io.tuli.loop;

import org.jspecify.annotations.NullMarked;
