package io.tuli;

import java.nio.charset.StandardCharsets;

/**
 * The identity of a request, by which an owner recognises a repeat: who made it, and the
 * how-many-eth it was.
 *
 * @param origin incarnation of the calling member, or half of the hash of a name given by the user
 * @param sequence counts the origin's requests, or the other half of the hash
 */
public record RequestId(long origin, long sequence) {

    /** Of entries that no request caused, such as the opening of an epoch. */
    public static final RequestId NONE = new RequestId(0, 0);

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    /**
     * The identity of a request its caller named: 128 bits of hash, equal for equal names
     * everywhere.
     */
    public static RequestId named(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        return new RequestId(hash(bytes, 0x5bd1e995L), hash(bytes, 0x9e3779b97f4a7c15L));
    }

    public boolean isNone() {
        return origin == 0 && sequence == 0;
    }

    private static long hash(byte[] bytes, long seed) {
        long hash = FNV_OFFSET ^ seed;
        for (byte b : bytes) {
            hash = (hash ^ (b & 0xff)) * FNV_PRIME;
            hash ^= hash >>> 29;
        }
        hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
        return hash ^ (hash >>> 33);
    }

    @Override
    public String toString() {
        return Long.toHexString(origin) + "-" + Long.toHexString(sequence);
    }
}
