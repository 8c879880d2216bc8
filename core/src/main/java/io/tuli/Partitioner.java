package io.tuli;

/**
 * Chooses what a key is placed by: keys with the same answer share a partition, are handled one at
 * a time, and may be edited in one turn - in this service, and side by side with those of other
 * services of as many partitions. A pure function, the same on every member.
 */
@FunctionalInterface
public interface Partitioner {

    /** Each top-level key by itself. */
    Partitioner TOP_LEVEL = topLevelKey -> topLevelKey;

    /** The text to place the key by. */
    String placeOf(String topLevelKey);
}
