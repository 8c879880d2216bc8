package io.tuli.membership;

import io.tuli.secret.Hmac;
import io.tuli.secret.Secret;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * What tells one mesh from another: a number of its name and, with a secret, a key and a number
 * that only those who know the secret can compute. Immutable.
 */
final class MeshKey {

    private final long nameHash;
    private final long secretHash;
    private final byte @Nullable [] key;

    private MeshKey(long nameHash, long secretHash, byte @Nullable [] key) {
        this.nameHash = nameHash;
        this.secretHash = secretHash;
        this.key = key;
    }

    /** May take a while where there is a secret: see {@link Secret#of}. */
    static MeshKey of(String mesh, String secret) {
        byte[] name = ("tuli mesh " + mesh).getBytes(StandardCharsets.UTF_8);
        long nameHash = ByteBuffer.wrap(Hmac.sha256(name)).getLong();
        if (secret.isEmpty()) {
            return new MeshKey(nameHash, 0, null);
        }
        Secret shared = Secret.of(secret, mesh);
        long secretHash = ByteBuffer.wrap(shared.key("beacon")).getLong();
        return new MeshKey(nameHash, secretHash, shared.key("control"));
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
        byte[] member =
                ByteBuffer.allocate(2 * Long.BYTES).putLong(node).putLong(incarnation).array();
        return new SecretKeySpec(Hmac.of(key, member), "AES");
    }
}
