package io.tuli.protocol;

import io.tuli.Partitioner;
import io.tuli.ServiceConfig.MergePolicy;
import io.tuli.error.Require;
import java.nio.charset.StandardCharsets;

/**
 * What a core must know of a service.
 *
 * @param number see {@link #numberOf}
 * @param name its address
 * @param partitions how many; 0 where the service has no state
 * @param isServed whether this member may own partitions of it; otherwise it only follows
 * @param partitioner what keys are placed by; never throws
 * @param merge what becomes of conflicting writes after a split
 * @param isChecked whether its owner commits only documents that {@link Host#unreadable} lets pass
 * @param keepsBefore whether its owner's entries have the values before
 * @param expireAfterMillis after so long its owner takes a document out that nobody has changed; 0
 *     for never
 * @param syncMillis {@link #NOT_KEPT} where nothing of it is kept in a journal; 0 where a copy
 *     counts when it is synced; else it counts when it is written, and is synced within so long
 */
public record ServiceSpec(
        int number,
        String name,
        int partitions,
        boolean isServed,
        Partitioner partitioner,
        MergePolicy merge,
        boolean isChecked,
        boolean keepsBefore,
        long expireAfterMillis,
        long syncMillis) {

    public static final long NOT_KEPT = -1;

    /** Without the values before, and of documents that stay. */
    public ServiceSpec(
            int number,
            String name,
            int partitions,
            boolean isServed,
            Partitioner partitioner,
            MergePolicy merge,
            boolean isChecked) {
        this(number, name, partitions, isServed, partitioner, merge, isChecked, false, 0, NOT_KEPT);
    }

    /** With the default merge policy; documents of every kind. */
    public ServiceSpec(
            int number, String name, int partitions, boolean isServed, Partitioner partitioner) {
        this(number, name, partitions, isServed, partitioner, MergePolicy.LAST_WRITE_WINS, false);
    }

    public ServiceSpec {
        Require.argument(
                number == numberOf(name), "a service's number follows from its name", name);
    }

    /**
     * Whether what this member has of it is kept in its journal. Who only uses it keeps nothing.
     */
    public boolean isKept() {
        return isServed && syncMillis != NOT_KEPT;
    }

    /** Whether a copy counts only when it is synced. */
    public boolean isSynced() {
        return syncMillis == 0;
    }

    /** Whether there is nothing to own, to replicate or to hold. */
    public boolean isStateless() {
        return partitions == 0;
    }

    /**
     * The number a service has on the wire: a hash of its name, so that members need not agree on
     * one first. Two names with one number cannot be in one mesh; whoever comes second is refused.
     */
    public static int numberOf(String name) {
        return (int) hash(name);
    }

    /** The partition of a top-level key. */
    public int partitionOf(String topLevelKey) {
        long hash = hash(partitioner.placeOf(topLevelKey));
        int mask = partitions - 1;
        // The same, but for the division, where the number is a power of two, as it mostly is.
        return (partitions & mask) == 0
                ? (int) hash & mask
                : (int) Long.remainderUnsigned(hash, partitions);
    }

    /** FNV-1a of the text in UTF-8, and the finish of MurmurHash3. */
    private static long hash(String text) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                return finish(hashRest(hash, text.substring(i)));
            }
            hash = (hash ^ c) * 0x100000001b3L;
        }
        return finish(hash);
    }

    private static long hashRest(long begun, String text) {
        long hash = begun;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
        }
        return hash;
    }

    private static long finish(long begun) {
        long hash = (begun ^ (begun >>> 33)) * 0xff51afd7ed558ccdL;
        hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return hash ^ (hash >>> 33);
    }
}
