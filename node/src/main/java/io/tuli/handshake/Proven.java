package io.tuli.handshake;

import io.tuli.secret.Credentials;
import io.tuli.secret.Secret;
import org.jspecify.annotations.Nullable;

/**
 * What the other side of a link has proven.
 *
 * @param secret which secret of the mesh it knows; null where it proved none
 */
public record Proven(@Nullable Secret secret) {

    /** By whoever reaches an open mesh. */
    public static final Proven NOTHING = new Proven(null);

    /** Whether it still counts: false once the secret is none of the mesh any more. */
    public boolean isIn(Credentials credentials) {
        return secret == null || credentials.holds(secret);
    }
}
