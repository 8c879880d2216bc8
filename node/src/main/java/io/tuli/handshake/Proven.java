package io.tuli.handshake;

import io.tuli.secret.Credentials;
import io.tuli.secret.Role;
import io.tuli.secret.Secret;
import io.tuli.secret.Subject;
import io.tuli.secret.Token;
import org.jspecify.annotations.Nullable;

/**
 * What the other side of a link has proven.
 *
 * @param secret which secret of the mesh it knows; null where it proved none
 * @param subject whom its certificate is for; null where it has none of our authority
 * @param token by which token it knows that secret, which is the token's then; null for none
 * @param role what it may do: what it said it is, and may be by that
 */
public record Proven(
        @Nullable Secret secret, @Nullable Subject subject, @Nullable Held token, Role role) {

    /** By whoever reaches an open mesh, and may be what it says. */
    static Proven nothing(Role role) {
        return new Proven(null, null, null, role);
    }

    /**
     * Whether any of it still counts: not once the secret is none of the mesh any more, and the
     * certificate has ended or its authority is no longer ours.
     */
    public boolean isIn(Credentials credentials) {
        if (token != null) {
            return credentials.holds(token.behind()) && credentials.allows(token.claims());
        }
        boolean isNothing = secret == null && subject == null;
        return isNothing
                || (secret != null && credentials.holds(secret))
                || (subject != null && credentials.trusts(subject));
    }

    /** Whether it is a token that counts no more: that is not waited for. */
    public boolean isRevokedIn(Credentials credentials) {
        return token != null && !credentials.allows(token.claims());
    }

    /** What its token says; null for none. */
    public Token.@Nullable Claims claims() {
        return token == null ? null : token.claims();
    }

    /**
     * Its name, as far as it has proven one.
     *
     * @param said what it says itself
     */
    public String nameOr(String said) {
        if (token != null) {
            return token.claims().id();
        }
        return subject == null ? said : subject.name();
    }

    /**
     * A token that was proven.
     *
     * @param behind the mesh's secret that it was made by
     */
    public record Held(Token.Claims claims, Secret behind) {}
}
