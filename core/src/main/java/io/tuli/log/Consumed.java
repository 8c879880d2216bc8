package io.tuli.log;

import io.tuli.Epoch;
import io.tuli.LogPosition;
import io.tuli.error.Require;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a partition has consumed of one partition of another service: of each epoch of that one's
 * changelog, up to where. Immutable.
 *
 * <p>One place would do as long as the source's changelog only grows. After a split of the network
 * it may be another than the one consumed so far, and bring the rest of that one as merged entries,
 * which say where they come from. An entry that yields messages is consumed if its own place or one
 * it comes from is; since an epoch has one owner, "up to where" says that of all its entries.
 *
 * <p>Bound: the latest {@value #EPOCHS_MAX} epochs. Whether places of earlier ones were consumed is
 * forgotten, and so they count as consumed. Where the source has begun anew - all its servers were
 * restarted - its epochs begin anew, too, and may all be lower than those known: {@link #beginning}
 * says so.
 */
public final class Consumed {

    /** Of so many epochs it is known. */
    public static final int EPOCHS_MAX = 8;

    /** Nothing has been consumed. */
    public static final Consumed NOTHING = new Consumed(new SourceMark[0]);

    /**
     * One of each epoch, as they followed each other: the lowest first, but what begins anew after
     * all there was before.
     */
    private final SourceMark[] ends;

    private Consumed(SourceMark[] ends) {
        this.ends = ends;
    }

    /** That of one source partition. */
    public static Consumed of(List<SourceMark> marks) {
        Consumed consumed = NOTHING;
        for (SourceMark mark : marks) {
            consumed = consumed.with(mark);
        }
        return consumed;
    }

    /**
     * Says that a source partition has a changelog that began anew, with an epoch of which nothing
     * is consumed, whatever the numbers of the epochs known.
     */
    public static SourceMark beginning(int service, int partition, Epoch first) {
        return new SourceMark(service, partition, new LogPosition(first, 0), SourceMark.ALL);
    }

    /** That of a partition's own changelog, as {@link #places} has it. */
    public static Consumed ofPlaces(List<LogPosition> places) {
        Consumed consumed = NOTHING;
        for (LogPosition place : places) {
            consumed = place.offset() == 0 ? consumed : consumed.with(own(place));
        }
        return consumed;
    }

    /** All of a changelog whose epochs began so, up to a place between two entries of it. */
    public static Consumed upTo(List<LogPosition> starts, LogPosition place) {
        Consumed consumed = NOTHING;
        for (int i = 0; i < starts.size(); i++) {
            long end = i + 1 == starts.size() ? Long.MAX_VALUE : starts.get(i + 1).offset();
            long until = Math.min(end, place.offset());
            if (until > starts.get(i).offset()) {
                consumed = consumed.with(own(new LogPosition(starts.get(i).epoch(), until)));
            }
        }
        return consumed;
    }

    /** Of a partition's own changelog: which one that is need not be said. */
    private static SourceMark own(LogPosition place) {
        return new SourceMark(0, 0, place, SourceMark.ALL);
    }

    private static boolean isBeginning(SourceMark mark) {
        return mark.position().offset() == 0;
    }

    /** With all of the mark's epoch up to the mark. */
    public Consumed with(SourceMark mark) {
        Require.argument(!mark.isOfMerge(), "a mark of a fold says what is consumed", mark);
        int known = indexOf(mark.position().epoch());
        if (known >= 0) {
            if (!mark.isAfter(ends[known])) {
                return this;
            }
            SourceMark[] moved = ends.clone();
            moved[known] = mark;
            return new Consumed(moved);
        }
        return isForgotten(mark) ? this : with(mark, placeFor(mark));
    }

    /**
     * With all of an entry's epoch up to it, and of each from which a merge took it.
     *
     * @param entry the position after it
     * @param marks its own
     */
    public Consumed with(LogPosition entry, List<SourceMark> marks) {
        Consumed consumed = with(own(entry));
        for (SourceMark mark : marks) {
            if (mark.isOfMerge()) {
                consumed = consumed.with(own(mark.position()));
            }
        }
        return consumed;
    }

    /** With all that another has. */
    public Consumed with(Consumed other) {
        Consumed consumed = this;
        for (SourceMark mark : other.ends) {
            consumed = consumed.with(mark);
        }
        return consumed;
    }

    /** Whether it is known that the entry was consumed, wherever it was. */
    public boolean knows(LogPosition entry, List<SourceMark> marks) {
        if (isKnown(entry)) {
            return true;
        }
        for (SourceMark mark : marks) {
            if (mark.isOfMerge() && isKnown(mark.position())) {
                return true;
            }
        }
        return false;
    }

    private boolean isKnown(LogPosition position) {
        SourceMark end = end(position.epoch());
        return end != null && position.offset() <= end.position().offset();
    }

    /** Whether something was consumed of the epoch that begins there. */
    public boolean hasEpochOf(LogPosition start) {
        return end(start.epoch()) != null;
    }

    /** With the next of {@link #marks}, which follows those here already. */
    public Consumed restoring(SourceMark mark) {
        return with(mark, ends.length);
    }

    /** Before which of the epochs known that of the mark came. */
    private int placeFor(SourceMark mark) {
        int at = ends.length;
        while (at > 0 && !isBeginning(mark) && epoch(at - 1).isAfter(mark.position().epoch())) {
            at--;
        }
        return at;
    }

    private Consumed with(SourceMark mark, int at) {
        SourceMark[] more = new SourceMark[ends.length + 1];
        System.arraycopy(ends, 0, more, 0, at);
        more[at] = mark;
        System.arraycopy(ends, at, more, at + 1, ends.length - at);
        boolean isOver = more.length > EPOCHS_MAX;
        return new Consumed(isOver ? Arrays.copyOfRange(more, 1, more.length) : more);
    }

    private Epoch epoch(int index) {
        return ends[index].position().epoch();
    }

    public boolean isNothing() {
        return ends.length == 0;
    }

    /** Whether what the mark stands for was consumed; it counts so if that is forgotten. */
    public boolean has(SourceMark mark) {
        SourceMark end = end(mark.position().epoch());
        return end == null ? isForgotten(mark) : !mark.isAfter(end);
    }

    /** Whether any of these, which stand for one message, was consumed. */
    public boolean hasAny(List<SourceMark> marks) {
        for (SourceMark mark : marks) {
            if (has(mark)) {
                return true;
            }
        }
        return false;
    }

    /** Whether its epoch is so old that nothing is known about it. */
    public boolean isForgotten(SourceMark mark) {
        return ends.length == EPOCHS_MAX
                && placeFor(mark) == 0
                && indexOf(mark.position().epoch()) < 0;
    }

    private int indexOf(Epoch epoch) {
        int index = ends.length - 1;
        while (index >= 0 && !epoch(index).equals(epoch)) {
            index--;
        }
        return index;
    }

    private @Nullable SourceMark end(Epoch epoch) {
        int index = indexOf(epoch);
        return index < 0 ? null : ends[index];
    }

    /** Whether nothing was consumed of any of these epochs. */
    public boolean isNoneOf(Set<Epoch> epochs) {
        for (int i = 0; i < ends.length; i++) {
            if (epochs.contains(epoch(i))) {
                return false;
            }
        }
        return true;
    }

    /** The place to go on from if the source's changelog is the one consumed last. */
    public LogPosition place() {
        return ends.length == 0 ? LogPosition.START : placeAfter(ends[ends.length - 1]);
    }

    /**
     * The place to go on from in a changelog: what lies before it and concerns the consumer was
     * consumed, from whichever changelog.
     *
     * @param starts where each epoch of it began
     * @param end up to where it is committed
     */
    public LogPosition placeIn(List<LogPosition> starts, LogPosition end) {
        long until = end.offset();
        for (int i = starts.size() - 1; i >= 0; i--) {
            LogPosition start = starts.get(i);
            SourceMark consumed = start.offset() < until ? end(start.epoch()) : null;
            if (consumed != null) {
                boolean isBeyond = consumed.position().offset() > until;
                return isBeyond ? new LogPosition(start.epoch(), until) : placeAfter(consumed);
            }
            until = Math.min(until, start.offset());
        }
        return LogPosition.START;
    }

    /**
     * After the entry, or before it when only some of its messages were handled: its epoch is that
     * of the entry before it too, because an epoch's first entry opens it and changes nothing.
     */
    private static LogPosition placeAfter(SourceMark mark) {
        LogPosition after = mark.position();
        if (after.offset() == 0) {
            return LogPosition.START;
        }
        if (mark.step() == SourceMark.ALL) {
            return after;
        }
        return after.offset() == 1
                ? LogPosition.START
                : new LogPosition(after.epoch(), after.offset() - 1);
    }

    /**
     * Whether nothing was consumed but of the changelog whose epochs began so: otherwise another
     * one had parted from it.
     */
    public boolean isOf(List<LogPosition> starts) {
        int found = 0;
        for (int i = 0; i < starts.size(); i++) {
            SourceMark end = end(starts.get(i).epoch());
            boolean isLast = i + 1 == starts.size();
            if (end != null && (isLast || end.position().offset() <= starts.get(i + 1).offset())) {
                found++;
            }
        }
        return found == ends.length;
    }

    /** Of a partition's own changelog: as they are stored and sent. */
    public List<LogPosition> places() {
        return Arrays.stream(ends).map(SourceMark::position).toList();
    }

    /** As they are stored and sent. */
    public List<SourceMark> marks() {
        return List.of(ends);
    }

    @Override
    public String toString() {
        return Arrays.toString(ends);
    }
}
