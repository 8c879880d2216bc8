package io.tuli.wire;

import io.tuli.Epoch;
import io.tuli.Key;
import io.tuli.LogPosition;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.log.Entries;
import io.tuli.log.EntryReader;
import io.tuli.log.SourceMark;
import io.tuli.log.StoredRun;
import io.tuli.protocol.Snapshot;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Reads the vocabulary inside frames. {@link ValueEncoder} is its inverse. One thread. */
final class ValueDecoder {

    private static final Payload.Format[] FORMATS = Payload.Format.values();

    /** Fewest bytes of each, to judge counts by. */
    private static final int MARK_BYTES_MIN = 16;

    private static final int POSITION_BYTES_MIN = 10;
    private static final int REPLY_BYTES_MIN = 35;

    private final FieldDecoder fields;
    private final EntryReader reader = new EntryReader();

    /** The last one read: entries that follow each other mostly share it. */
    private Epoch epoch = Epoch.ZERO;

    ValueDecoder(FieldDecoder fields) {
        this.fields = fields;
    }

    Epoch epoch() {
        int number = fields.varInt();
        long owner = fields.fixedLong();
        if (number != epoch.number() || owner != epoch.owner()) {
            epoch = new Epoch(number, owner);
        }
        return epoch;
    }

    LogPosition position() {
        Epoch of = epoch();
        return new LogPosition(of, fields.offset());
    }

    RequestId id() {
        long origin = fields.fixedLong();
        long sequence = fields.varLong();
        return origin == 0 && sequence == 0 ? RequestId.NONE : new RequestId(origin, sequence);
    }

    Payload payload() {
        int tag = fields.varInt();
        Payload.Format format = formatOf(tag);
        if (format == Payload.Format.NONE) {
            if (tag != 0) {
                throw new WireException("no value has no bytes: bytes=" + (tag >>> 2));
            }
            return Payload.NONE;
        }
        return Payload.of(format, fields.bytes(tag >>> 2));
    }

    private static Payload.Format formatOf(int tag) {
        int format = tag & 3;
        if (format >= FORMATS.length) {
            throw new WireException("unknown format of a value: number=" + format);
        }
        return FORMATS[format];
    }

    Key key() {
        String text = fields.text(WireLimits.KEY_BYTES_MAX);
        Key key;
        try {
            key = Key.parse(text);
        } catch (IllegalArgumentException e) {
            throw new WireException("a key breaks its rule: " + e.getMessage());
        }
        if (!key.toString().equals(text)) {
            throw new WireException("a key must be in its shortest form: " + key);
        }
        return key;
    }

    /** Checked, and as they are: they become objects where somebody looks into them. */
    Entries entries() {
        return fields.entries(reader);
    }

    private List<SourceMark> marks() {
        int count = fields.count(MARK_BYTES_MIN);
        if (count <= 1) {
            return count == 0 ? List.of() : List.of(mark());
        }
        SourceMark[] marks = new SourceMark[count];
        for (int i = 0; i < count; i++) {
            marks[i] = mark();
        }
        return fixed(marks);
    }

    private SourceMark mark() {
        int service = fields.fixedInt();
        int partition = fields.varInt();
        LogPosition position = position();
        int step = fields.varInt();
        if (step == SourceMark.ALL) {
            throw new WireException("the whole of a source entry is written as step 0: " + step);
        }
        return new SourceMark(service, partition, position, step == 0 ? SourceMark.ALL : step);
    }

    Snapshot snapshot() {
        StoredRun documents = fields.documents();
        Snapshot.Reply[] replies = new Snapshot.Reply[fields.count(REPLY_BYTES_MIN)];
        for (int i = 0; i < replies.length; i++) {
            replies[i] = reply();
        }
        return new Snapshot(
                documents.size() == 0 ? List.of() : List.of(documents),
                Arrays.asList(replies),
                marks(),
                positions(),
                tail());
    }

    List<LogPosition> positions() {
        LogPosition[] positions = new LogPosition[fields.count(POSITION_BYTES_MIN)];
        for (int i = 0; i < positions.length; i++) {
            positions[i] = position();
        }
        return fixed(positions);
    }

    private List<Entries> tail() {
        Entries tail = entries();
        return tail.isEmpty() ? List.of() : List.of(tail);
    }

    private Snapshot.Reply reply() {
        RequestId id = id();
        long caller = fields.fixedLong();
        long digest = fields.fixedLong();
        long offset = fields.offset();
        long time = fields.fixedLong();
        return new Snapshot.Reply(id, caller, digest, offset, time, payload());
    }

    private static <T> List<T> fixed(T[] items) {
        return Collections.unmodifiableList(Arrays.asList(items));
    }
}
