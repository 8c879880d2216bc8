/**
 * Level 8: runs users' handlers for the core, and sends the streams they answer with.
 *
 * <p>Read first: {@link io.tuli.handler.HandlerRunner}, {@link io.tuli.handler.ReplyStreams},
 * {@link io.tuli.handler.HandlerHost}.
 */
@NullMarked
package io.tuli.handler;

import org.jspecify.annotations.NullMarked;
