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
 * @param told what services are told of it; null for an anonymous caller
 * @param rights which services it may use
 */
public record Caller(
        Map<String, @Nullable Object> user,
        Map<String, @Nullable Object> claims,
        @Nullable Refusal refused,
        io.tuli.@Nullable Caller told,
        Rights rights) {

    /** Nobody that is known. */
    public static final Caller ANONYMOUS = new Caller(Map.of(), Map.of(), null, null, Rights.ALL);

    public Caller {
        user = Collections.unmodifiableMap(new LinkedHashMap<>(user));
        claims = Collections.unmodifiableMap(new LinkedHashMap<>(claims));
    }

    /**
     * One that has proved who it is. Services are told the claims, and as {@code user} among them
     * the user, unless that is too large: then they look it up by its id.
     *
     * @param claims with the user's id as {@code sub}
     */
    public static Caller of(
            String provider,
            Map<String, @Nullable Object> user,
            Map<String, @Nullable Object> claims) {
        return of(provider, user, claims, Rights.ALL);
    }

    /** The same of one that may use some services alone. */
    public static Caller of(
            String provider,
            Map<String, @Nullable Object> user,
            Map<String, @Nullable Object> claims,
            Rights rights) {
        return new Caller(user, claims, null, told(provider, user, claims), rights);
    }

    private static io.tuli.Caller told(
            String provider,
            Map<String, @Nullable Object> user,
            Map<String, @Nullable Object> claims) {
        String id = String.valueOf(claims.get("sub"));
        Map<String, @Nullable Object> all = new LinkedHashMap<>(claims);
        all.put("user", user);
        try {
            return io.tuli.Caller.of(provider, id, all);
        } catch (RuntimeException tooLarge) {
            return io.tuli.Caller.of(provider, id, claims);
        }
    }

    /**
     * What has come of looking at what a client showed.
     *
     * @param login null where it showed nothing that is ours
     * @param failed why it proves nothing; null where it does not fail
     */
    public static Caller proven(@Nullable Login login, @Nullable Throwable failed) {
        if (failed != null) {
            return refused(ErrorJson.refusal(failed));
        }
        return login == null ? ANONYMOUS : login.caller();
    }

    /** One that could not prove who it is. */
    public static Caller refused(Refusal why) {
        return new Caller(Map.of(), Map.of(), why, null, Rights.ALL);
    }

    public boolean isAnonymous() {
        return claims.isEmpty();
    }

    /** What services are told of a call that came by this transport. */
    public io.tuli.Caller told(String provider) {
        return told == null ? io.tuli.Caller.anonymous(provider) : told;
    }
}
