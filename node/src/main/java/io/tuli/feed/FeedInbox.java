package io.tuli.feed;

import io.tuli.Overflow;
import io.tuli.log.EntryReader;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What one feed has fetched and not consumed. Filled by all loops of a service, emptied by one
 * consumer; nobody ever waits here. Bounded by a number of changes and by {@value #BYTES_MAX}
 * bytes, each of which one item may exceed, so that an item of any size gets through.
 */
final class FeedInbox {

    static final long BYTES_MAX = 4L << 20;

    private final int limit;
    private final boolean frees;
    private final ConcurrentLinkedQueue<Item> items = new ConcurrentLinkedQueue<>();
    private final AtomicInteger changes = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    // The consumer's alone.
    private final EntryReader reader = new EntryReader();
    private @Nullable Item run;
    private int unpacked;

    FeedInbox(int limit, Overflow overflow) {
        this.limit = limit;
        this.frees = overflow == Overflow.DROP_OLDEST;
    }

    /** Whether an item would be taken now. */
    boolean hasRoom() {
        return changes.get() < limit && bytes.get() < BYTES_MAX;
    }

    /** What has been fetched and not consumed. */
    int changes() {
        return changes.get();
    }

    /** Of how many changes the next run may be. */
    int room() {
        return hasRoom() ? limit - changes.get() : 0;
    }

    /** Whether so much is free that fetching is worth a task on a loop. */
    boolean isLow() {
        return changes.get() <= limit / 2 && bytes.get() <= BYTES_MAX / 2;
    }

    boolean isEmpty() {
        return items.isEmpty();
    }

    /** Takes the item unless there is no room. */
    boolean offer(Item item) {
        int before;
        do {
            before = changes.get();
            boolean isTooLong = item.kind == Item.Kind.RUN && before + item.changes() > limit;
            if (before >= limit || isTooLong || bytes.get() >= BYTES_MAX) {
                return false;
            }
        } while (!changes.compareAndSet(before, before + item.changes()));
        bytes.addAndGet(item.sizeBytes);
        items.add(item);
        return true;
    }

    /**
     * The oldest item, which counts until {@link #release}, or null if there is none. The entries
     * of a run come one by one, each the item that it would have been by itself.
     */
    @Nullable Item poll() {
        if (run != null) {
            return unpacked(run);
        }
        Item item = items.poll();
        if (item != null && item.kind == Item.Kind.RUN) {
            run = item;
            unpacked = 0;
            return unpacked(item);
        }
        if (item != null && frees) {
            free(item);
        }
        return item;
    }

    private Item unpacked(Item from) {
        from.entries.read(unpacked, reader);
        unpacked++;
        boolean isLast = unpacked == from.entries.size();
        if (isLast) {
            run = null;
        }
        return from.one(reader, isLast);
    }

    /** The consumer has done with a polled item. */
    void release(Item item) {
        if (!frees) {
            free(item);
        }
    }

    /** Takes out the oldest item if it is an entry; null if it must stay, or somebody has it. */
    @Nullable Item dropOldest() {
        Item oldest = items.peek();
        if (oldest == null || oldest.kind != Item.Kind.ENTRY || !items.remove(oldest)) {
            return null;
        }
        free(oldest);
        return oldest;
    }

    /** Forgets everything: the feed has ended. */
    void clear() {
        items.clear();
    }

    private void free(Item item) {
        changes.addAndGet(-item.changes());
        bytes.addAndGet(-item.sizeBytes);
    }
}
