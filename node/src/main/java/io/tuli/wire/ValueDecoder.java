package io.tuli.wire;

import io.tuli.LogPosition;
import io.tuli.RequestId;
import io.tuli.bytes.MalformedException;
import io.tuli.log.Entries;
import io.tuli.log.Extras.GroupPlace;
import io.tuli.log.SourceMark;
import io.tuli.log.StoredRun;
import io.tuli.log.ValueReader;
import io.tuli.protocol.Snapshot;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Reads the lists inside frames, and snapshots. {@link ValueEncoder} is its inverse. One thread.
 */
final class ValueDecoder {

    /** Fewest bytes, to judge a count by. */
    private static final int REPLY_BYTES_MIN = 35;

    private final FieldDecoder fields;

    ValueDecoder(FieldDecoder fields) {
        this.fields = fields;
    }

    private List<SourceMark> marks() {
        int count = fields.count(ValueReader.MARK_BYTES_MIN);
        if (count <= 1) {
            return count == 0 ? List.of() : List.of(fields.readMark());
        }
        SourceMark[] marks = new SourceMark[count];
        for (int i = 0; i < count; i++) {
            marks[i] = fields.readMark();
        }
        return fixed(marks);
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
                tail(),
                groups());
    }

    List<LogPosition> positions() {
        LogPosition[] positions = new LogPosition[fields.count(ValueReader.POSITION_BYTES_MIN)];
        for (int i = 0; i < positions.length; i++) {
            positions[i] = fields.readPosition();
        }
        return fixed(positions);
    }

    private List<Entries> tail() {
        Entries tail = fields.entries();
        return tail.isEmpty() ? List.of() : List.of(tail);
    }

    /** What a snapshot ends with, where some read. */
    private List<GroupPlace> groups() {
        if (fields.leftBytes() == 0) {
            return List.of();
        }
        int count = fields.count(ValueReader.GROUP_BYTES_MIN);
        if (count == 0 || count > GroupPlace.GROUPS_MAX) {
            throw new MalformedException("a snapshot has 1..256 groups or ends: count=" + count);
        }
        GroupPlace[] groups = new GroupPlace[count];
        for (int i = 0; i < count; i++) {
            groups[i] = fields.readGroup();
        }
        return fields.leftBytes() == 0 ? fixed(groups) : fields.readAcks(fixed(groups));
    }

    private Snapshot.Reply reply() {
        RequestId id = fields.readId();
        long caller = fields.fixedLong();
        long digest = fields.fixedLong();
        long offset = fields.varOffset();
        long time = fields.fixedLong();
        return new Snapshot.Reply(id, caller, digest, offset, time, fields.readPayload());
    }

    private static <T> List<T> fixed(T[] items) {
        return Collections.unmodifiableList(Arrays.asList(items));
    }
}
