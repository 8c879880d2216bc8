package io.tuli.feed;

import io.tuli.LogPosition;
import io.tuli.Position;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Where a feed stands in each partition, so that another can go on from there.
 *
 * <p>While items of a partition are pending, that is the place of the last one consumed; with none
 * pending it is as far as the cursor has looked, beyond entries that nobody wanted. A cursor counts
 * an item before it can be seen and moves its place after, and a reader looks at the two in the
 * opposite order: so it never reports a place with an undelivered item before it.
 */
final class FeedPositions {

    private final AtomicIntegerArray pending;
    private final AtomicReferenceArray<LogPosition> fetched;
    private final AtomicReferenceArray<LogPosition> consumed;

    FeedPositions(LogPosition[] starts) {
        pending = new AtomicIntegerArray(starts.length);
        fetched = new AtomicReferenceArray<>(starts);
        consumed = new AtomicReferenceArray<>(starts);
    }

    /** The cursor is about to hand over an item. On the partition's loop. */
    void offering(int partition) {
        if (pending.get(partition) == 0) {
            consumed.set(partition, fetched.get(partition));
        }
        pending.incrementAndGet(partition);
    }

    /** On the consumer's thread: an entry of a run, which is not the last. */
    void passed(Item item) {
        consumed.setRelease(item.partition, item.position);
    }

    /** There was no room for it, or it was dropped. */
    void withdrawn(int partition) {
        pending.decrementAndGet(partition);
    }

    /** The cursor has looked at everything before that place. On the partition's loop. */
    void fetched(int partition, LogPosition place) {
        fetched.setRelease(partition, place);
    }

    /** On the consumer's thread. */
    void consumed(Item item) {
        consumed.set(item.partition, item.position);
        pending.decrementAndGet(item.partition);
    }

    LogPosition of(int partition) {
        LogPosition reached = fetched.get(partition);
        return pending.get(partition) == 0 ? reached : consumed.get(partition);
    }

    Position position() {
        SortedMap<Integer, LogPosition> all = new TreeMap<>();
        for (int partition = 0; partition < pending.length(); partition++) {
            all.put(partition, of(partition));
        }
        return Position.exact(all);
    }
}
