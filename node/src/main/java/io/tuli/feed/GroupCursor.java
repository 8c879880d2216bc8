package io.tuli.feed;

import io.tuli.LogPosition;
import io.tuli.hold.Acks;
import io.tuli.hold.Hold;
import io.tuli.log.Consumed;
import io.tuli.log.Entry;
import io.tuli.log.Extras;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A group's place in one partition while a reader here holds it. Used on the partition's loop
 * alone.
 *
 * <p>What the group has consumed is known by the epochs in which it was appended, wherever it is in
 * the changelog that is there now: after a split that may be another one, which brings the rest as
 * merged entries. So an entry is passed over if it, or one it comes from, was consumed; and where
 * the changelog is another, it is gone on with from what is consumed of that. A changelog that does
 * not reach back to there leads to a RESET and the state.
 */
final class GroupCursor {

    private static final int SLICE_BYTES = 256 << 10;

    final Hold hold;

    private final FeedBuffer feed;
    private final FeedSource source;
    private final int partition;
    private Consumed seen;
    private LogPosition place = LogPosition.START;
    private boolean hasBegun;
    private boolean hasPassedOver;
    private int looked;
    private Overlap overlap = new Overlap();
    private @Nullable StateReading reading;

    /** What is consumed when the state has been read. */
    private Consumed stated = Consumed.NOTHING;

    /** When it was to stop. */
    long revokedNanos;

    /** Whether its loop has it in the queue. */
    boolean isQueued;

    GroupCursor(FeedBuffer feed, FeedSource source, int partition, Hold hold) {
        this.feed = feed;
        this.source = source;
        this.partition = partition;
        this.hold = hold;
        this.seen = hold.consumed();
    }

    int partition() {
        return partition;
    }

    /** Entries or keys the last fetch looked at. */
    int looked() {
        return looked;
    }

    /** The state was replaced: what was read of it so far is worth nothing. */
    void replaced() {
        reading = null;
    }

    /** What has been looked at is consumed, if nothing is under way; answers whether it is. */
    boolean hasSettled() {
        boolean hasSettled = reading == null && hold.hasSettled(seen, hasPassedOver);
        hasPassedOver &= !hasSettled;
        return hasSettled;
    }

    /** Fetches a slice into the feed's inbox. */
    Cursor.Fetched fetch() {
        looked = 0;
        Acks acks = hold.acks();
        if (acks != null && !acks.hasRoom()) {
            return Cursor.Fetched.DONE; // it is looked at again with the next tick
        }
        if (reading != null) {
            return read(reading);
        }
        if (!hasBegun && !source.isInSync(partition)) {
            return Cursor.Fetched.DONE;
        }
        LogPosition applied = source.applied(partition);
        if (!hasBegun) {
            hasBegun = true;
            place = seen.placeIn(source.epochs(partition), applied);
        }
        if (place.equals(applied)) {
            return Cursor.Fetched.DONE;
        }
        return source.contains(partition, place) ? follow(applied) : seek(applied);
    }

    // ---- following the changelog ---------------------------------------------------------------

    private Cursor.Fetched follow(LogPosition applied) {
        List<Entry> entries =
                source.entriesFrom(partition, place.offset(), Cursor.SLICE_ENTRIES, SLICE_BYTES);
        looked += entries.size();
        for (Entry entry : entries) {
            Consumed after = seen.with(entry.position(), entry.marks());
            Item.Told told = isKnown(entry) ? null : wanted(entry);
            if (told != null && !hasHandedOver(Item.entry(partition, entry, told), after)) {
                return feed.isOpen() ? Cursor.Fetched.FULL : Cursor.Fetched.DONE;
            }
            boolean isEmpty = entry.edits().isEmpty() && entry.extras().events().isEmpty();
            hasPassedOver |= told == null && !isEmpty;
            seen = after;
            place = entry.position();
            feed.places().fetched(partition, place);
        }
        boolean isAtEnd = place.offset() == applied.offset();
        return isAtEnd ? Cursor.Fetched.DONE : Cursor.Fetched.MORE;
    }

    private boolean isKnown(Entry entry) {
        Acks acks = hold.acks();
        return seen.knows(entry.position(), entry.marks())
                || (acks != null && acks.isSettled(entry.position(), entry.marks()));
    }

    private Item.@Nullable Told wanted(Entry entry) {
        Wanted wanted = feed.plan().wanted();
        List<Extras.Event> events = wanted.hasEvents() ? entry.extras().events() : List.of();
        return wanted.of(entry, new Item.Told(overlap.without(entry), events));
    }

    private boolean hasHandedOver(Item item, Consumed after) {
        feed.places().offering(partition);
        hold.offering();
        Acks acks = hold.acks();
        boolean isOfState = item.kind != Item.Kind.ENTRY;
        Acks.Taken taken =
                acks == null
                        ? null
                        : acks.take(isOfState ? LogPosition.START : item.position, after);
        if (feed.inbox().offer(item.of(hold, after, taken))) {
            return true;
        }
        if (acks != null && taken != null) {
            acks.withdraw(taken);
        }
        feed.places().withdrawn(partition);
        hold.withdrawn();
        return false;
    }

    // ---- where it is another -------------------------------------------------------------------

    private Cursor.Fetched seek(LogPosition applied) {
        List<LogPosition> epochs = source.epochs(partition);
        LogPosition found = seen.placeIn(epochs, applied);
        if (!found.equals(place) && source.contains(partition, found)) {
            place = found;
            return Cursor.Fetched.AGAIN;
        }
        LogPosition start = source.logStart(partition);
        if (found.offset() >= start.offset()) {
            return Cursor.Fetched.DONE; // it is yet to come
        }
        if (feed.plan().wanted().hasEvents()) {
            source.eventsLost(partition, found, start);
        }
        stated = seen.with(Consumed.upTo(epochs, applied));
        if (!feed.plan().wanted().hasChanges()) {
            seen = seen.with(Consumed.upTo(epochs, start));
            place = start;
            return Cursor.Fetched.AGAIN;
        }
        Item reset = seen.isNothing() ? null : Item.reset(partition, System.currentTimeMillis());
        overlap = new Overlap();
        reading =
                new StateReading(
                        partition,
                        applied,
                        applied,
                        source.state(partition),
                        feed.plan().wanted(),
                        reset);
        return Cursor.Fetched.AGAIN;
    }

    private Cursor.Fetched read(StateReading state) {
        while (looked < Cursor.SLICE_ENTRIES) {
            looked++;
            state.look(source.state(partition), overlap);
            Item ready = state.ready();
            boolean isLast = ready != null && ready.position.equals(state.goesOnFrom());
            if (ready != null && !hasHandedOver(ready, isLast ? stated : seen)) {
                return feed.isOpen() ? Cursor.Fetched.FULL : Cursor.Fetched.DONE;
            }
            state.proceed();
            if (state.isDone()) {
                seen = stated;
                place = state.goesOnFrom();
                feed.places().fetched(partition, place);
                reading = null;
                return Cursor.Fetched.MORE;
            }
        }
        return Cursor.Fetched.AGAIN;
    }
}
