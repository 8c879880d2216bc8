package io.tuli.feed;

import io.tuli.LogPosition;
import io.tuli.log.SourceMark;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * One partition of a fold's source: for each target partition owned here, the place up to which it
 * has been looked at for it. All share one pass over the changelog; whoever is behind - because it
 * was gained later, or was full - is caught up with first, and then goes along with the others. On
 * the fold's thread.
 */
final class SourcePartition {

    final int number;
    private final LogPosition[] looked;
    private final SourceMark[] posted;

    /** There may be something to read. */
    boolean isWanted;

    boolean isReading;

    /** Entries and bytes looked at since watermarks were last written. */
    int entriesUnmarked;

    long bytesUnmarked;

    /** Where the changelog began when it was last found not to reach back; told once. */
    LogPosition startTold = LogPosition.START;

    SourcePartition(int number, int targets) {
        this.number = number;
        this.looked = new LogPosition[targets];
        this.posted = new SourceMark[targets];
    }

    /** Begins to follow for a target that has consumed up to the mark. */
    void gained(int target, @Nullable SourceMark consumed) {
        posted[target] = consumed == null ? noMark() : consumed;
        looked[target] = consumed == null ? LogPosition.START : placeToGoOn(consumed);
    }

    private SourceMark noMark() {
        return new SourceMark(0, number, LogPosition.START, SourceMark.ALL);
    }

    /**
     * After the entry, or before it when only some of its messages were handled: its epoch is that
     * of the entry before it too, because an epoch's first entry opens it and changes nothing.
     */
    private static LogPosition placeToGoOn(SourceMark mark) {
        LogPosition after = mark.position();
        if (mark.step() == SourceMark.ALL || after.offset() == 0) {
            return after;
        }
        return after.offset() == 1
                ? LogPosition.START
                : new LogPosition(after.epoch(), after.offset() - 1);
    }

    @SuppressWarnings("NullAway") // a target that is not ours has no place
    void lost(int target) {
        looked[target] = null;
        posted[target] = null;
    }

    /** The hindmost place of those that are in the set; null if there is none. */
    @Nullable LogPosition hindmost(BitSet targets) {
        LogPosition least = null;
        for (int t = targets.nextSetBit(0); t >= 0; t = targets.nextSetBit(t + 1)) {
            if (least == null || looked[t].compareTo(least) < 0) {
                least = looked[t];
            }
        }
        return least;
    }

    /** Those of the set that stand at the place. */
    BitSet at(LogPosition place, BitSet targets) {
        BitSet here = new BitSet();
        for (int t = targets.nextSetBit(0); t >= 0; t = targets.nextSetBit(t + 1)) {
            if (looked[t].equals(place)) {
                here.set(t);
            }
        }
        return here;
    }

    /** The next place after this one at which some of the set stand; its offset, or the largest. */
    long nextStand(LogPosition place, BitSet targets) {
        long next = Long.MAX_VALUE;
        for (int t = targets.nextSetBit(0); t >= 0; t = targets.nextSetBit(t + 1)) {
            if (looked[t].compareTo(place) > 0) {
                next = Math.min(next, looked[t].offset());
            }
        }
        return next;
    }

    void move(BitSet targets, LogPosition place) {
        targets.stream().forEach(target -> looked[target] = place);
    }

    void move(int target, LogPosition place) {
        looked[target] = place;
    }

    /** Whether the target has not been given this yet. */
    boolean isNew(int target, SourceMark mark) {
        return mark.isAfter(posted[target]);
    }

    void posted(int target, SourceMark mark) {
        posted[target] = mark;
    }

    /** How far it has been looked at for the target, if that is further than it was told. */
    @Nullable LogPosition unmarked(int target) {
        LogPosition place = looked[target];
        SourceMark last = posted[target];
        boolean isFurther = place.compareTo(last.position()) > 0;
        return isFurther ? place : null;
    }
}
