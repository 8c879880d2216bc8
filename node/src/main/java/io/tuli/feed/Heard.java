package io.tuli.feed;

import io.tuli.Epoch;
import io.tuli.LogPosition;
import io.tuli.RequestId;
import io.tuli.log.Entry;
import io.tuli.log.SourceMark;
import io.tuli.machine.MergedMarks;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a feed of events has heard of one partition, so that each event comes once although the
 * changelog becomes another one: after a split that of the other side, which has what only this
 * side had as merged entries.
 *
 * <p>An entry was heard if its own place was, or one it comes from; or if its request is one of the
 * latest heard, because what both sides executed is two entries and is one after the merge.
 *
 * <p>Bound: {@value #REQUESTS} requests, and as many epochs as {@link MergedMarks} keep. One
 * thread.
 */
final class Heard {

    /** Of so many entries with events the requests are known. */
    static final int REQUESTS = 256;

    private final MergedMarks marks = new MergedMarks();

    /** Origin and sequence of each; made when there is one. */
    private long[] requests = {};

    private int told;

    /** Where each epoch of the changelog began that is followed now; none before the first look. */
    private List<LogPosition> lineage = List.of();

    private boolean hasParted;

    /** Whether the changelog that ends in an epoch is the one it was at the last look. */
    boolean isIn(Epoch epoch) {
        return !lineage.isEmpty() && lineage.getLast().epoch().equals(epoch);
    }

    /** The changelog that is followed has these epochs: all before the feed's place counts. */
    void follows(List<LogPosition> epochs) {
        lineage = epochs;
    }

    /** An entry is passed: its events have been told, as far as they are wanted. */
    void passed(Entry entry) {
        for (SourceMark mark : entry.marks()) {
            if (mark.isOfMerge()) {
                marks.add(mark);
            }
        }
        if (!entry.extras().events().isEmpty() && !entry.id().isNone()) {
            if (requests.length == 0) {
                requests = new long[2 * REQUESTS];
            }
            int at = 2 * (told++ % REQUESTS);
            requests[at] = entry.id().origin();
            requests[at + 1] = entry.id().sequence();
        }
    }

    /** Whether the events of an entry were told. */
    boolean has(Entry entry) {
        if (!hasParted) {
            return false;
        }
        boolean isHeard = marks.has(entry.position()) || hasRequest(entry.id());
        for (SourceMark mark : entry.marks()) {
            isHeard |= mark.isOfMerge() && marks.has(mark.position());
        }
        return isHeard;
    }

    private boolean hasRequest(RequestId id) {
        for (int i = 0; i < requests.length; i += 2) {
            if (requests[i] == id.origin() && requests[i + 1] == id.sequence()) {
                return !id.isNone();
            }
        }
        return false;
    }

    /**
     * The changelog is another one, or reaches back to the place no more: where to go on in the one
     * there is, which may be trimmed there. Null if that cannot be told, because nothing is known
     * of the one that the place was in.
     *
     * @param place up to where the one before was heard
     * @param epochs where each epoch of the one there is began
     * @param end of that one
     */
    @Nullable LogPosition goOn(LogPosition place, List<LogPosition> epochs, long end) {
        hasParted = true;
        boolean isFollowed = !lineage.isEmpty();
        List<LogPosition> before = isFollowed ? lineage : until(place, epochs);
        for (int i = 0; i < before.size(); i++) {
            boolean isLast = i + 1 == before.size();
            long until = isLast ? place.offset() : before.get(i + 1).offset();
            note(before.get(i).epoch(), Math.min(until, place.offset()));
        }
        boolean isKnown = isFollowed || !before.isEmpty() || place.equals(LogPosition.START);
        return isKnown ? placeIn(epochs, end) : null;
    }

    /** The epochs up to that of a place; none if it is not among them. */
    private static List<LogPosition> until(LogPosition place, List<LogPosition> epochs) {
        for (int i = 0; i < epochs.size(); i++) {
            if (epochs.get(i).epoch().equals(place.epoch())) {
                return epochs.subList(0, i + 1);
            }
        }
        return List.of();
    }

    private void note(Epoch epoch, long offset) {
        marks.add(new SourceMark(0, 0, new LogPosition(epoch, offset), SourceMark.MERGED));
    }

    /** After what was heard of the newest epoch of which something was. */
    private LogPosition placeIn(List<LogPosition> epochs, long end) {
        long until = end;
        for (int i = epochs.size() - 1; i >= 0; i--) {
            LogPosition start = epochs.get(i);
            long heard = marks.endOf(start.epoch());
            if (heard > start.offset()) {
                return new LogPosition(start.epoch(), Math.min(heard, until));
            }
            until = start.offset();
        }
        return LogPosition.START;
    }
}
