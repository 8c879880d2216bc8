package io.tuli.replica;

import io.tuli.Epoch;
import io.tuli.LogPosition;
import io.tuli.log.Entry;
import io.tuli.log.SourceMark;
import io.tuli.log.Stored;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Snapshot;
import java.util.ArrayList;
import java.util.List;

/**
 * One snapshot on its way to one member: references to the documents as of a moment - values never
 * change, so this costs no copying - sent part by part, so many ahead of what has arrived.
 */
final class SnapshotSender {

    private static final int DOCUMENT_OVERHEAD_BYTES = 64;

    /** Of the changelog before it so much goes along: more than a fold's marks lag behind. */
    private static final int TAIL_BYTES = 768 * 1024;

    /**
     * So many parts are on their way at most. A partition is sent in one go rather than bit by bit
     * with all others: then neither side holds the halves of very many as objects.
     */
    private static final int PARTS_AHEAD_MOST = 8;

    private final Copy copy;
    private final Epoch epoch;
    private final LogPosition at;
    private final LogPosition end;
    private final List<Snapshot.Document> documents;
    private final List<Snapshot.Reply> replies;
    private final List<Entry> tail;
    private final Snapshot rest;
    private final int partBytes;
    private int nextDocument;
    private int nextReply;
    private int nextEntry;
    private int index;
    private int arrived;
    private boolean isDone;

    private SnapshotSender(Copy copy, Epoch epoch, LogPosition end, int partBytes) {
        this.partBytes = partBytes;
        this.copy = copy;
        this.epoch = epoch;
        this.at = copy.committed();
        this.end = end;
        this.documents = new ArrayList<>();
        copy.tombstones.forEach(this::add);
        copy.state.forEach(this::add);
        this.replies = copy.replies.before(at.offset());
        this.tail = new ArrayList<>(copy.log.lastBefore(at.offset(), TAIL_BYTES));
        tail.addAll(copy.log.slice(at.offset(), end.offset(), Integer.MAX_VALUE));
        List<SourceMark> marks = new ArrayList<>(copy.merged.marks());
        copy.consumed.values().forEach(consumed -> marks.addAll(consumed.marks()));
        List<LogPosition> lineage = copy.log.lineage().starts();
        this.rest = new Snapshot(List.of(), List.of(), marks, lineage, List.of());
    }

    private void add(String key, Stored stored) {
        documents.add(new Snapshot.Document(key, stored));
    }

    /** What is committed now. */
    static SnapshotSender ofCommitted(Copy copy, Epoch epoch, int partBytes) {
        return new SnapshotSender(copy, epoch, copy.committed(), partBytes);
    }

    /**
     * With the owner's entries that are not committed yet: for a copy whose own writes were just
     * merged into these. It gives its own up for them, so it must have them, but shows none of them
     * before they are committed.
     */
    static SnapshotSender ofEverything(Copy copy, Epoch epoch, int partBytes) {
        return new SnapshotSender(copy, epoch, copy.log.end(), partBytes);
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
        List<Snapshot.Document> part = new ArrayList<>();
        while (nextDocument < documents.size() && bytes < partBytes) {
            Snapshot.Document document = documents.get(nextDocument++);
            part.add(document);
            bytes += DOCUMENT_OVERHEAD_BYTES + document.stored().document().sizeBytes();
        }
        List<Snapshot.Reply> answered = new ArrayList<>();
        while (nextReply < replies.size() && bytes < partBytes) {
            Snapshot.Reply reply = replies.get(nextReply++);
            answered.add(reply);
            bytes += DOCUMENT_OVERHEAD_BYTES + reply.reply().sizeBytes();
        }
        List<Entry> entries = new ArrayList<>();
        while (nextEntry < tail.size() && bytes < partBytes) {
            Entry entry = tail.get(nextEntry++);
            entries.add(entry);
            bytes += entry.sizeBytes();
        }
        isDone =
                nextDocument == documents.size()
                        && nextReply == replies.size()
                        && nextEntry == tail.size();
        Snapshot content =
                new Snapshot(
                        part,
                        answered,
                        isDone ? rest.marks() : List.of(),
                        isDone ? rest.lineage() : List.of(),
                        entries);
        return new Frame.SnapshotPart(
                copy.service(), copy.partition, epoch, at, index++, isDone, content);
    }
}
