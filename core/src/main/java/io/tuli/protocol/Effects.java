package io.tuli.protocol;

import io.tuli.Epoch;
import io.tuli.Key;
import io.tuli.LogPosition;
import io.tuli.MemberId;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.log.SourceMark;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that a core can say. A port: every method returns at once, keeps order, and calls nothing
 * back into the core.
 */
public interface Effects {

    /**
     * Puts a frame into the outbox to a member; this member itself is a valid addressee for
     * answers. Dropped where there is no link: what must arrive is asked for again.
     */
    void send(MemberId to, Frame frame);

    /**
     * False while the outbox to a member is over its high-water mark: what can wait in the
     * changelog waits there.
     */
    boolean isWritable(MemberId to);

    /**
     * The request of that number is in the owner's queue and its answer will take longer than this
     * batch: gathered, and told in one frame at the end of the batch.
     */
    void accepted(MemberId to, long call);

    /** Wall clock in milliseconds since 1970, for people and for the hybrid logical clock. */
    long wallMillis();

    /**
     * Whether this member has all that an owner of the partition needs besides its changelog, such
     * as the source of a fold. Asked before it takes over from an owner that can still go on; not
     * waited for beyond some seconds.
     */
    default boolean mayOwn(int service, int partition) {
        return true;
    }

    /**
     * The offset from which on committed entries are needed on this member, as by a fold that has
     * not consumed them: kept like what a follower lacks, up to the changelog's limit.
     */
    default long neededFrom(int service, int partition) {
        return Long.MAX_VALUE;
    }

    /**
     * Runs the handler: answers its decision, or null when that will come as {@link Input.Decided}.
     */
    @Nullable Decision decide(Task task);

    /**
     * Entries have been committed and applied to the local state.
     *
     * @param from the offset of the first
     * @param end the place after the last
     */
    void applied(int service, int partition, long from, LogPosition end);

    /** An entry that is being applied moves these source positions, or tells what was merged. */
    void marked(int service, int partition, List<SourceMark> marks);

    /** The local state was replaced by a snapshot; the changelog now begins at {@code at}. */
    void reset(int service, int partition, LogPosition at);

    /**
     * After a split, both sides had changed one document: what the service's merge function makes
     * of it. Called for services with such a function alone.
     *
     * @param base the document both come from; {@link Payload#NONE} if there was none, or if it is
     *     not known
     * @param winner the document here, none if removed
     * @param loser the other side's, none if removed
     * @return none to remove it; null if the function failed
     */
    default @Nullable Payload merge(
            int service, Key key, Payload base, Payload winner, Payload loser) {
        return null;
    }

    /**
     * After a split, both sides had written one value: one of the two writes stays, the other is
     * given up.
     */
    void overruled(int service, int partition, Key key, Payload kept, Payload lost);

    /**
     * What this partition folds of other services may not be exact, from here on.
     *
     * @param why the rule and the facts
     */
    void inexact(int service, int partition, String why);

    /**
     * The changelog this replica followed has been another one since before its end: acknowledged
     * writes are given up.
     */
    void discarded(int service, int partition, LogPosition from, LogPosition to);

    /** This member's part in a partition, or the partition's owner, is another now. */
    void roleChanged(int service, int partition, String role, Epoch epoch);

    /** Sends the items of a decision's stream to a caller. */
    void stream(MemberId to, long call, Decision.Stream stream);

    /** The decision was never committed: its stream is to be closed unread. */
    void discard(Decision.Stream stream);

    /** Sends a committed decision's message to another service under this identity. */
    void emit(Decision.Emitted emitted, RequestId id);
}
