package io.tuli.secret;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A generated secret as people copy it: {@code tuli1-}, 32 random bytes in 52 characters, and 4
 * characters that tell a typing error from another secret.
 *
 * <pre>
 * text     = "tuli1-" base32(bytes) check          base32 of RFC 4648 in small letters, no padding
 * check    = first 20 bits, in base32, of SHA-256("tuli secret 1\0" | bytes)
 * </pre>
 */
public final class SecretText {

    static final String PREFIX = "tuli1-";

    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
    private static final int BITS = 5;
    private static final int BODY_CHARS = 52;
    private static final int CHECK_CHARS = 4;
    private static final byte[] LABEL = "tuli secret 1\0".getBytes(StandardCharsets.US_ASCII);

    private SecretText() {}

    /** A new one: 256 bits that nobody can guess. */
    public static String generate() {
        byte[] bytes = new byte[Hmac.BYTES];
        new SecureRandom().nextBytes(bytes);
        return of(bytes);
    }

    static String of(byte[] bytes) {
        return PREFIX + base32(bytes, BODY_CHARS) + check(bytes);
    }

    private static String check(byte[] bytes) {
        return base32(Hmac.sha256(LABEL, bytes), CHECK_CHARS);
    }

    /**
     * The bytes of a generated secret; null of a text that a person chose.
     *
     * @throws IllegalArgumentException of a text that was generated but is not as it was
     */
    static byte @Nullable [] parse(String text) {
        if (!text.startsWith(PREFIX)) {
            return null;
        }
        String body = text.substring(PREFIX.length()).toLowerCase(Locale.ROOT);
        byte[] bytes = body.length() == BODY_CHARS + CHECK_CHARS ? bytes(body) : null;
        if (bytes == null || !body.endsWith(check(bytes))) {
            throw new IllegalArgumentException(
                    "a secret that begins with tuli1- must be as `tuli secret new` printed it:"
                            + " this one has a character too many, too few or mistyped, characters="
                            + text.length());
        }
        return bytes;
    }

    private static String base32(byte[] bytes, int chars) {
        StringBuilder text = new StringBuilder(chars);
        for (int bit = 0; text.length() < chars; bit += BITS) {
            text.append(ALPHABET.charAt(bitsAt(bytes, bit)));
        }
        return text.toString();
    }

    /** Five bits; zeros beyond the end. */
    private static int bitsAt(byte[] bytes, int bit) {
        int at = bit / Byte.SIZE;
        int two = (bytes[at] & 0xff) << Byte.SIZE;
        two |= at + 1 < bytes.length ? bytes[at + 1] & 0xff : 0;
        return two >>> (2 * Byte.SIZE - BITS - bit % Byte.SIZE) & 0x1f;
    }

    private static byte @Nullable [] bytes(String body) {
        byte[] bytes = new byte[Hmac.BYTES + 1]; // the last character has four bits to spare
        for (int i = 0; i < BODY_CHARS; i++) {
            int value = ALPHABET.indexOf(body.charAt(i));
            if (value < 0) {
                return null;
            }
            int at = i * BITS / Byte.SIZE;
            int shifted = value << (2 * Byte.SIZE - BITS - i * BITS % Byte.SIZE);
            bytes[at] |= (byte) (shifted >>> Byte.SIZE);
            if (at + 1 < bytes.length) {
                bytes[at + 1] |= (byte) shifted;
            }
        }
        return bytes[Hmac.BYTES] == 0 ? Arrays.copyOf(bytes, Hmac.BYTES) : null;
    }
}
