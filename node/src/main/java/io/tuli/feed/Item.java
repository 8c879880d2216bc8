package io.tuli.feed;

import io.tuli.Edit;
import io.tuli.Key;
import io.tuli.LogPosition;
import io.tuli.RequestId;
import io.tuli.log.Entries;
import io.tuli.log.Entry;
import io.tuli.log.EntryReader;
import io.tuli.log.Stored;
import java.util.ArrayList;
import java.util.List;

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

    /** Of an entry: all edits it has, those included that are not wanted. */
    private final List<Edit> all;

    /** Of a run: its entries, each one edit. */
    final Entries entries;

    /** Of an entry that came in a run, unless it is the last of it. */
    final boolean isWithinRun;

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
        this.all = content.all;
        this.sizeBytes = content.sizeBytes;
        this.entries = entries;
        this.isWithinRun = isWithinRun;
    }

    /** An entry, of which only these edits are wanted. */
    public static Item entry(int partition, Entry entry, List<Edit> edits) {
        Content content =
                new Content(entry.time(), entry.id(), edits, entry.edits(), entry.sizeBytes());
        return new Item(partition, Kind.ENTRY, entry.position(), content);
    }

    /**
     * Entries of one edit each, as they lie in the changelog.
     *
     * @param end the place after the last of them
     */
    static Item run(int partition, Entries entries, LogPosition end) {
        int sizeBytes = entries.sizeBytes() + ENTRY_BYTES * entries.size();
        Content content = new Content(0, RequestId.NONE, List.of(), List.of(), sizeBytes);
        return new Item(partition, Kind.RUN, end, content, entries, false);
    }

    /** The entry of a run that the reader is at; what it counts for, the run's last one frees. */
    Item one(EntryReader entry, boolean isLast) {
        LogPosition end = isLast ? position : new LogPosition(entry.epoch(), entry.offset() + 1);
        Content content =
                new Content(entry.time(), entry.id(), entry.edits(), List.of(), sizeBytes);
        Entries freed = isLast ? entries : Entries.NONE;
        return new Item(partition, Kind.ENTRY, end, content, freed, !isLast);
    }

    /** A document of a state, not the last one. */
    static Item state(int partition, String key, Stored stored) {
        List<Edit> edits = List.of(Edit.update(Key.of(key), stored.document()));
        int sizeBytes = 64 + key.length() + stored.document().sizeBytes();
        Content content = new Content(stored.time(), RequestId.NONE, edits, List.of(), sizeBytes);
        return new Item(partition, Kind.STATE, LogPosition.START, content);
    }

    /** The state of a partition is replaced by one that follows. */
    static Item reset(int partition, long wallMillis) {
        Content content = new Content(wallMillis << 16, RequestId.NONE, List.of(), List.of(), 64);
        return new Item(partition, Kind.RESET, LogPosition.START, content);
    }

    /** The same as the last of its state: whoever has it goes on from that place. */
    Item endingAt(LogPosition place) {
        return new Item(partition, kind, place, new Content(time, id, edits, all, sizeBytes));
    }

    /** What it counts for in limits. */
    int changes() {
        return entries.isEmpty() ? Math.max(1, edits.size()) : entries.size();
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

    /** Whether it stands for an entry of several edits, not all of which may be wanted. */
    boolean isPart() {
        return all.size() > 1;
    }

    /** The places right after each of its edits. */
    @SuppressWarnings(
            "ReferenceEquality") // those wanted are some of all, and equal ones may repeat
    List<LogPosition> places() {
        List<LogPosition> places = new ArrayList<>(edits.size());
        int index = 0;
        for (Edit edit : edits) {
            while (index < all.size() && all.get(index) != edit) {
                index++;
            }
            index++;
            boolean isWithin = index < all.size();
            places.add(
                    isWithin
                            ? LogPosition.within(position.epoch(), position.offset() - 1, index)
                            : position);
        }
        return places;
    }

    /**
     * What is in it.
     *
     * @param edits those that are wanted
     * @param all of an entry, all; each that is wanted is one of these
     */
    private record Content(
            long time, RequestId id, List<Edit> edits, List<Edit> all, int sizeBytes) {}
}
