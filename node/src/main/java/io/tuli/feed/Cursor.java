package io.tuli.feed;

import io.tuli.Edit;
import io.tuli.LogPosition;
import io.tuli.Overflow;
import io.tuli.Position;
import io.tuli.log.Entries;
import io.tuli.log.Entry;
import io.tuli.log.EntryReader;
import io.tuli.log.Extras;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A feed's place in one partition. Used on the partition's loop alone.
 *
 * <p>Phases: AWAITING sync, then by the position asked for SEEKING a time, READING the state, or
 * FOLLOWING the changelog; READING and SEEKING end in FOLLOWING; from both FOLLOWING and SEEKING a
 * place that is lost leads to READING, and so does a state replaced while it was read.
 *
 * <p>A place that somebody brings along may lie ahead of the replica, or in a lineage that was
 * given up, or that ended with all its servers: that cannot always be told apart, because the
 * numbers of epochs begin anew with the servers. So such a place is waited for, but only for
 * {@value #AHEAD_NANOS} ns of being in sync; then it counts as lost.
 */
final class Cursor {

    /** Entries, or keys of a state, looked at in one go. */
    static final int SLICE_ENTRIES = 64;

    static final long AHEAD_NANOS = 2_000_000_000L;

    private static final int SLICE_BYTES = 256 << 10;

    /** Of long entries, not all that lie before a place are looked at. */
    private static final int LOOKED_BACK_SLICES = 16;

    private static final long NEVER = Long.MIN_VALUE;

    private final FeedBuffer feed;
    private final FeedSource source;
    private final int partition;
    private Phase phase;
    private LogPosition place;
    private boolean isLive;
    private boolean hasSeenOlder;
    private int looked;
    private final EntryReader reader;
    private Overlap overlap = new Overlap();
    private @Nullable StateReading reading;

    /** Of entries before this offset the changes were told as a state. */
    private long statedUntil;

    /** Null where no events are wanted. */
    private final @Nullable Heard heard;

    /** Whether somebody brought the place along, and it was not found here yet. */
    private boolean isBroughtAlong;

    /** When it was first seen to lie ahead of a replica that is in sync. */
    private long aheadSinceNanos = NEVER;

    /** Whether its loop has it in the queue. */
    boolean isQueued;

    Cursor(
            FeedBuffer feed,
            FeedSource source,
            int partition,
            LogPosition start,
            boolean isSettled,
            EntryReader reader) {
        this.feed = feed;
        this.source = source;
        this.partition = partition;
        this.place = start;
        this.reader = reader;
        this.phase = isSettled ? Phase.FOLLOWING : Phase.AWAITING;
        this.isLive = isSettled;
        this.isBroughtAlong = feed.plan().from().kind() == Position.Kind.EXACT;
        this.heard = feed.plan().wanted().hasEvents() ? new Heard() : null;
    }

    /** What a feed's loop does next with the cursor. */
    enum Fetched {
        /** There is nothing to fetch until the partition progresses. */
        DONE,
        /** The place is yet to come: it is waited for, but not for ever. */
        AHEAD,
        /** There may be more, after others had their turn. */
        MORE,
        /** There is more, and nobody else shall begin before. */
        AGAIN,
        /** There is more, and no room for it. */
        FULL
    }

    private enum Phase {
        AWAITING,
        SEEKING,
        READING,
        FOLLOWING
    }

    /** The replica came into sync at that place. */
    void synced(LogPosition synced) {
        if (phase == Phase.AWAITING) {
            begin(synced);
        }
    }

    /** The state was replaced: what was read of it so far is worth nothing. */
    void replaced() {
        if (phase == Phase.READING) {
            lost();
        }
    }

    /** Fetches a slice into the feed's inbox. */
    Fetched fetch() {
        looked = 0;
        return switch (phase) {
            case AWAITING -> await();
            case SEEKING -> seek();
            case READING -> read();
            case FOLLOWING -> follow();
        };
    }

    /** Whether the place has been waited for long enough: then there is something to fetch. */
    boolean hasWaited(long nowNanos) {
        if (!isBroughtAlong) {
            return true;
        }
        if (!source.isInSync(partition)) {
            aheadSinceNanos = NEVER;
        } else if (aheadSinceNanos == NEVER) {
            aheadSinceNanos = nowNanos;
        } else if (nowNanos - aheadSinceNanos >= AHEAD_NANOS) {
            isBroughtAlong = false;
        }
        return !isBroughtAlong;
    }

    /** Entries or keys the last fetch looked at. */
    int looked() {
        return looked;
    }

    private Fetched await() {
        if (!source.isInSync(partition)) {
            return Fetched.DONE;
        }
        begin(source.applied(partition));
        return Fetched.AGAIN;
    }

    private void begin(LogPosition synced) {
        phase = Phase.FOLLOWING;
        switch (feed.plan().from().kind()) {
            case LATEST -> {
                place = synced;
                isLive = true;
                feed.places().fetched(partition, place);
            }
            case START -> {
                if (!source.contains(partition, LogPosition.START)) {
                    beginReading(false, eventsFrom());
                }
            }
            case TIME -> {
                phase = Phase.SEEKING;
                place = source.logStart(partition);
                hasSeenOlder = place.offset() == 0;
            }
            case EXACT -> {}
        }
    }

    // ---- seeking a time ------------------------------------------------------------------------

    private Fetched seek() {
        if (!source.contains(partition, place)) {
            lost();
            return Fetched.AGAIN;
        }
        List<Entry> entries = slice();
        if (entries.isEmpty() && !hasSeenOlder) {
            beginReading(true, eventsFrom());
            return Fetched.AGAIN;
        }
        Instant wanted = feed.plan().from().time();
        for (Entry entry : entries) {
            if (!Instant.ofEpochMilli(entry.wallMillis()).isBefore(wanted)) {
                phase = Phase.FOLLOWING;
                if (!hasSeenOlder) {
                    beginReading(true, eventsFrom());
                }
                return Fetched.AGAIN;
            }
            hasSeenOlder = true;
            place = entry.position();
            feed.places().fetched(partition, place);
        }
        return entries.isEmpty() ? Fetched.DONE : Fetched.MORE;
    }

    /** With a state that is read first, all events there are come after it. */
    private LogPosition eventsFrom() {
        return heard == null ? source.applied(partition) : source.logStart(partition);
    }

    // ---- reading the state ---------------------------------------------------------------------

    private void beginReading(boolean isReset, LogPosition goesOnFrom) {
        phase = Phase.READING;
        isLive = false;
        overlap = new Overlap();
        Item first = isReset ? Item.reset(partition, System.currentTimeMillis()) : null;
        reading =
                new StateReading(
                        partition,
                        source.applied(partition),
                        goesOnFrom,
                        source.state(partition),
                        feed.plan().wanted(),
                        first);
    }

    /**
     * The changelog does not hold what follows the place: the state is told anew, and after it what
     * events there are of before. Who wants events alone needs no state where none is missing.
     */
    private void lost() {
        LogPosition at = source.applied(partition);
        Heard known = heard;
        if (known == null) {
            beginReading(true, at);
            return;
        }
        LogPosition start = source.logStart(partition);
        LogPosition last = known.goOn(place, source.epochs(partition), at.offset());
        boolean isLost = last == null || last.offset() < start.offset();
        LogPosition from = last == null ? at : isLost ? start : last;
        if (isLost) {
            source.eventsLost(partition, place, from);
        }
        if (isLost || feed.plan().wanted().hasChanges()) {
            beginReading(true, from);
        } else {
            phase = Phase.FOLLOWING;
            place = from;
            feed.places().fetched(partition, place);
        }
    }

    private Fetched read() {
        StateReading state = reading;
        while (state != null && looked < SLICE_ENTRIES) {
            looked++;
            state.look(source.state(partition), overlap);
            Item ready = state.ready();
            if (ready != null && !hasHandedOver(ready)) {
                return Fetched.FULL;
            }
            if (ready != null) {
                feed.places().fetched(partition, ready.position);
            }
            state.proceed();
            if (state.isDone()) {
                statedUntil = state.at().offset();
                place = state.goesOnFrom();
                feed.places().fetched(partition, place);
                phase = Phase.FOLLOWING;
                reading = null;
                return Fetched.MORE;
            }
        }
        return Fetched.AGAIN;
    }

    // ---- following the changelog ---------------------------------------------------------------

    private Fetched follow() {
        LogPosition applied = source.applied(partition);
        if (place.equals(applied)) {
            look(applied);
            isLive = true;
            return Fetched.DONE;
        }
        if (!isKept()) {
            if (isBroughtAlong && source.mayReach(partition, end(place))) {
                return Fetched.AHEAD;
            }
            lost();
            return Fetched.AGAIN;
        }
        if (isBroughtAlong) {
            isBroughtAlong = false;
            lookBack();
        }
        look(applied);
        if (hasFollowedRun(applied)) {
            return place.offset() == applied.offset() ? settled() : Fetched.MORE;
        }
        for (Entry entry : slice()) {
            Item.Told told = feed.plan().wanted().of(entry, fresh(entry));
            if (told != null && !hasHandedOver(Item.entry(partition, entry, told))) {
                return feed.isOpen() ? Fetched.FULL : Fetched.DONE;
            }
            if (heard != null) {
                heard.passed(entry);
            }
            place = entry.position();
            feed.places().fetched(partition, place);
        }
        return place.offset() == applied.offset() ? settled() : Fetched.MORE;
    }

    /** Whether the changelog holds what follows the place, the rest of its entry included. */
    private boolean isKept() {
        return place.index() == 0
                ? source.contains(partition, place)
                : source.logStart(partition).offset() <= place.offset()
                        && source.contains(partition, end(place));
    }

    /** The end of the entry in which a place lies; elsewhere the place itself. */
    private static LogPosition end(LogPosition of) {
        return of.index() == 0 ? of : new LogPosition(of.epoch(), of.offset() + 1);
    }

    /** Notes which changelog is followed, in case it becomes another. */
    private void look(LogPosition applied) {
        if (heard != null && !heard.isIn(applied.epoch())) {
            heard.follows(source.epochs(partition));
        }
    }

    /** What lies before the place was heard by the feed that left it there. */
    private void lookBack() {
        Heard known = heard;
        if (known == null) {
            return;
        }
        long until = place.offset();
        long at = Math.max(source.logStart(partition).offset(), until - Heard.REQUESTS);
        for (int slice = 0; slice < LOOKED_BACK_SLICES && at < until; slice++) {
            int most = (int) (until - at);
            List<Entry> entries = source.entriesFrom(partition, at, most, SLICE_BYTES);
            entries.forEach(known::passed);
            at += entries.size();
        }
    }

    /** What of the next entry was not delivered yet. */
    private Item.Told fresh(Entry entry) {
        List<Edit> edits = entry.edits();
        List<Extras.Event> events = entry.extras().events();
        if (events.isEmpty() || heard == null || heard.has(entry)) {
            events = List.of();
        }
        int index = place.index();
        if (index == 0) {
            boolean isStated = entry.offset() < statedUntil;
            return new Item.Told(isStated ? List.of() : overlap.without(entry), events);
        }
        int changes = Math.min(index, edits.size());
        int told = Math.min(index - changes, events.size());
        return new Item.Told(
                edits.subList(changes, edits.size()), events.subList(told, events.size()));
    }

    private Fetched settled() {
        isLive = true;
        return Fetched.DONE;
    }

    /**
     * Hands over as bytes what there is of entries that all are wanted: the consumer's thread makes
     * objects of them. False if that cannot be done here.
     */
    private boolean hasFollowedRun(LogPosition applied) {
        int most = Math.min(feed.inbox().room(), SLICE_ENTRIES);
        if (most == 0
                || place.index() > 0
                || !feed.plan().wanted().isUnfiltered()
                || !overlap.isBefore(place.offset())
                || feed.plan().overflow() == Overflow.DROP_OLDEST) {
            return false;
        }
        Entries run = source.singlesFrom(partition, place.offset(), most);
        if (run.isEmpty()) {
            return false;
        }
        LogPosition end = endOf(run, applied);
        feed.places().offering(partition);
        if (!feed.inbox().offer(Item.run(partition, run, end))) {
            feed.places().withdrawn(partition);
            return false;
        }
        looked += run.size();
        place = end;
        feed.places().fetched(partition, place);
        return true;
    }

    private LogPosition endOf(Entries run, LogPosition applied) {
        long end = place.offset() + run.size();
        if (end == applied.offset()) {
            return applied;
        }
        run.read(run.size() - 1, reader);
        return new LogPosition(reader.epoch(), end);
    }

    private List<Entry> slice() {
        List<Entry> entries =
                source.entriesFrom(partition, place.offset(), SLICE_ENTRIES, SLICE_BYTES);
        looked += entries.size();
        return entries;
    }

    /** Puts an item into the inbox, at the cost of older ones or of the feed if that is agreed. */
    private boolean hasHandedOver(Item item) {
        Overflow overflow = feed.plan().overflow();
        boolean mayWait = !isLive || overflow == Overflow.WAIT;
        feed.places().offering(partition);
        while (!feed.inbox().offer(item)) {
            if (mayWait || !hasMadeRoom(overflow)) {
                feed.places().withdrawn(partition);
                return false;
            }
        }
        return true;
    }

    private boolean hasMadeRoom(Overflow overflow) {
        if (overflow == Overflow.FAIL) {
            feed.overflowed();
            return false;
        }
        Item dropped = feed.inbox().dropOldest();
        if (dropped != null) {
            feed.dropped(dropped);
        }
        return dropped != null || feed.inbox().hasRoom();
    }
}
