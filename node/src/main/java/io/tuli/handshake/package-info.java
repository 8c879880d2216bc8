/**
 * Level 8: who may talk to whom: what both ends of a new link say of themselves and prove.
 *
 * <p>Read first: {@link io.tuli.handshake.Hello}, {@link io.tuli.handshake.Judge}, {@link
 * io.tuli.handshake.Transcript}.
 */
@NullMarked
package io.tuli.handshake;

import org.jspecify.annotations.NullMarked;
