package io.tuli.protocol;

import io.tuli.LogPosition;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.log.Entry;
import io.tuli.log.SourceMark;
import io.tuli.log.Stored;
import java.util.List;

/**
 * Part of a partition's committed state, with all that moves with it.
 *
 * @param documents by top-level key
 * @param replies requests already executed, oldest first, with their stored replies
 * @param marks source positions of a service that folds others
 * @param lineage the epochs its changelog went through, with the last part
 * @param tail the changelog's last entries before the snapshot's place, in order: what follows a
 *     changelog - a fold that is taken over here - may have to begin before the snapshot. And for
 *     whoever gives up a changelog for this one, the entries after that place, which are not
 *     committed yet
 */
public record Snapshot(
        List<Document> documents,
        List<Reply> replies,
        List<SourceMark> marks,
        List<LogPosition> lineage,
        List<Entry> tail) {

    public Snapshot {
        documents = List.copyOf(documents);
        replies = List.copyOf(replies);
        marks = List.copyOf(marks);
        lineage = List.copyOf(lineage);
        tail = List.copyOf(tail);
    }

    /** The entries before the place that the documents are of. */
    public List<Entry> before(LogPosition at) {
        return tail.stream().filter(entry -> entry.offset() < at.offset()).toList();
    }

    /** The entries after it: none of them is in the documents. */
    public List<Entry> after(LogPosition at) {
        return tail.stream().filter(entry -> entry.offset() >= at.offset()).toList();
    }

    /** Where the changelog ends that the snapshot brings along. */
    public LogPosition end(LogPosition at) {
        List<Entry> after = after(at);
        return after.isEmpty() ? at : after.getLast().position();
    }

    /** One document. */
    public record Document(String key, Stored stored) {}

    /**
     * A request that was executed.
     *
     * @param offset of its entry
     * @param time of its entry, hybrid logical clock
     */
    public record Reply(RequestId id, long offset, long time, Payload reply) {}
}
