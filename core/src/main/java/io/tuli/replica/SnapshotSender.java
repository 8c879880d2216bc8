package io.tuli.replica;

import io.tuli.Epoch;
import io.tuli.LogPosition;
import io.tuli.log.Entries;
import io.tuli.log.Extras.GroupPlace;
import io.tuli.log.SourceMark;
import io.tuli.log.StoredRun;
import io.tuli.log.StoredWriter;
import io.tuli.machine.Partition;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Snapshot;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/**
 * One snapshot on its way to one member: the documents of a moment, as bytes from here to the other
 * side's memory, sent part by part, so many ahead of what has arrived. What has been sent is not
 * held any more: a member that acknowledges nothing makes nobody keep a second state.
 */
final class SnapshotSender {

    private static final int REPLY_OVERHEAD_BYTES = 64;

    /** Of the changelog before it so much goes along: more than a fold's marks lag behind. */
    private static final int TAIL_BYTES = 768 * 1024;

    /**
     * So many parts are on their way at most. A partition is sent in one go rather than bit by bit
     * with all others: then neither side holds the halves of very many as objects.
     */
    private static final int PARTS_AHEAD_MOST = 8;

    private final Partition partition;
    private final Epoch epoch;
    private final LogPosition at;
    private final LogPosition end;
    private final Queue<StoredRun> documents;
    private final Queue<Snapshot.Reply> replies;
    private final Queue<Entries> tail;
    private final Snapshot rest;
    private final int partBytes;
    private int index;
    private int arrived;
    private boolean isDone;

    private SnapshotSender(
            Partition partition,
            Epoch epoch,
            LogPosition end,
            int partBytes,
            boolean isForAServer) {
        this.partBytes = partBytes;
        this.partition = partition;
        this.epoch = epoch;
        this.at = partition.committed();
        this.end = end;
        StoredWriter writer = new StoredWriter(partBytes);
        partition.tombstones().forEach(writer::add);
        partition.state().writeTo(writer);
        this.documents = new ArrayDeque<>(writer.runs());
        this.replies =
                isForAServer
                        ? new ArrayDeque<>(partition.dedup().before(at.offset()))
                        : new ArrayDeque<>();
        this.tail =
                new ArrayDeque<>(partition.log().lastBefore(at.offset(), TAIL_BYTES, partBytes));
        tail.addAll(partition.log().pieces(at.offset(), end.offset(), partBytes));
        List<SourceMark> marks = new ArrayList<>(partition.mergedMarks());
        partition.consumed().forEach(consumed -> marks.addAll(consumed.marks()));
        List<LogPosition> lineage = partition.log().lineage().starts();
        List<GroupPlace> groups = List.copyOf(partition.groups().all());
        this.rest = new Snapshot(List.of(), List.of(), marks, lineage, List.of(), groups);
    }

    /** What is committed now. A client answers no repeat, so it gets no replies. */
    static SnapshotSender ofCommitted(
            Partition partition, Epoch epoch, int partBytes, boolean isForAServer) {
        return new SnapshotSender(partition, epoch, partition.committed(), partBytes, isForAServer);
    }

    /**
     * With the owner's entries that are not committed yet: for a replica whose own writes were just
     * merged into these. It gives its own up for them, so it must have them, but shows none of them
     * before they are committed.
     */
    static SnapshotSender ofEverything(Partition partition, Epoch epoch, int partBytes) {
        return new SnapshotSender(partition, epoch, partition.end(), partBytes, true);
    }

    /** What of it waits to be sent. */
    long waitingBytes() {
        long bytes = 0;
        for (StoredRun run : documents) {
            bytes += run.sizeBytes();
        }
        for (Entries entries : tail) {
            bytes += entries.sizeBytes();
        }
        return bytes;
    }

    /** How many parts have arrived. */
    int arrived() {
        return arrived;
    }

    /** Where the receiver's changelog ends when it has all of it. */
    LogPosition end() {
        return end;
    }

    boolean isDone() {
        return isDone;
    }

    /** Whether the part that is waited for is the one acknowledged. */
    boolean isCurrent(Frame.SnapshotTaken taken) {
        return taken.at().equals(at) && taken.index() == index - 1;
    }

    void taken(Frame.SnapshotTaken taken) {
        if (taken.at().equals(at)) {
            arrived = Math.max(arrived, taken.index() + 1);
        }
    }

    /** Whether there is another part, and not too many are on their way. */
    boolean mayGoOn() {
        return !isDone && index - arrived < PARTS_AHEAD_MOST;
    }

    Frame.SnapshotPart next() {
        int bytes = 0;
        List<StoredRun> part = List.of();
        StoredRun run = documents.poll();
        if (run != null) {
            part = List.of(run);
            bytes = run.sizeBytes();
        }
        List<Snapshot.Reply> answered = new ArrayList<>();
        while (!replies.isEmpty() && bytes < partBytes) {
            Snapshot.Reply reply = replies.remove();
            answered.add(reply);
            bytes += REPLY_OVERHEAD_BYTES + reply.reply().sizeBytes();
        }
        List<Entries> entries = new ArrayList<>();
        while (!tail.isEmpty() && (bytes == 0 || bytes + tail.element().sizeBytes() <= partBytes)) {
            Entries piece = tail.remove();
            entries.add(piece);
            bytes += piece.sizeBytes();
        }
        isDone = documents.isEmpty() && replies.isEmpty() && tail.isEmpty();
        Snapshot content =
                new Snapshot(
                        part,
                        answered,
                        isDone ? rest.marks() : List.of(),
                        isDone ? rest.lineage() : List.of(),
                        entries,
                        isDone ? rest.groups() : List.of());
        return new Frame.SnapshotPart(
                partition.service(), partition.number(), epoch, at, index++, isDone, content);
    }
}
