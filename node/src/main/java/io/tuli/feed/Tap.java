package io.tuli.feed;

import io.tuli.LogPosition;
import io.tuli.log.SourceMark;
import io.tuli.protocol.Observer.Reading;
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

    /** Something about a partition, for a reader of a group; may come within a step of the core. */
    default void reading(int partition, Reading told) {}

    /** From now on it is told nothing. */
    default void detached() {}

    /** Time has passed, by a monotonic clock. */
    default void tick(long nowNanos) {}

    /** All that progressed since the last turn has been told. */
    void turn();

    /** What a feed has on one loop. */
    interface Part extends Tap {

        /** Asks one that is starved to go on. Any thread. */
        void refill();

        /** Whether the loop runs, so that what is read is still to be read here. Any thread. */
        default boolean isAlive() {
            return true;
        }
    }
}
