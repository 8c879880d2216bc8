package io.tuli.protocol;

import io.tuli.LogPosition;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.log.Entries;
import io.tuli.log.Extras.GroupPlace;
import io.tuli.log.SourceMark;
import io.tuli.log.StoredRun;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Part of a partition's committed state, with all that moves with it.
 *
 * @param documents by top-level key, those removed of late among them
 * @param replies requests already executed, oldest first, with their stored replies
 * @param marks source positions of a service that folds others
 * @param lineage the epochs its changelog went through, with the last part
 * @param tail the changelog's last entries before the snapshot's place, in order: what follows a
 *     changelog - a fold that is taken over here - may have to begin before the snapshot. And for
 *     whoever gives up a changelog for this one, the entries after that place, which are not
 *     committed yet
 * @param groups how far groups of readers are
 */
public record Snapshot(
        List<StoredRun> documents,
        List<Reply> replies,
        List<SourceMark> marks,
        List<LogPosition> lineage,
        List<Entries> tail,
        List<GroupPlace> groups) {

    public Snapshot {
        documents = List.copyOf(documents);
        replies = List.copyOf(replies);
        marks = List.copyOf(marks);
        lineage = List.copyOf(lineage);
        tail = List.copyOf(tail);
        groups = List.copyOf(groups);
    }

    /** Where no group reads. */
    public Snapshot(
            List<StoredRun> documents,
            List<Reply> replies,
            List<SourceMark> marks,
            List<LogPosition> lineage,
            List<Entries> tail) {
        this(documents, replies, marks, lineage, tail, List.of());
    }

    /** Where the changelog ends that the snapshot brings along. */
    public LogPosition end(LogPosition at) {
        for (Entries entries : tail.reversed()) {
            if (!entries.isEmpty()) {
                LogPosition end = entries.at(entries.size() - 1).position();
                return end.offset() > at.offset() ? end : at;
            }
        }
        return at;
    }

    /**
     * A request that was executed.
     *
     * @param caller incarnation of who sent it: the id's origin, but where the id is a name
     * @param digest of its key, verb, body and condition; 0 where that is not known
     * @param offset of its entry
     * @param time of its entry, hybrid logical clock
     */
    public record Reply(
            RequestId id, long caller, long digest, long offset, long time, Payload reply) {

        /** Stands for a reply for which there was no room. */
        public static final Payload FORGOTTEN =
                Payload.opaque("$forgotten".getBytes(StandardCharsets.UTF_8));

        /** Of a request that is known by its id alone. */
        public Reply(RequestId id, long offset, long time, Payload reply) {
            this(id, id.origin(), 0, offset, time, reply);
        }

        /** Whether it can be the request of that digest. */
        public boolean isOf(long other) {
            return digest == other || digest == 0 || other == 0;
        }

        /** Whether it is known that the request was executed, and no more what it was told. */
        public boolean isForgotten() {
            return reply.equals(FORGOTTEN);
        }

        /** The same, its reply being forgotten. */
        public Reply withoutReply() {
            return new Reply(id, caller, digest, offset, time, FORGOTTEN);
        }
    }
}
