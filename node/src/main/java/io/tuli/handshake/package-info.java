/**
 * Level 8: who may talk to whom: what both ends of a new link say of themselves, and the proof that
 * they hold the same secret.
 *
 * <p>Read first: {@link io.tuli.handshake.Hello}, {@link io.tuli.handshake.Greeting}.
 */
@NullMarked
package io.tuli.handshake;

import org.jspecify.annotations.NullMarked;
