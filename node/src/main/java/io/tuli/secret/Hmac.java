package io.tuli.secret;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * HMAC-SHA-256 and, on top of it, HKDF (RFC 5869): out of one secret a key of its own for every
 * purpose, none of which says anything of another. Any thread.
 */
public final class Hmac {

    /** Length of a key, and of what {@link #of} answers. */
    public static final int BYTES = 32;

    private static final String NAME = "HmacSHA256";

    private Hmac() {}

    /** HMAC-SHA-256 of all parts, one after the other. */
    public static byte[] of(byte[] key, byte[]... parts) {
        try {
            Mac mac = Mac.getInstance(NAME);
            mac.init(new SecretKeySpec(key, NAME));
            for (byte[] part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + NAME, e);
        }
    }

    /** HKDF-Extract: a pseudorandom key of whatever length of input. */
    static byte[] extract(byte[] salt, byte[] input) {
        return of(salt, input);
    }

    /** HKDF-Expand to one key; more than 32 bytes are never needed. */
    static byte[] expand(byte[] pseudorandomKey, byte[] info) {
        return of(pseudorandomKey, info, new byte[] {1});
    }

    /** SHA-256 of all parts, one after the other. */
    public static byte[] sha256(byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (byte[] part : parts) {
                digest.update(part);
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Compares in a time that does not tell where the difference is. */
    public static boolean isSame(byte[] left, byte[] right) {
        return MessageDigest.isEqual(left, right);
    }
}
