package io.tuli.fold;

import io.tuli.LogPosition;
import io.tuli.feed.FeedHub;
import io.tuli.feed.Tap;
import io.tuli.log.SourceMark;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A fold's ear on one loop of its source: says which partitions progressed, each once until the
 * fold's thread has heard, and notes where their changelogs begin. Used on its loop alone.
 */
final class FoldSourceTap implements Tap {

    private final FeedHub hub;
    private final int loop;
    private final FoldMail mail;
    private final Starts starts;
    private final Folding folding;
    private final AtomicIntegerArray isTold;
    private long[] needed;

    FoldSourceTap(FeedHub hub, int loop, FoldMail mail, Starts starts, Folding folding) {
        this.hub = hub;
        this.loop = loop;
        this.mail = mail;
        this.starts = starts;
        this.folding = folding;
        this.isTold = new AtomicIntegerArray(hub.source().partitions());
        this.needed = new long[hub.source().partitions()];
    }

    @Override
    public void attached() {
        for (int partition = 0; partition < hub.source().partitions(); partition++) {
            if (hub.source().loopOf(partition) == loop) {
                progressed(partition);
            }
        }
    }

    @Override
    public void progressed(int partition) {
        if (hub.hasSynced(partition)) {
            starts.note(partition, hub.source().logStart(partition).offset());
        }
        if (isTold.compareAndSet(partition, 0, 1)) {
            mail.add(
                    () -> {
                        isTold.set(partition, 0);
                        folding.progressed(partition);
                    });
        }
    }

    /** The offsets, by partition, from which on entries are needed; all before it is told. */
    void need(long[] from) {
        needed = from;
    }

    @Override
    public long neededFrom(int partition) {
        return needed[partition];
    }

    @Override
    public void synced(int partition, LogPosition place) {}

    @Override
    public void replaced(int partition) {}

    @Override
    public void marked(int partition, List<SourceMark> marks) {}

    @Override
    public void turn() {}

    /** Where the changelogs of a fold's source begin on this member. Thread-safe. */
    static final class Starts {

        private static final long UNKNOWN = Long.MAX_VALUE;

        private final AtomicLongArray offsets;

        Starts(int partitions) {
            offsets = new AtomicLongArray(partitions);
            for (int partition = 0; partition < partitions; partition++) {
                offsets.set(partition, UNKNOWN);
            }
        }

        void note(int partition, long offset) {
            offsets.set(partition, offset);
        }

        /** Whether the partition is in sync and its changelog holds all from that offset on. */
        boolean reachBackTo(int partition, long offset) {
            return offsets.get(partition) <= offset;
        }
    }
}
