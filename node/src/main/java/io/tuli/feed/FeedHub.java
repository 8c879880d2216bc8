package io.tuli.feed;

import io.tuli.LogPosition;
import io.tuli.log.SourceMark;
import io.tuli.protocol.Observer.Reading;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * How far one service's local replica is, for those that follow it: notes it and wakes them.
 *
 * <p>The member makes one per service before the replica applies anything, and calls {@link
 * #applied}, {@link #reset} and {@link #tick} on the partition's loop; they only take notes, and
 * may be called from within a step of the core. The other methods are for any thread.
 */
public final class FeedHub {

    private final FeedSource source;
    private final HubLoop[] loops;
    private final BitSet[] unsynced;
    private final AtomicReferenceArray<LogPosition> synced;
    private final AtomicReferenceArray<LogPosition> replaced;
    private final AtomicReferenceArray<LogPosition> last;
    private final AtomicInteger folds = new AtomicInteger();
    private final AtomicLong readers = new AtomicLong();

    public FeedHub(FeedSource source) {
        this.source = source;
        this.loops = new HubLoop[source.loops()];
        this.unsynced = new BitSet[source.loops()];
        for (int loop = 0; loop < loops.length; loop++) {
            loops[loop] = new HubLoop(source, loop);
            unsynced[loop] = new BitSet();
        }
        for (int partition = 0; partition < source.partitions(); partition++) {
            unsynced[source.loopOf(partition)].set(partition);
        }
        this.synced = new AtomicReferenceArray<>(source.partitions());
        this.replaced = new AtomicReferenceArray<>(source.partitions());
        this.last = new AtomicReferenceArray<>(source.partitions());
    }

    // ---- on the partition's loop ---------------------------------------------------------------

    /** Entries from an offset up to a place have been applied to the partition's state. */
    public void applied(int partition, long from, LogPosition end) {
        int loop = source.loopOf(partition);
        if (unsynced[loop].get(partition)) {
            LogPosition before = lastPlace(partition);
            noteSync(loop, partition, before.offset() == from ? before : end);
        }
        last.setRelease(partition, end);
        loops[loop].applied(partition);
    }

    /** An entry that is being applied moves these marks. */
    public void marked(int partition, List<SourceMark> marks) {
        loops[source.loopOf(partition)].marked(partition, marks);
    }

    /** A reader of a group here is told something about a partition. */
    public void reading(int partition, Reading told) {
        loops[source.loopOf(partition)].reading(partition, told);
    }

    /** The partition's state was replaced by the one at that place. */
    public void reset(int partition, LogPosition at) {
        int loop = source.loopOf(partition);
        replaced.set(partition, at);
        last.set(partition, null);
        noteSync(loop, partition, at);
        loops[loop].replaced(partition);
    }

    /**
     * The offset from which on the partition's entries are needed here: by folds, which are never
     * to miss one; a feed waits in what there is. For whoever trims the changelog.
     */
    public long neededFrom(int partition) {
        return loops[source.loopOf(partition)].neededFrom(partition);
    }

    /** For every tick of the loop; costs nearly nothing where nobody waits for anything. */
    public void tick(int loop, long nowNanos) {
        look(loop);
        loops[loop].tick(nowNanos);
    }

    /** Looks whether partitions have come into sync. Costs nothing once all have been. */
    public void look(int loop) {
        BitSet waiting = unsynced[loop];
        for (int p = waiting.nextSetBit(0); p >= 0; p = waiting.nextSetBit(p + 1)) {
            LogPosition applied = source.applied(p);
            if (!applied.equals(lastPlace(p))) {
                replaced.set(p, applied);
                last.set(p, null);
            }
            noteSync(loop, p, applied);
        }
    }

    private void noteSync(int loop, int partition, LogPosition place) {
        if (unsynced[loop].get(partition) && source.isInSync(partition)) {
            unsynced[loop].clear(partition);
            synced.set(partition, place);
            loops[loop].synced(partition, place);
        }
    }

    // ---- on any thread -------------------------------------------------------------------------

    /** Whether the partition's replica has been in sync. */
    public boolean hasSynced(int partition) {
        return synced.get(partition) != null;
    }

    /** The place after the last entry this hub was told of. */
    @SuppressWarnings("NullAway") // elements are null until set
    LogPosition lastPlace(int partition) {
        LogPosition place = last.getAcquire(partition);
        LogPosition at = place == null ? replaced.get(partition) : place;
        return at == null ? LogPosition.START : at;
    }

    public FeedSource source() {
        return source;
    }

    public void attach(Tap tap, int loop) {
        source.execute(loop, () -> loops[loop].attach(tap));
    }

    public void detach(Tap tap, int loop) {
        source.execute(loop, () -> loops[loop].detach(tap));
    }

    /** The number of another reader of a group. */
    long nextReader() {
        return readers.incrementAndGet();
    }

    /** How many folds read here. */
    int folds() {
        return folds.get();
    }

    public void foldBegan() {
        folds.incrementAndGet();
    }

    public void foldEnded() {
        folds.decrementAndGet();
    }
}
