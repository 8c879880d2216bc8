/**
 * Level 9: links between members. Netty carries bytes; this package decides who may talk, keeps one
 * link to each peer and dials again when it drops, writes many frames at once, and slows down
 * whoever outruns a peer. It knows frames and their roles, not their meaning.
 *
 * <p>Read first: {@link io.tuli.transport.Transport}, {@link io.tuli.transport.Link}, {@code
 * Handshake}.
 */
@NullMarked
package io.tuli.transport;

import org.jspecify.annotations.NullMarked;
