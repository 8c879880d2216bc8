package io.tuli;

import io.tuli.arrival.ArrivedCaller;
import io.tuli.bytes.MalformedException;
import io.tuli.bytes.PlainValues;
import io.tuli.error.Excerpt;
import io.tuli.error.Require;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who calls: what a handler and its hooks know of whom a message is from, see {@link
 * Message#caller}. It travels beside the message, where no header, key or body reaches. A member
 * says it: whoever the call enters at, such as a gateway, by {@link Message#as}. That is believed
 * of servers alone, by the role that they have proven; what another member says is refused.
 *
 * <p>Mostly nothing is said: then it is a member's own code, with the provider {@code mesh} and no
 * user. A client that has proven itself by a token or a certificate calls as the provider {@code
 * token} or {@code certificate}, and its id or name is the user. A fold's messages have the
 * provider {@code fold}, and their source is the user. What a turn emits, its caller calls, too.
 *
 * <p>Immutable, thread-safe; {@link #toString} says neither user nor claims.
 */
public final class Caller {

    /** Of code of a member itself, for nobody else. */
    private static final String OWN = "mesh";

    /** A member's own code, in this process. */
    public static final Caller MESH = new Caller(OWN, "", new byte[0], false);

    /** Most bytes that claims may have, in a form close to that of JSON without its quotes. */
    public static final int CLAIMS_BYTES_MOST = 2_048;

    /** Most characters of a user's id. */
    public static final int USER_CHARS_MOST = 128;

    private static final int PROVIDER_CHARS_MOST = 32;

    /** What members say of members. */
    private static final Set<String> RESERVED = Set.of(OWN, "token", "certificate", "fold");

    private final String provider;
    private final String user;
    private final byte[] claims;
    private final boolean isRemote;
    private volatile @Nullable Map<String, @Nullable Object> read;

    private Caller(String provider, String user, byte[] claims, boolean isRemote) {
        Require.argument(
                isProvider(provider), "a provider is [a-z0-9.-]{1,32}", Excerpt.of(provider));
        if (user.length() > USER_CHARS_MOST || !Excerpt.isWhole(user)) {
            throw new IllegalArgumentException(
                    "a user is a text of at most "
                            + USER_CHARS_MOST
                            + " characters: characters="
                            + user.length());
        }
        if (claims.length > CLAIMS_BYTES_MOST) {
            throw new IllegalArgumentException(tooLong() + ": bytes=" + claims.length);
        }
        this.provider = provider;
        this.user = user;
        this.claims = claims;
        this.isRemote = isRemote;
    }

    private static boolean isProvider(String text) {
        if (text.isEmpty() || text.length() > PROVIDER_CHARS_MOST) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean isLetter = c >= 'a' && c <= 'z';
            if (!isLetter && !(c >= '0' && c <= '9') && c != '.' && c != '-') {
                return false;
            }
        }
        return true;
    }

    private static String tooLong() {
        return "claims have at most " + CLAIMS_BYTES_MOST + " bytes";
    }

    /** Somebody of whom nothing is known but how the call has come. */
    public static Caller anonymous(String provider) {
        return of(provider, "", Map.of());
    }

    /**
     * A user who has come another way. Make it once for a session, not for each message.
     *
     * @param provider how the call has come, as in {@code rest}; not {@code mesh}, {@code token},
     *     {@code certificate} or {@code fold}
     * @param user an id; empty for an anonymous one
     * @param claims what else is known, without secrets: values as JSON has them. Whole numbers are
     *     read as {@code Long}, others as {@code Double}
     * @throws IllegalArgumentException where one of them breaks a rule, or the claims are too long
     */
    public static Caller of(String provider, String user, Map<String, ?> claims) {
        Require.argument(
                !RESERVED.contains(provider), "only members call as this provider", provider);
        byte[] bytes;
        try {
            bytes = PlainValues.write(claims, CLAIMS_BYTES_MOST);
        } catch (IllegalArgumentException broken) {
            throw new IllegalArgumentException(
                    tooLong() + ", and are values as JSON has them: " + broken.getMessage(),
                    broken);
        }
        return new Caller(provider, user, bytes, false);
    }

    /**
     * As a member knows it; for members alone.
     *
     * @throws IllegalArgumentException where it breaks a rule
     */
    @SuppressWarnings("exports") // nobody else can name it
    public static Caller arrived(ArrivedCaller arrived) {
        Caller caller =
                new Caller(
                        arrived.provider(), arrived.user(), arrived.claims(), arrived.isRemote());
        try {
            caller.claims();
        } catch (MalformedException broken) {
            throw new IllegalArgumentException("claims are no values: " + broken.getMessage());
        }
        return caller;
    }

    /** How the call has come: {@code mesh} from a member's own code. */
    public String provider() {
        return provider;
    }

    /** The user's id; empty for an anonymous one. */
    public String user() {
        return user;
    }

    /** Whether nobody is known by name. */
    public boolean isAnonymous() {
        return user.isEmpty();
    }

    /** Whether a member's own code calls, for nobody else. */
    public boolean isMember() {
        return provider.equals(OWN);
    }

    /**
     * Whether the members themselves say so, and no gateway: a member's own code calls, a fold, or
     * a client that has proven itself by a token or a certificate.
     */
    public boolean isOfMembers() {
        return RESERVED.contains(provider);
    }

    /**
     * Whether the call has come into this process over a link, from another member. Nobody says so:
     * the link does.
     */
    public boolean isRemote() {
        return isRemote;
    }

    /** What else is known of the user, which cannot be changed; mostly empty. */
    public Map<String, @Nullable Object> claims() {
        Map<String, @Nullable Object> known = read;
        if (known == null) {
            known = PlainValues.read(claims);
            read = known;
        }
        return known;
    }

    /** How many bytes the claims have. */
    public int claimsBytes() {
        return claims.length;
    }

    /** As it travels; for members alone. */
    @SuppressWarnings("exports") // nobody else can name it
    public ArrivedCaller carried() {
        return new ArrivedCaller(provider, user, claims, isRemote);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Caller that
                && isRemote == that.isRemote
                && provider.equals(that.provider)
                && user.equals(that.user)
                && Arrays.equals(claims, that.claims);
    }

    @Override
    public int hashCode() {
        return 31 * provider.hashCode() + user.hashCode();
    }

    @Override
    public String toString() {
        return provider + (isAnonymous() ? " anonymous" : " user") + (isRemote ? " remote" : "");
    }
}
