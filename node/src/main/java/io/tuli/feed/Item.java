package io.tuli.feed;

import io.tuli.Edit;
import io.tuli.Key;
import io.tuli.LogPosition;
import io.tuli.RequestId;
import io.tuli.log.Entry;
import io.tuli.log.Stored;
import java.util.List;

/**
 * What a cursor fetched and a consumer has still to see: an entry, a document of a state, or a
 * RESET. Immutable; compared by identity, because it stands for one place in one inbox.
 */
final class Item {

    final int partition;
    final Kind kind;
    final LogPosition position;
    final long time;
    final RequestId id;
    final List<Edit> edits;
    final int sizeBytes;

    private Item(int partition, Kind kind, LogPosition position, Content content) {
        this.partition = partition;
        this.kind = kind;
        this.position = position;
        this.time = content.time;
        this.id = content.id;
        this.edits = content.edits;
        this.sizeBytes = content.sizeBytes;
    }

    /** An entry, of which only these edits are wanted. */
    static Item entry(int partition, Entry entry, List<Edit> edits) {
        Content content = new Content(entry.time(), entry.id(), edits, entry.sizeBytes());
        return new Item(partition, Kind.ENTRY, entry.position(), content);
    }

    /** A document of a state, not the last one. */
    static Item state(int partition, String key, Stored stored) {
        List<Edit> edits = List.of(Edit.update(Key.of(key), stored.document()));
        int sizeBytes = 64 + key.length() + stored.document().sizeBytes();
        Content content = new Content(stored.time(), RequestId.NONE, edits, sizeBytes);
        return new Item(partition, Kind.STATE, LogPosition.START, content);
    }

    /** The state of a partition is replaced by one that follows. */
    static Item reset(int partition, long wallMillis) {
        Content content = new Content(wallMillis << 16, RequestId.NONE, List.of(), 64);
        return new Item(partition, Kind.RESET, LogPosition.START, content);
    }

    /** The same as the last of its state: whoever has it goes on from that place. */
    Item endingAt(LogPosition place) {
        return new Item(partition, kind, place, new Content(time, id, edits, sizeBytes));
    }

    /** What it counts for in limits. */
    int changes() {
        return Math.max(1, edits.size());
    }

    long wallMillis() {
        return time >>> 16;
    }

    enum Kind {
        ENTRY,
        STATE,
        RESET
    }

    private record Content(long time, RequestId id, List<Edit> edits, int sizeBytes) {}
}
