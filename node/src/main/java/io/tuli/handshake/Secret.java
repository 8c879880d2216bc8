package io.tuli.handshake;

import io.tuli.error.Require;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What all members of a mesh know and nobody else. It proves who may join; it neither encrypts nor
 * protects what follows. Never sent, never printed. Immutable.
 */
public final class Secret {

    /** Shortest secret, in bytes. */
    public static final int BYTES_MIN = 32;

    private static final String HMAC = "HmacSHA256";

    private final SecretKeySpec key;

    private Secret(byte[] bytes) {
        Require.argument(
                bytes.length >= BYTES_MIN, "a secret must have >= 32 bytes, it has", bytes.length);
        this.key = new SecretKeySpec(bytes, HMAC);
    }

    /** A secret of these bytes, which are copied. */
    public static Secret of(byte[] bytes) {
        return new Secret(bytes);
    }

    /** A secret of a text's bytes in UTF-8. */
    public static Secret of(String text) {
        return new Secret(text.getBytes(StandardCharsets.UTF_8));
    }

    /** HMAC-SHA-256 of all parts, one after the other. */
    public byte[] sign(byte[]... parts) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            for (byte[] part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + HMAC, e);
        }
    }

    /** Compares in a time that does not tell where the difference is. */
    public static boolean isSame(byte[] left, byte[] right) {
        return MessageDigest.isEqual(left, right);
    }

    @Override
    public String toString() {
        return "(secret)";
    }
}
