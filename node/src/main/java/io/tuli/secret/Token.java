package io.tuli.secret;

import io.tuli.error.Excerpt;
import io.tuli.error.Require;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What stands for a part of a mesh's secret: who has it is a member of one role, with rights to
 * some services, until a moment. Immutable.
 *
 * <pre>
 * text   = "tulitok1." base64url(claims) "." base64url(key | check)
 * claims = id ";" role ";" until, in seconds ";" service ":" rights ("," service ":" rights)*
 * key    = HKDF-Expand(prk of the secret, "tuli 2 token\0" | claims)
 * check  = first 4 bytes of SHA-256("tuli token 1\0" | claims | key)     against typing errors
 * </pre>
 *
 * The key is never sent. Whoever has the secret works it out from the claims, and proves by it that
 * it has the secret; nobody else can make a token, nor change a claim of one.
 */
public final class Token {

    /** Longest claims, in bytes: HELLO has so much room. */
    public static final int CLAIMS_BYTES_MAX = 512;

    private static final String PREFIX = "tulitok1.";
    private static final byte[] LABEL = "tuli token 1\0".getBytes(StandardCharsets.US_ASCII);
    private static final int CHECK_BYTES = 4;
    private static final int PARTS = 4;

    private final Claims claims;
    private final byte[] key;

    private Token(Claims claims, byte[] key) {
        this.claims = claims;
        this.key = key;
    }

    /**
     * What a token says.
     *
     * @param id its name: what rules, revocations and the audit log know its holder by
     * @param role what its holder may be; never a server
     * @param until when it ends
     * @param services rights by service, as letters; {@code *} for all others
     */
    public record Claims(String id, Role role, Instant until, Map<String, String> services) {

        public Claims {
            services = Map.copyOf(services);
            Require.argument(Subject.isName(id), "a token's id is [A-Za-z0-9_.-]{1,64}", id);
            Require.argument(
                    role != Role.SERVER, "a token is for client, operator or read-only", role);
            Require.argument(!services.isEmpty(), "a token is for some services", services.size());
        }

        /** What is signed. */
        public byte[] bytes() {
            String rights =
                    services.entrySet().stream()
                            .sorted(Map.Entry.comparingByKey())
                            .map(each -> each.getKey() + ":" + each.getValue())
                            .collect(Collectors.joining(","));
            String text = String.join(";", id, role.text(), "" + until.getEpochSecond(), rights);
            return text.getBytes(StandardCharsets.UTF_8);
        }

        /**
         * Reads {@link #bytes}.
         *
         * @throws IllegalArgumentException when these are no claims
         */
        public static Claims read(byte[] bytes) {
            String text = new String(bytes, StandardCharsets.UTF_8);
            String[] parts = text.split(";", -1);
            Require.argument(
                    bytes.length <= CLAIMS_BYTES_MAX && parts.length == PARTS,
                    "claims are id;role;until;services",
                    Excerpt.of(text));
            try {
                Claims read =
                        new Claims(
                                parts[0],
                                Role.parse(parts[1]).orElse(Role.SERVER),
                                Instant.ofEpochSecond(Long.parseLong(parts[2])),
                                services(parts[3]));
                Require.argument(
                        Arrays.equals(read.bytes(), bytes),
                        "claims have one form",
                        Excerpt.of(text));
                return read;
            } catch (NumberFormatException | DateTimeException never) {
                throw new IllegalArgumentException("claims end in seconds: " + Excerpt.of(text));
            }
        }

        private static Map<String, String> services(String text) {
            Map<String, String> services = new LinkedHashMap<>();
            for (String each : text.split(",", -1)) {
                int colon = each.lastIndexOf(':');
                Require.argument(colon > 0, "a claim is service:rights", Excerpt.of(each));
                services.put(each.substring(0, colon), each.substring(colon + 1));
            }
            return services;
        }

        /** Whether it has ended. */
        public boolean hasEnded(Instant now) {
            return !now.isBefore(until);
        }
    }

    /**
     * A token that the secret stands behind.
     *
     * @throws IllegalArgumentException when the claims are too long
     */
    public static Token of(Claims claims, Secret secret) {
        byte[] said = claims.bytes();
        Require.argument(
                said.length <= CLAIMS_BYTES_MAX,
                "a token's claims have at most 512 bytes, name fewer services: they have",
                said.length);
        return new Token(claims, secret.tokenKey(said));
    }

    /**
     * Reads {@link #text}.
     *
     * @throws IllegalArgumentException when it is no token, or is not as it was printed
     */
    public static Token parse(String text) {
        String[] parts = text.strip().split("\\.", -1);
        Require.argument(
                text.strip().startsWith(PREFIX) && parts.length == 3,
                "a token begins with tulitok1. and has three parts, as `tuli token new` printed it:"
                        + " it has",
                parts.length);
        byte[] said = decoded(parts[1]);
        byte[] sealed = decoded(parts[2]);
        boolean isWhole =
                said != null && sealed != null && sealed.length == Hmac.BYTES + CHECK_BYTES;
        if (said == null || sealed == null || !isWhole || !isSame(said, sealed)) {
            throw new IllegalArgumentException(
                    "a token must be as `tuli token new` printed it: this one has a character too"
                            + " many, too few or another, characters="
                            + text.length());
        }
        return new Token(Claims.read(said), Arrays.copyOf(sealed, Hmac.BYTES));
    }

    private static byte @Nullable [] decoded(String text) {
        try {
            return Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException none) {
            return null;
        }
    }

    private static boolean isSame(byte[] said, byte[] sealed) {
        byte[] key = Arrays.copyOf(sealed, Hmac.BYTES);
        byte[] check = Arrays.copyOfRange(sealed, Hmac.BYTES, sealed.length);
        return Hmac.isSame(check, check(said, key));
    }

    private static byte[] check(byte[] said, byte[] key) {
        return Arrays.copyOf(Hmac.sha256(LABEL, said, key), CHECK_BYTES);
    }

    /** For its holder alone. */
    public String text() {
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        byte[] said = claims.bytes();
        byte[] sealed = Arrays.copyOf(key, Hmac.BYTES + CHECK_BYTES);
        System.arraycopy(check(said, key), 0, sealed, Hmac.BYTES, CHECK_BYTES);
        return PREFIX + base64.encodeToString(said) + "." + base64.encodeToString(sealed);
    }

    public Claims claims() {
        return claims;
    }

    /** What its holder proves with. */
    public Secret secret() {
        return Secret.ofKey(key);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Token token
                && claims.equals(token.claims)
                && Hmac.isSame(key, token.key);
    }

    @Override
    public int hashCode() {
        return claims.hashCode();
    }

    @Override
    public String toString() {
        return "(token of " + claims.role().text() + " " + claims.id() + ")";
    }
}
