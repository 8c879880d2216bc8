package io.tuli.feed;

import io.tuli.Edit;
import io.tuli.Epoch;
import io.tuli.LogPosition;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.log.Changelog;
import io.tuli.log.Entry;
import io.tuli.log.Extras;
import io.tuli.log.SourceMark;
import io.tuli.log.Stored;
import java.util.List;
import java.util.Map;

/** Changelog and state of one partition, all of it committed. Used on its loop. */
final class FakePartition {

    final Changelog log = new Changelog();
    final FakeState state = new FakeState();
    boolean isInSync = true;
    private Epoch epoch = new Epoch(1, 7);

    Entry append(long wallMillis, List<Edit> edits, List<SourceMark> marks) {
        return append(new RequestId(1, log.endOffset() + 1), wallMillis, edits, marks);
    }

    Entry append(RequestId id, long wallMillis, List<Edit> edits, List<SourceMark> marks) {
        return append(id, wallMillis, edits, marks, Extras.NONE);
    }

    Entry append(
            RequestId id,
            long wallMillis,
            List<Edit> edits,
            List<SourceMark> marks,
            Extras extras) {
        Entry entry =
                new Entry(
                        epoch,
                        log.endOffset(),
                        wallMillis << 16,
                        id,
                        id.origin(),
                        0,
                        edits,
                        Payload.NONE,
                        marks,
                        extras);
        log.append(entry);
        for (Edit edit : edits) {
            boolean isGone = edit.kind() == Edit.Kind.REMOVE && edit.key().isTop();
            Stored stored = new Stored(edit.value(), entry.offset(), entry.time());
            state.put(edit.key().top(), isGone ? null : stored);
        }
        return entry;
    }

    /** Another owner begins. */
    Entry open(int number) {
        return open(new Epoch(number, 7));
    }

    Entry open(Epoch next) {
        epoch = next;
        Entry entry = Entry.opening(epoch, log.endOffset(), 0);
        log.append(entry);
        return entry;
    }

    /** All servers were restarted: the first owner opens an epoch of an empty changelog. */
    Entry restart(Epoch first) {
        replace(LogPosition.START, Map.of());
        epoch = first;
        Entry entry = Entry.opening(epoch, 0, 0);
        log.append(entry);
        return entry;
    }

    /** Entries of another changelog that began in the same epoch are to follow. */
    void beginAnew(Epoch first) {
        replace(LogPosition.START, Map.of());
        epoch = first;
    }

    /** A snapshot arrives, perhaps of another lineage. */
    void replace(LogPosition at, Map<String, String> documents) {
        epoch = at.epoch();
        state.clear();
        documents.forEach(
                (key, value) ->
                        state.put(
                                key,
                                new Stored(Payload.json(value), Math.max(0, at.offset() - 1), 0)));
        log.resetTo(at, List.of());
    }
}
