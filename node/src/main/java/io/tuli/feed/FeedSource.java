package io.tuli.feed;

import io.tuli.Limits;
import io.tuli.LogPosition;
import io.tuli.hold.Acks;
import io.tuli.log.Entries;
import io.tuli.log.Entry;
import io.tuli.log.Extras.GroupPlace;
import io.tuli.log.PartitionState;
import io.tuli.protocol.Input;
import io.tuli.spin.LoopExecutor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The local replica of one service, as feeds read it. A port: except for those of {@link
 * LoopExecutor} and {@link #service}, methods are called on the partition's loop only, and must not
 * block.
 *
 * <p>Only committed and applied entries are visible: the log below ends at {@link #applied}.
 */
public interface FeedSource extends LoopExecutor, Acks.Clock {

    /** The service's name, for messages. Any thread. */
    String service();

    /** Whether the replica is the owner's, or has caught up with it. */
    boolean isInSync(int partition);

    /** The place after the last entry applied; what {@link #state} shows. */
    LogPosition applied(int partition);

    /** The place before the oldest entry still in the changelog. */
    LogPosition logStart(int partition);

    /** Where each epoch of the changelog began, those of trimmed entries included. */
    List<LogPosition> epochs(int partition);

    /** Whether the place lies in the changelog, from its start to applied, in this very lineage. */
    boolean contains(int partition, LogPosition place);

    /**
     * Whether the changelog, which does not contain the place, may yet come to: it is of the epoch
     * applied last or of a later one. Of a lineage that was given up it may be all the same.
     */
    boolean mayReach(int partition, LogPosition place);

    /**
     * Applied entries from an offset between start and applied on, oldest first: at most {@code
     * countMax}, and about {@code bytesMax} bytes but at least one; empty at the end. The list is
     * the caller's.
     */
    List<Entry> entriesFrom(int partition, long offset, int countMax, int bytesMax);

    /**
     * The same as bytes, where each entry is one edit and they lie together; empty where that is
     * not known at a glance, and at the end.
     */
    Entries singlesFrom(int partition, long offset, int countMax);

    /** Says something of a reader of a group to the core of a loop; on that loop alone. */
    void step(int loop, Input.OfReader input);

    /** How far a group is, as the replica's committed changelog says; null if it is unknown. */
    default @Nullable GroupPlace group(int partition, String name) {
        return null;
    }

    /** What groups of readers may take. Any thread. */
    default Limits.Groups groups() {
        return Limits.Groups.DEFAULT;
    }

    /** A monotonic clock. Any thread. */
    @Override
    default long nanoTime() {
        return System.nanoTime();
    }

    /** The wall clock, in milliseconds since 1970. Any thread. */
    @Override
    default long wallMillis() {
        return System.currentTimeMillis();
    }

    /** Events that a feed asked for may be between two places, and cannot be told any more. */
    void eventsLost(int partition, LogPosition from, LogPosition to);

    /** Who is told of that. */
    @FunctionalInterface
    interface Loss {
        void eventsLost(int partition, LogPosition from, LogPosition to);
    }

    /** The documents as of {@link #applied}. */
    PartitionState state(int partition);
}
