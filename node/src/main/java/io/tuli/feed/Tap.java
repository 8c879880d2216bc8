package io.tuli.feed;

import io.tuli.LogPosition;
import io.tuli.log.SourceMark;
import java.util.List;

/** What follows a replica's partitions of one loop; called on that loop alone. */
public interface Tap {

    /** From now on it is told. */
    void attached();

    /** Entries of this partition have been applied since the last turn, or its state replaced. */
    void progressed(int partition);

    /** The partition's replica is in sync for the first time, at that place. */
    void synced(int partition, LogPosition place);

    /** The partition's state was replaced as a whole. */
    void replaced(int partition);

    /** An entry of this partition moved these marks. */
    void marked(int partition, List<SourceMark> marks);

    /** The offset from which on it still needs the partition's entries. */
    default long neededFrom(int partition) {
        return Long.MAX_VALUE;
    }

    /** Time has passed, by a monotonic clock. */
    default void tick(long nowNanos) {}

    /** All that progressed since the last turn has been told. */
    void turn();
}
