package io.tuli.secret;

import io.tuli.error.Require;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a member proves with that it belongs to its mesh, and what it demands of others. Immutable.
 *
 * @param secrets all that are accepted; the first is the one this member proves with when it dials
 * @param identity its certificate and the authority it knows others by; null where it has none
 * @param token what it has instead of a secret, which then is the token's; null for none
 * @param revoked ids of tokens that count no more
 * @param demand what others must prove at least: less than this member proves only while all
 *     members get other credentials, one by one
 */
public record Credentials(
        List<Secret> secrets,
        @Nullable Identity identity,
        @Nullable Token token,
        Set<String> revoked,
        Demand demand) {

    /** While a secret is changed for another there are two; more are for who is in a hurry. */
    public static final int SECRETS_MAX = 4;

    /** Of a mesh that anybody may join. */
    public static final Credentials NONE = new Credentials(List.of(), null, Demand.OPEN);

    public Credentials(List<Secret> secrets, @Nullable Identity identity, Demand demand) {
        this(secrets, identity, null, Set.of(), demand);
    }

    /** Of who has a token. */
    public static Credentials of(Token token) {
        return new Credentials(List.of(token.secret()), null, token, Set.of(), Demand.SECRET);
    }

    /** The same, to whom these tokens count no more. */
    public Credentials revoking(Set<String> ids) {
        return new Credentials(secrets, identity, token, ids, demand);
    }

    public Credentials {
        secrets = List.copyOf(secrets);
        revoked = Set.copyOf(revoked);
        Require.argument(
                secrets.size() <= SECRETS_MAX, "a mesh has at most 4 secrets", secrets.size());
        boolean canJudge =
                switch (demand) {
                    case OPEN -> true;
                    case SECRET -> !secrets.isEmpty();
                    case CERTIFICATE -> identity != null;
                };
        Require.argument(
                canJudge,
                "auth.require must be something that this member has itself: set secret.file, or"
                        + " tls.cert, tls.key and tls.ca; it demands",
                demand);
    }

    /** Those that demand the strongest of what they are. */
    public static Credentials of(List<Secret> secrets, @Nullable Identity identity) {
        Demand secret = secrets.isEmpty() ? Demand.OPEN : Demand.SECRET;
        return new Credentials(secrets, identity, identity == null ? secret : Demand.CERTIFICATE);
    }

    public static Credentials of(@Nullable Secret secret) {
        return secret == null ? NONE : of(List.of(secret), null);
    }

    /** The same, which are content with less. */
    public Credentials demanding(Demand other) {
        return new Credentials(secrets, identity, token, revoked, other);
    }

    public boolean hasSecret() {
        return !secrets.isEmpty();
    }

    /** Whether this member proves anything, so that its links are encrypted. */
    public boolean areAny() {
        return hasSecret() || identity != null;
    }

    /** Whether anybody who reaches this member may link to it. */
    public boolean isOpen() {
        return demand == Demand.OPEN;
    }

    /** What this member proves with when it dials; null where there is no secret. */
    public @Nullable Secret first() {
        return secrets.isEmpty() ? null : secrets.getFirst();
    }

    /** Whether this is a secret of the mesh now. */
    public boolean holds(Secret secret) {
        return secrets.contains(secret);
    }

    /** Whether a token counts now that one of our secrets stands behind. */
    public boolean allows(Token.Claims claims) {
        return !revoked.contains(claims.id()) && !claims.hasEnded(Instant.now());
    }

    /** Whether an authority vouches for this subject now. */
    public boolean trusts(Subject subject) {
        return identity != null
                && identity.authority().anchors().contains(subject.anchor())
                && subject.until().isAfter(Instant.now());
    }
}
