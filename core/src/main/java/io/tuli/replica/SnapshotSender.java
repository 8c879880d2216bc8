package io.tuli.replica;

import io.tuli.Epoch;
import io.tuli.LogPosition;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Snapshot;
import java.util.ArrayList;
import java.util.List;

/**
 * One snapshot on its way to one member: references to the documents as of a moment - values never
 * change, so this costs no copying - sent part by part, each when the one before has arrived.
 */
final class SnapshotSender {

    private static final int PART_BYTES = 256 * 1024;
    private static final int DOCUMENT_OVERHEAD_BYTES = 64;

    private final Copy copy;
    private final Epoch epoch;
    private final LogPosition at;
    private final List<Snapshot.Document> documents;
    private final List<Snapshot.Reply> replies;
    private final Snapshot rest;
    private int nextDocument;
    private int nextReply;
    private int index;
    private boolean isDone;

    SnapshotSender(Copy copy, Epoch epoch) {
        this.copy = copy;
        this.epoch = epoch;
        this.at = copy.committed();
        this.documents = new ArrayList<>(copy.state.size());
        copy.state.forEach((key, stored) -> documents.add(new Snapshot.Document(key, stored)));
        this.replies = copy.replies.before(copy.committedEnd());
        this.rest = new Snapshot(List.of(), List.of(), List.copyOf(copy.marks.values()));
    }

    LogPosition at() {
        return at;
    }

    boolean isDone() {
        return isDone;
    }

    /** Whether the part that is waited for is the one acknowledged. */
    boolean isCurrent(Frame.SnapshotTaken taken) {
        return taken.at().equals(at) && taken.index() == index - 1;
    }

    Frame.SnapshotPart next() {
        int bytes = 0;
        List<Snapshot.Document> part = new ArrayList<>();
        while (nextDocument < documents.size() && bytes < PART_BYTES) {
            Snapshot.Document document = documents.get(nextDocument++);
            part.add(document);
            bytes += DOCUMENT_OVERHEAD_BYTES + document.stored().document().sizeBytes();
        }
        List<Snapshot.Reply> answered = new ArrayList<>();
        while (nextReply < replies.size() && bytes < PART_BYTES) {
            Snapshot.Reply reply = replies.get(nextReply++);
            answered.add(reply);
            bytes += DOCUMENT_OVERHEAD_BYTES + reply.reply().sizeBytes();
        }
        isDone = nextDocument == documents.size() && nextReply == replies.size();
        Snapshot content = new Snapshot(part, answered, isDone ? rest.marks() : List.of());
        return new Frame.SnapshotPart(
                copy.service(), copy.partition, epoch, at, index++, isDone, content);
    }
}
