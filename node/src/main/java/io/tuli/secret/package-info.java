/**
 * Level 7: what a member proves with: the secrets of its mesh and the keys derived from them, its
 * certificate, the key of its life; where they are read from, and which of it is in force.
 *
 * <p>Read first: {@link io.tuli.secret.Keyring}, {@link io.tuli.secret.Credentials}, {@link
 * io.tuli.secret.LifeKey}.
 */
@NullMarked
package io.tuli.secret;

import org.jspecify.annotations.NullMarked;
