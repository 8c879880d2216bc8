package io.tuli.secret;

import io.tuli.error.Require;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * What all members of a mesh know and nobody else. It is never sent and never printed; what is used
 * are keys derived from it, one a purpose. Immutable.
 *
 * <pre>
 * input    = the 32 bytes of a generated secret, or
 *            PBKDF2-HMAC-SHA-256(chosen text, "tuli stretch 2\0" | mesh, 600,000 rounds)
 * prk      = HKDF-Extract(SHA-256("tuli mesh 2\0" | mesh), input)
 * key(p)   = HKDF-Expand(prk, "tuli 2 " | p)
 * </pre>
 *
 * A chosen text is stretched, so that each guess at it costs an attacker as much as it costs us: a
 * few tenths of a second, once in a process. The rounds are those that OWASP recommends (Password
 * Storage Cheat Sheet, 2023).
 */
public final class Secret {

    /** Shortest text, in bytes. */
    public static final int BYTES_MIN = 32;

    private static final int ROUNDS = 600_000;
    private static final int REMEMBERED_MAX = 16;

    /** By a hash of mesh and text; members of one process stretch once. */
    private static final Map<String, Secret> REMEMBERED =
            new LinkedHashMap<>() {
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Secret> eldest) {
                    return size() > REMEMBERED_MAX;
                }
            };

    private final byte[] pseudorandomKey;
    private final boolean isGenerated;

    private Secret(byte[] pseudorandomKey, boolean isGenerated) {
        this.pseudorandomKey = pseudorandomKey;
        this.isGenerated = isGenerated;
    }

    /**
     * The secret of a mesh. Takes some tenths of a second the first time where the text was chosen:
     * not on an event loop.
     *
     * @throws IllegalArgumentException where it is too short, or a generated one mistyped
     */
    public static Secret of(String text, String mesh) {
        byte[] bytes = utf8(text);
        Require.argument(
                bytes.length >= BYTES_MIN,
                "a secret must have >= 32 bytes (make one with `tuli secret new`), it has",
                bytes.length);
        String name =
                new String(Hmac.sha256(utf8(mesh + "\0"), bytes), StandardCharsets.ISO_8859_1);
        synchronized (REMEMBERED) {
            Secret known = REMEMBERED.get(name);
            if (known == null) {
                known = derived(text, mesh);
                REMEMBERED.put(name, known);
            }
            return known;
        }
    }

    private static Secret derived(String text, String mesh) {
        byte[] generated = SecretText.parse(text);
        byte[] input = generated == null ? stretched(text, mesh) : generated;
        byte[] salt = Hmac.sha256(utf8("tuli mesh 2\0" + mesh));
        return new Secret(Hmac.extract(salt, input), generated != null);
    }

    private static byte[] stretched(String text, String mesh) {
        byte[] salt = utf8("tuli stretch 2\0" + mesh);
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(
                            new PBEKeySpec(
                                    text.toCharArray(), salt, ROUNDS, Hmac.BYTES * Byte.SIZE))
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has PBKDF2WithHmacSHA256", e);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The key for a purpose: 32 bytes. */
    public byte[] key(String purpose) {
        return Hmac.expand(pseudorandomKey, utf8("tuli 2 " + purpose));
    }

    /**
     * The key of a token with these claims: as good as another secret, of which it says nothing.
     */
    byte[] tokenKey(byte[] claims) {
        byte[] label = utf8("tuli 2 token\0");
        byte[] info = Arrays.copyOf(label, label.length + claims.length);
        System.arraycopy(claims, 0, info, label.length, claims.length);
        return Hmac.expand(pseudorandomKey, info);
    }

    /** What the holder of a token has instead. */
    static Secret ofKey(byte[] key) {
        return new Secret(key.clone(), true);
    }

    /** Whether it has all of its 256 bits; a text that a person chose can be guessed. */
    public boolean isGenerated() {
        return isGenerated;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Secret secret
                && Hmac.isSame(pseudorandomKey, secret.pseudorandomKey);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(pseudorandomKey);
    }

    @Override
    public String toString() {
        return "(secret)";
    }
}
