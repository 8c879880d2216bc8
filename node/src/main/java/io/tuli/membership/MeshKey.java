package io.tuli.membership;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * What tells one mesh from another: a number of its name and, with a secret, a key and a number
 * that only those who know the secret can compute. Immutable.
 */
final class MeshKey {

    private static final int ITERATIONS = 20_000;
    private static final int KEY_BYTES = 32;

    private final long nameHash;
    private final long secretHash;
    private final byte @Nullable [] key;

    private MeshKey(long nameHash, long secretHash, byte @Nullable [] key) {
        this.nameHash = nameHash;
        this.secretHash = secretHash;
        this.key = key;
    }

    /** Takes some ten milliseconds where there is a secret: guessing shall be slow. */
    static MeshKey of(String mesh, String secret) {
        try {
            byte[] name = ("tuli mesh " + mesh).getBytes(StandardCharsets.UTF_8);
            long nameHash =
                    ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(name)).getLong();
            if (secret.isEmpty()) {
                return new MeshKey(nameHash, 0, null);
            }
            PBEKeySpec spec =
                    new PBEKeySpec(
                            secret.toCharArray(), name, ITERATIONS, (KEY_BYTES + Long.BYTES) * 8);
            byte[] derived =
                    SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                            .generateSecret(spec)
                            .getEncoded();
            long secretHash = ByteBuffer.wrap(derived, KEY_BYTES, Long.BYTES).getLong();
            return new MeshKey(nameHash, secretHash, Arrays.copyOf(derived, KEY_BYTES));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has SHA-256 and PBKDF2", e);
        }
    }

    /** Equal for meshes of one name. */
    long nameHash() {
        return nameHash;
    }

    /** Equal for one name and secret; 0 without a secret. */
    long secretHash() {
        return secretHash;
    }

    boolean isSecret() {
        return key != null;
    }

    /** What JGroups calls this mesh: others of its kind are told apart by it. */
    String clusterName() {
        return "tuli-%016x-%016x".formatted(nameHash, secretHash);
    }

    /** A key of one life of one member, so that no two members ever use one key with one nonce. */
    SecretKeySpec keyOf(long node, long incarnation) {
        if (key == null) {
            throw new IllegalStateException("a mesh without a secret seals nothing");
        }
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            byte[] member =
                    ByteBuffer.allocate(2 * Long.BYTES).putLong(node).putLong(incarnation).array();
            return new SecretKeySpec(mac.doFinal(member), "AES");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has HMAC-SHA-256", e);
        }
    }
}
