package io.tuli.staging;

import io.tuli.protocol.Frame;
import java.util.Optional;

/**
 * A record by which a journal needs less of what it has of one partition, or is about to.
 *
 * @param isWhole whether all of a replica is there, from its first part on: what was kept of the
 *     partition before is not needed any more; otherwise it is the first part
 * @param parts in how many the replica has come, where it is whole; 0 if it is empty
 * @param bytes of the record
 */
record Replaced(int service, int partition, boolean isWhole, int parts, int bytes) {

    static Optional<Replaced> of(Frame.OfPartition record, int bytes) {
        return switch (record) {
            case Frame.SnapshotPart part ->
                    Optional.of(
                            new Replaced(
                                    part.service(), part.partition(), false, part.index(), bytes));
            case Frame.SnapshotTaken taken ->
                    Optional.of(
                            new Replaced(
                                    taken.service(),
                                    taken.partition(),
                                    true,
                                    taken.index(),
                                    bytes));
            default -> Optional.empty();
        };
    }

    /** The partition, as one number. */
    long key() {
        return keyOf(service, partition);
    }

    static long keyOf(int service, int partition) {
        return (long) service << Integer.SIZE | partition;
    }

    static int serviceOf(long key) {
        return (int) (key >> Integer.SIZE);
    }

    static int partitionOf(long key) {
        return (int) key;
    }
}
