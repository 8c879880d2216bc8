/**
 * Level 7: what the members of a mesh share and nobody else knows: the secret, the keys derived
 * from it, and the key and certificate of one life of a member.
 *
 * <p>Read first: {@link io.tuli.secret.Secret}, {@link io.tuli.secret.LifeKey}.
 */
@NullMarked
package io.tuli.secret;

import org.jspecify.annotations.NullMarked;
