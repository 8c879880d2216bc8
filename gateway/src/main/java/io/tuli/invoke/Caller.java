package io.tuli.invoke;

import io.tuli.Refusal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who calls, as the gateway has found out: never what the caller says of itself. Immutable.
 *
 * @param user without its secrets; empty for an anonymous caller
 * @param claims of the token that proved it; empty for an anonymous caller
 * @param refused why what it showed proves nothing; null where it showed nothing, or has proved it
 */
public record Caller(
        Map<String, @Nullable Object> user,
        Map<String, @Nullable Object> claims,
        @Nullable Refusal refused) {

    /** Nobody that is known. */
    public static final Caller ANONYMOUS = new Caller(Map.of(), Map.of(), null);

    public Caller {
        user = Collections.unmodifiableMap(new LinkedHashMap<>(user));
        claims = Collections.unmodifiableMap(new LinkedHashMap<>(claims));
    }

    /** One that has proved who it is. */
    public static Caller of(
            Map<String, @Nullable Object> user, Map<String, @Nullable Object> claims) {
        return new Caller(user, claims, null);
    }

    /** One that could not prove who it is. */
    public static Caller refused(Refusal why) {
        return new Caller(Map.of(), Map.of(), why);
    }

    public boolean isAnonymous() {
        return claims.isEmpty();
    }
}
