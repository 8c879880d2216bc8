package io.tuli.replica;

import io.tuli.LogPosition;
import io.tuli.log.Entries;
import io.tuli.log.Extras.GroupPlace;
import io.tuli.log.SourceMark;
import io.tuli.log.StoredRun;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Snapshot;
import java.util.ArrayList;
import java.util.List;

/** Gathers the parts of one snapshot; nothing is installed before the last one has come. */
final class SnapshotReceiver {

    private final LogPosition at;
    private final List<StoredRun> documents = new ArrayList<>();
    private final List<Snapshot.Reply> replies = new ArrayList<>();
    private final List<SourceMark> marks = new ArrayList<>();
    private final List<LogPosition> lineage = new ArrayList<>();
    private final List<Entries> tail = new ArrayList<>();
    private final List<GroupPlace> groups = new ArrayList<>();
    private int next;

    SnapshotReceiver(LogPosition at) {
        this.at = at;
    }

    /** Whether the part belongs to this snapshot and is the next one. */
    boolean isNext(Frame.SnapshotPart part) {
        return part.at().equals(at) && part.index() == next;
    }

    /** Whether these are all the parts of a snapshot of so many. */
    boolean isWhole(LogPosition of, int parts) {
        return of.equals(at) && parts == next;
    }

    /** How many parts have come. */
    int count() {
        return next;
    }

    /** What its sender is told of a part that has come. */
    static Frame.SnapshotTaken taken(Frame.SnapshotPart part) {
        return new Frame.SnapshotTaken(
                part.service(), part.partition(), part.epoch(), part.at(), part.index());
    }

    void add(Frame.SnapshotPart part) {
        documents.addAll(part.content().documents());
        replies.addAll(part.content().replies());
        marks.addAll(part.content().marks());
        lineage.addAll(part.content().lineage());
        tail.addAll(part.content().tail());
        groups.addAll(part.content().groups());
        next++;
    }

    Snapshot whole() {
        return new Snapshot(documents, replies, marks, lineage, tail, groups);
    }
}
