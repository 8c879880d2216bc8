package io.tuli.feed;

import io.tuli.Edit;
import io.tuli.Key;
import io.tuli.LogPosition;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.hold.Acks;
import io.tuli.hold.Hold;
import io.tuli.log.Consumed;
import io.tuli.log.Entries;
import io.tuli.log.Entry;
import io.tuli.log.EntryReader;
import io.tuli.log.Extras;
import io.tuli.log.Stored;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a cursor fetched and a consumer has still to see: an entry, a run of entries, a document of
 * a state, or a RESET. Immutable; compared by identity, because it stands for one place in one
 * inbox.
 */
public final class Item {

    /** What an entry of a run costs besides its bytes, about. */
    private static final int ENTRY_BYTES = 64;

    final int partition;
    final Kind kind;
    final LogPosition position;
    final long time;
    final RequestId id;
    final List<Edit> edits;
    final int sizeBytes;

    /** Of an entry: what of it is not among the wanted edits. */
    final Rest rest;

    /** Of a run: its entries, each one edit. */
    final Entries entries;

    /** Of an entry that came in a run, unless it is the last of it. */
    final boolean isWithinRun;

    /** Of a group's reader: under which grant it is read; null elsewhere. */
    final @Nullable Hold hold;

    /** Of a group's reader: what the group has consumed when it has consumed this. */
    final Consumed after;

    /** Of a consumer: what it is among those not acknowledged; null elsewhere. */
    final Acks.@Nullable Taken taken;

    private Item(Item of, Hold hold, Consumed after, Acks.@Nullable Taken taken) {
        this.partition = of.partition;
        this.kind = of.kind;
        this.position = of.position;
        this.time = of.time;
        this.id = of.id;
        this.edits = of.edits;
        this.rest = of.rest;
        this.sizeBytes = of.sizeBytes;
        this.entries = of.entries;
        this.isWithinRun = of.isWithinRun;
        this.hold = hold;
        this.after = after;
        this.taken = taken;
    }

    private Item(int partition, Kind kind, LogPosition position, Content content) {
        this(partition, kind, position, content, Entries.NONE, false);
    }

    private Item(
            int partition,
            Kind kind,
            LogPosition position,
            Content content,
            Entries entries,
            boolean isWithinRun) {
        this.partition = partition;
        this.kind = kind;
        this.position = position;
        this.time = content.time;
        this.id = content.id;
        this.edits = content.edits;
        this.rest = content.rest;
        this.sizeBytes = content.sizeBytes;
        this.entries = entries;
        this.isWithinRun = isWithinRun;
        this.hold = null;
        this.after = Consumed.NOTHING;
        this.taken = null;
    }

    /** The same, read by a reader of a group. */
    Item of(Hold reads, Consumed consumed, Acks.@Nullable Taken as) {
        return new Item(this, reads, consumed, as);
    }

    /** An entry, of which only these edits are wanted. */
    public static Item entry(int partition, Entry entry, List<Edit> edits) {
        return entry(partition, entry, new Told(edits, List.of()));
    }

    /** An entry, of which only this is wanted. */
    static Item entry(int partition, Entry entry, Told wanted) {
        Extras extras = entry.extras();
        Rest rest =
                extras.isNone() && entry.edits().size() < 2
                        ? Rest.NONE
                        : new Rest(entry.edits(), wanted.events(), extras);
        Content content =
                new Content(entry.time(), entry.id(), wanted.edits(), rest, entry.sizeBytes());
        return new Item(partition, Kind.ENTRY, entry.position(), content);
    }

    /**
     * Entries of one edit each, as they lie in the changelog.
     *
     * @param end the place after the last of them
     */
    static Item run(int partition, Entries entries, LogPosition end) {
        int sizeBytes = entries.sizeBytes() + ENTRY_BYTES * entries.size();
        Content content = new Content(0, RequestId.NONE, List.of(), Rest.NONE, sizeBytes);
        return new Item(partition, Kind.RUN, end, content, entries, false);
    }

    /** The entry of a run that the reader is at; what it counts for, the run's last one frees. */
    Item one(EntryReader entry, boolean isLast) {
        LogPosition end = isLast ? position : new LogPosition(entry.epoch(), entry.offset() + 1);
        List<Edit> all = entry.edits();
        Extras extras = entry.extras();
        Rest rest = extras.isNone() ? Rest.NONE : new Rest(all, List.of(), extras);
        Content content = new Content(entry.time(), entry.id(), all, rest, sizeBytes);
        Entries freed = isLast ? entries : Entries.NONE;
        return new Item(partition, Kind.ENTRY, end, content, freed, !isLast);
    }

    /** A document of a state, not the last one. */
    static Item state(int partition, String key, Stored stored) {
        List<Edit> edits = List.of(Edit.update(Key.of(key), stored.document()));
        int sizeBytes = 64 + key.length() + stored.document().sizeBytes();
        Content content = new Content(stored.time(), RequestId.NONE, edits, Rest.NONE, sizeBytes);
        return new Item(partition, Kind.STATE, LogPosition.START, content);
    }

    /** The state of a partition is replaced by one that follows. */
    static Item reset(int partition, long wallMillis) {
        Content content = new Content(wallMillis << 16, RequestId.NONE, List.of(), Rest.NONE, 64);
        return new Item(partition, Kind.RESET, LogPosition.START, content);
    }

    /** The same as the last of its state: whoever has it goes on from that place. */
    Item endingAt(LogPosition place) {
        return new Item(partition, kind, place, new Content(time, id, edits, rest, sizeBytes));
    }

    /** What it counts for in limits. */
    int changes() {
        return entries.isEmpty() ? Math.max(1, edits.size() + rest.wanted.size()) : entries.size();
    }

    long wallMillis() {
        return time >>> 16;
    }

    enum Kind {
        ENTRY,
        RUN,
        STATE,
        RESET
    }

    /** Whether it stands for an entry of several changes and events, not all of them wanted. */
    boolean isPart() {
        return rest.parts() > 1;
    }

    /** What there was before one of its edits; null if that was not kept. */
    @SuppressWarnings("ReferenceEquality") // equal ones may repeat
    @Nullable Payload before(Edit edit) {
        if (kind == Kind.STATE) {
            return Payload.NONE;
        }
        int index = 0;
        while (index < rest.extras.before().size() && rest.all.get(index) != edit) {
            index++;
        }
        return index < rest.extras.before().size() ? rest.extras.before().get(index) : null;
    }

    /** The places right after each of its edits, and then after each of its events. */
    List<LogPosition> places() {
        List<LogPosition> places = new ArrayList<>(edits.size() + rest.wanted.size());
        addPlaces(places, edits, rest.all, 0);
        addPlaces(places, rest.wanted, rest.extras.events(), rest.all.size());
        return places;
    }

    @SuppressWarnings(
            "ReferenceEquality") // those wanted are some of all, and equal ones may repeat
    private void addPlaces(List<LogPosition> places, List<?> some, List<?> all, int before) {
        int index = 0;
        for (Object each : some) {
            while (index < all.size() && all.get(index) != each) {
                index++;
            }
            index++;
            boolean isWithin = before + index < rest.parts();
            places.add(
                    isWithin
                            ? LogPosition.within(
                                    position.epoch(), position.offset() - 1, before + index)
                            : position);
        }
    }

    /**
     * What somebody wants of an entry.
     *
     * @param edits some of its edits
     * @param events some of its events
     */
    record Told(List<Edit> edits, List<Extras.Event> events) {

        boolean isNothing() {
            return edits.isEmpty() && events.isEmpty();
        }
    }

    /**
     * Of an entry of several changes and events: all there are.
     *
     * @param all its edits; each that is wanted is one of these
     * @param wanted those of its events that are
     * @param extras all its events, each that is wanted is one of these; and more
     */
    record Rest(List<Edit> all, List<Extras.Event> wanted, Extras extras) {

        static final Rest NONE = new Rest(List.of(), List.of(), Extras.NONE);

        int parts() {
            return all.size() + extras.events().size();
        }
    }

    /**
     * What is in it.
     *
     * @param edits those that are wanted
     */
    private record Content(long time, RequestId id, List<Edit> edits, Rest rest, int sizeBytes) {}
}
