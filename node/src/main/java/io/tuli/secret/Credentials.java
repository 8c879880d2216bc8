package io.tuli.secret;

import io.tuli.error.Require;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a member proves with that it belongs to its mesh, and by what it knows others. Immutable.
 *
 * @param secrets all that are accepted; the first is the one this member proves with when it dials
 */
public record Credentials(List<Secret> secrets) {

    /** While a secret is changed for another there are two; more are for who is in a hurry. */
    public static final int SECRETS_MAX = 4;

    /** Of a mesh that anybody may join. */
    public static final Credentials NONE = new Credentials(List.of());

    public Credentials {
        secrets = List.copyOf(secrets);
        Require.argument(
                secrets.size() <= SECRETS_MAX, "a mesh has at most 4 secrets", secrets.size());
    }

    public static Credentials of(@Nullable Secret secret) {
        return secret == null ? NONE : new Credentials(List.of(secret));
    }

    public boolean hasSecret() {
        return !secrets.isEmpty();
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
