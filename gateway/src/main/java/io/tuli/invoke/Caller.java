package io.tuli.invoke;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who calls, as the gateway has found out: never what the caller says of itself. Immutable.
 *
 * @param user without its secrets; empty for an anonymous caller
 * @param claims of the token that proved it; empty for an anonymous caller
 */
public record Caller(Map<String, @Nullable Object> user, Map<String, @Nullable Object> claims) {

    /** Nobody that is known. */
    public static final Caller ANONYMOUS = new Caller(Map.of(), Map.of());

    public Caller {
        user = Collections.unmodifiableMap(new LinkedHashMap<>(user));
        claims = Collections.unmodifiableMap(new LinkedHashMap<>(claims));
    }

    public boolean isAnonymous() {
        return claims.isEmpty();
    }
}
