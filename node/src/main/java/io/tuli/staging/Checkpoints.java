package io.tuli.staging;

import io.tuli.storage.Journal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Keeps a journal from growing for ever. When it is longer than it may be, the partitions that need
 * its oldest segment are given anew, a few at a time: by their loops where they are open, from the
 * journal itself where they are not. Then that segment is let go of. One thread: the disk's.
 */
final class Checkpoints {

    /** So many partitions are given anew at once. */
    private static final int AT_ONCE = 4;

    /** A partition that was not given by then may have been closed meanwhile. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final int STATES_LEAST = 2;
    private static final int STATES_UNLESS_SAID = 3;
    private static final long SEGMENTS_LEAST = 4;

    private final Journal journal;
    private final Needs needs;
    private final DiskBounds bounds;
    private final DiskListener listener;

    /** Those that were asked for, and since when. */
    private final Map<Long, Long> asked = new HashMap<>();

    private boolean isDue = true;
    private long dropped;

    Checkpoints(Journal journal, Needs needs, DiskBounds bounds, DiskListener listener) {
        this.journal = journal;
        this.needs = needs;
        this.bounds = bounds;
        this.listener = listener;
    }

    /** That was written; no part of it lies before that segment. */
    void written(List<Replaced> replaced, long segment) {
        for (Replaced each : replaced) {
            needs.replaced(each, segment);
            if (each.isWhole()) {
                asked.remove(each.key());
                isDue = true;
            }
        }
    }

    /** Another segment was begun. */
    void begun() {
        isDue = true;
    }

    /** Whether something is on its way that makes room when it is done: it may take the reserve. */
    boolean makesRoom() {
        return !asked.isEmpty() || (isDue && journal.bytes() > bytesMost());
    }

    /** How many segments were let go of. */
    long dropped() {
        return dropped;
    }

    /** Twice what there is, or nothing would ever be enough. */
    private long bytesMost() {
        long state = needs.bytes();
        long said =
                bounds.journalBytes() > 0
                        ? bounds.journalBytes()
                        : Math.max(bounds.journalBytesLeast(), STATES_UNLESS_SAID * state);
        return Math.max(said, STATES_LEAST * state + SEGMENTS_LEAST * bounds.segmentBytes());
    }

    /** What of the disk's thread it takes. */
    interface Work {

        /** Makes all that was written last. */
        void sync();

        /**
         * Puts once more what there is of those partitions; none is open.
         *
         * @param needs is told where they are now
         */
        void move(Set<Long> partitions, Needs needs);
    }

    /** Does what there is to do, and no more than a little. */
    void advance(long now, Work work) {
        isDue |= asked.values().removeIf(since -> now - since > PATIENCE_NANOS);
        if (!isDue) {
            return;
        }
        isDue = false;
        long oldest = needs.oldest(journal.segment());
        if (oldest > journal.firstSegment()) {
            work.sync(); // what is there instead is there for good
            dropped += oldest - journal.firstSegment();
            journal.dropBefore(oldest);
        }
        if (journal.bytes() > bytesMost() && oldest < journal.segment()) {
            renew(oldest, now, work);
        }
    }

    private void renew(long oldest, long now, Work work) {
        Set<Long> closed = new HashSet<>();
        List<Long> wanted = new ArrayList<>(needs.upTo(oldest));
        wanted.removeAll(asked.keySet());
        for (long key : wanted) {
            boolean isOpen = listener.isOpen(Replaced.serviceOf(key), Replaced.partitionOf(key));
            if (!isOpen) {
                closed.add(key);
            } else if (asked.size() < AT_ONCE) {
                asked.put(key, now);
                listener.keepAnew(Replaced.serviceOf(key), Replaced.partitionOf(key));
            }
        }
        if (!closed.isEmpty()) {
            work.move(closed, needs);
            isDue = true;
        }
    }

    /** When there is something to do, unless something is written before. */
    long dueAt(long now) {
        if (isDue) {
            return now;
        }
        return asked.isEmpty() ? Long.MAX_VALUE / 4 : now + PATIENCE_NANOS;
    }
}
