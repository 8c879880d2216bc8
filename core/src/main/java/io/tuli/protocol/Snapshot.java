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
 *     changelog - a fold that is taken over here - may have to begin before the snapshot
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
