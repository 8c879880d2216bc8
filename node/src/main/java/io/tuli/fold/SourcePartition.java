package io.tuli.fold;

import io.tuli.Epoch;
import io.tuli.LogPosition;
import io.tuli.log.Consumed;
import io.tuli.log.SourceMark;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One partition of a fold's source: for each target partition owned here, the place up to which it
 * has been looked at for it. All share one pass over the changelog; whoever is behind - because it
 * was gained later, or was full - is caught up with first, and then goes along with the others. On
 * the fold's thread.
 */
final class SourcePartition {

    private static final int FAMILY_MAX = 4_096;

    final int number;
    private final LogPosition[] looked;
    private final Consumed[] posted;

    /** Where each epoch of the changelog began that was read last. */
    private List<LogPosition> epochs = List.of();

    private final BitSet hasParted = new BitSet();

    /** The epochs of all changelogs seen of the source since it began, or began anew. */
    private final Set<Epoch> family = new HashSet<>();

    /** Targets that have consumed of a source that is no more. */
    private final BitSet begunAnew = new BitSet();

    /** There may be something to read. */
    boolean isWanted;

    boolean isReading;

    /** Entries and bytes looked at since watermarks were last written. */
    int entriesUnmarked;

    long bytesUnmarked;

    /** Where the changelog began when it was last found not to reach back; told once. */
    LogPosition startTold = LogPosition.START;

    /** The epoch of which it was last told that it cannot be folded exactly. */
    Epoch epochTold = Epoch.ZERO;

    SourcePartition(int number, int targets) {
        this.number = number;
        this.looked = new LogPosition[targets];
        this.posted = new Consumed[targets];
    }

    /** Begins to follow for a target that has consumed so much. */
    void gained(int target, Consumed consumed) {
        posted[target] = consumed;
        looked[target] = consumed.place();
        notePart(target);
    }

    /**
     * The changelog went through these epochs, up to a place. Targets that stand where it does not
     * - it is another one since a split, or not there yet - go on from what they have consumed of
     * it.
     *
     * @return whether there are such
     */
    @SuppressWarnings("NullAway") // a target that is not ours has no place
    boolean read(List<LogPosition> of, LogPosition end) {
        if (of.isEmpty()) {
            return false;
        }
        boolean isOther = !of.equals(epochs);
        boolean hasMoved = false;
        epochs = of;
        if (isOther) {
            meet(of);
        }
        for (int target = 0; target < looked.length; target++) {
            if (looked[target] != null && !isIn(looked[target], end)) {
                looked[target] = posted[target].placeIn(epochs, end);
                hasMoved = true;
            }
            if (isOther) {
                notePart(target);
            }
        }
        return hasMoved;
    }

    /**
     * A changelog that has an epoch in common with what was seen before belongs together with it.
     */
    private void meet(List<LogPosition> of) {
        boolean isOfFamily = of.stream().anyMatch(start -> family.contains(start.epoch()));
        if (!isOfFamily || family.size() > FAMILY_MAX) {
            family.clear();
        }
        of.forEach(start -> family.add(start.epoch()));
    }

    /**
     * Those for which the source has begun anew, each once: all its servers were restarted, so all
     * of the changelog, which is known from its beginning, is new to them.
     */
    BitSet takeBegunAnew() {
        BitSet taken = (BitSet) begunAnew.clone();
        begunAnew.clear();
        return taken;
    }

    /** Says that the changelog has begun anew. */
    SourceMark beginning(int service) {
        return Consumed.beginning(service, number, epochs.getFirst().epoch());
    }

    private boolean isIn(LogPosition place, LogPosition end) {
        long until = end.offset();
        for (int i = epochs.size() - 1; i >= 0; i--) {
            if (epochs.get(i).epoch().equals(place.epoch())) {
                return place.offset() <= until;
            }
            until = Math.min(until, epochs.get(i).offset());
        }
        return place.offset() == 0;
    }

    /**
     * Whether the target has consumed entries of another changelog: of a request that both sides of
     * a split executed, there may be one entry here and one there.
     */
    @SuppressWarnings("NullAway") // a target that is not ours has consumed nothing
    private void notePart(int target) {
        Consumed consumed = posted[target];
        hasParted.set(target, consumed != null && !consumed.isOf(epochs));
        begunAnew.set(
                target,
                consumed != null
                        && !consumed.isNothing()
                        && !epochs.isEmpty()
                        && epochs.getFirst().offset() == 0
                        && consumed.isNoneOf(family));
    }

    boolean hasParted(int target) {
        return hasParted.get(target);
    }

    /** The changelog begins here: those that are behind go on from there; true if any is. */
    @SuppressWarnings("NullAway") // a target that is not ours has no place
    boolean beginsAt(LogPosition start) {
        boolean isAnyLate = false;
        for (int target = 0; target < looked.length; target++) {
            if (looked[target] != null && looked[target].offset() < start.offset()) {
                looked[target] = start;
                isAnyLate = true;
            }
        }
        return isAnyLate;
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
            if (looked[t].offset() > place.offset()) {
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
    boolean isNew(int target, List<SourceMark> marks) {
        return !posted[target].hasAny(marks);
    }

    /** Whether it is so old that it counts as given to the target, for want of a better reason. */
    boolean isForgotten(int target, List<SourceMark> marks) {
        Consumed given = posted[target];
        return marks.stream().anyMatch(given::isForgotten)
                && marks.stream().noneMatch(mark -> given.has(mark) && !given.isForgotten(mark));
    }

    void posted(int target, List<SourceMark> marks) {
        for (SourceMark mark : marks) {
            posted[target] = posted[target].with(mark);
        }
    }

    /** How far it has been looked at for the target, if that is further than it was told. */
    @Nullable SourceMark unmarked(int service, int target) {
        SourceMark mark = new SourceMark(service, number, looked[target], SourceMark.ALL);
        return mark.position().offset() == 0 || posted[target].has(mark) ? null : mark;
    }
}
