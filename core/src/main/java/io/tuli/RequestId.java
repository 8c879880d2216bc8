package io.tuli;

import io.tuli.error.Excerpt;
import io.tuli.error.Require;
import java.nio.charset.StandardCharsets;

/**
 * The identity of a request, by which an owner recognises a repeat: who made it, and the
 * how-many-eth it was; or a name given by the user. An id is one request's: with another key, verb
 * or body it is refused.
 *
 * <p>The two highest bits of the sequence say where an id is from. A numbered one, where the first
 * is 0, is good for the member alone that counted it; a named one (10) for every member; one that
 * follows from a handler's turn (11) cannot be given by users.
 *
 * @param origin incarnation of the calling member, or half of the hash of a name given by the user
 * @param sequence counts the origin's requests, or the other half of the hash
 */
public record RequestId(long origin, long sequence) implements Comparable<RequestId> {

    /** Of entries that no request caused, such as the opening of an epoch. */
    public static final RequestId NONE = new RequestId(0, 0);

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private static final int KIND_SHIFT = 62;
    private static final long NAMED = 0b10L << KIND_SHIFT;
    private static final long KIND = 0b11L << KIND_SHIFT;

    /**
     * The identity of a request its caller named: 126 bits of hash, equal for equal names
     * everywhere.
     *
     * @throws IllegalArgumentException where the name has half of a surrogate pair: it could not be
     *     told from others
     */
    public static RequestId named(String name) {
        Require.argument(
                Excerpt.isWhole(name), "a request's name has no half of a surrogate pair", name);
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        long sequence = hash(bytes, 0x9e3779b97f4a7c15L);
        return new RequestId(hash(bytes, 0x5bd1e995L), (sequence & ~KIND) | NAMED);
    }

    public boolean isNone() {
        return origin == 0 && sequence == 0;
    }

    /** Whether a user named it: then it is good wherever it comes from. */
    public boolean isNamed() {
        return (sequence & KIND) == NAMED;
    }

    /** Whether a member counted it. */
    public boolean isNumbered() {
        return sequence >= 0 && !isNone();
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
    public int compareTo(RequestId other) {
        int byOrigin = Long.compare(origin, other.origin);
        return byOrigin == 0 ? Long.compare(sequence, other.sequence) : byOrigin;
    }

    @Override
    public String toString() {
        return Long.toHexString(origin) + "-" + Long.toHexString(sequence);
    }
}
