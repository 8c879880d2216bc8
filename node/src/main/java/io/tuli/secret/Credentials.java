package io.tuli.secret;

import io.tuli.error.Require;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a member proves with that it belongs to its mesh, and what it demands of others. Immutable.
 *
 * @param secrets all that are accepted; the first is the one this member proves with when it dials
 * @param demand what others must prove at least: less than this member proves only while a mesh
 *     without credentials gets some, member by member
 */
public record Credentials(List<Secret> secrets, Demand demand) {

    /** While a secret is changed for another there are two; more are for who is in a hurry. */
    public static final int SECRETS_MAX = 4;

    /** Of a mesh that anybody may join. */
    public static final Credentials NONE = new Credentials(List.of(), Demand.OPEN);

    public Credentials {
        secrets = List.copyOf(secrets);
        Require.argument(
                secrets.size() <= SECRETS_MAX, "a mesh has at most 4 secrets", secrets.size());
        Require.argument(
                demand == Demand.OPEN || !secrets.isEmpty(),
                "auth.require must be something that this member has itself: it has no secret,"
                        + " and demands",
                demand);
    }

    /** Those that demand the strongest of what they are. */
    public static Credentials of(List<Secret> secrets) {
        return new Credentials(secrets, secrets.isEmpty() ? Demand.OPEN : Demand.SECRET);
    }

    public static Credentials of(@Nullable Secret secret) {
        return secret == null ? NONE : of(List.of(secret));
    }

    /** The same, which are content with less. */
    public Credentials demanding(Demand other) {
        return new Credentials(secrets, other);
    }

    public boolean hasSecret() {
        return !secrets.isEmpty();
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
}
