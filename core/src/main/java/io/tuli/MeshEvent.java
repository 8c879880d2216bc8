package io.tuli;

/**
 * Something an operator may want to know.
 *
 * @param kind what happened
 * @param subject whom it happened to: a member, or {@code service/partition}
 * @param text the facts, for people
 */
public record MeshEvent(Kind kind, String subject, String text) {

    /** The kinds of events. */
    public enum Kind {
        MEMBER_JOINED,
        MEMBER_LEFT,
        LINK_CONNECTING,
        LINK_UP,
        LINK_DOWN,
        LINK_THROTTLED,
        LINK_REFUSED,
        OWNER_CHANGED,
        /** A replica was replaced by a snapshot. */
        REPLICA_RESET,
        /** Acknowledged writes of one side of a split were given up for the other's. */
        WRITES_DISCARDED,
        HANDLER_FAILED,
        /** A handler has been running for long; its key waits, and with an inline one its loop. */
        HANDLER_SLOW,
        /**
         * A fold may not be exactly-once: what it had to read is no longer there, or not as single
         * changes, or it is forgotten whether another side of a split had folded it.
         */
        FOLD_INEXACT,
        SERVICE_REFUSED,
        /**
         * A loop of this member has not got on for {@code loop.stuck}, and all its partitions and
         * links wait: mostly because of a handler that waits on it. Told once each time.
         */
        LOOP_HELD_UP,
        /** A loop that was held up goes on. */
        LOOP_RECOVERED,
        /**
         * A partition takes no part any more on this member, because of a fault in it that must not
         * spread: restart the member. Its other partitions go on.
         */
        PARTITION_STOPPED,
        /** This member cannot go on, and leaves; {@link Mesh#closed()} says why. */
        MEMBER_BROKEN
    }
}
