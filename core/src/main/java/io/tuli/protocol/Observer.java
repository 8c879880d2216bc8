package io.tuli.protocol;

import io.tuli.Epoch;
import io.tuli.Key;
import io.tuli.LogPosition;
import io.tuli.MemberId;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.log.Consumed;
import io.tuli.log.Extras.Acks;
import io.tuli.log.SourceMark;
import java.util.List;

/**
 * Whom a core tells what has happened. A port: every method returns at once, keeps order, and calls
 * nothing back into the core.
 */
public interface Observer {

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
     * After a split, the other side does not get the events of this one's entries between two
     * places: they are trimmed.
     */
    void eventsLost(int service, int partition, LogPosition from, LogPosition to);

    /**
     * A message that a fold of another service yields is refused, and so left out: this partition
     * will not have it.
     */
    default void leftOut(int service, int partition, Key key, String verb, Decision.Fail why) {}

    /** Something about a partition, for a reader of a group here. */
    default void reading(int service, int partition, Reading told) {}

    /**
     * A group reads on although it is not known whether an earlier reader has stopped: what that
     * one consumed and could not say may come again.
     *
     * @param why the rule and the facts
     */
    default void forced(int service, int partition, String why) {}

    /**
     * The changelog this replica followed has been another one since before its end: acknowledged
     * writes are given up.
     */
    void discarded(int service, int partition, LogPosition from, LogPosition to);

    /** This member's part in a partition, or the partition's owner, is another now. */
    void roleChanged(int service, int partition, String role, Epoch epoch);

    /**
     * Something was thrown in a partition that must not be, and it takes no part any more on this
     * member. Where nobody can be told of that, it is thrown on.
     */
    default void stopped(int service, int partition, Throwable why) {
        switch (why) {
            case RuntimeException thrown -> throw thrown;
            case Error thrown -> throw thrown;
            default -> throw new IllegalStateException(why);
        }
    }

    /** Sends the items of a decision's stream to a caller. */
    void stream(MemberId to, long call, Decision.Stream stream);

    /** The decision was never committed: its stream is to be closed unread. */
    void discard(Decision.Stream stream);

    /** Sends a committed decision's message to another service under this identity. */
    void emit(Decision.Emitted emitted, RequestId id);

    /** What a reader of a group is told about one partition. */
    sealed interface Reading {

        /** Its number at this member. */
        long reader();

        /**
         * It reads the partition now, and nobody else of its group does.
         *
         * @param grant what it was given, by which it is known
         * @param consumed what the group has consumed
         * @param acks what is known beyond that
         */
        record Granted(long reader, LogPosition grant, Consumed consumed, Acks acks)
                implements Reading {}

        /** It is to stop after what it has begun, and to say when it has. */
        record Revoked(long reader) implements Reading {}

        /**
         * It never will read the partition.
         *
         * @param why the rule and the facts
         */
        record Refused(long reader, String why) implements Reading {}
    }
}
