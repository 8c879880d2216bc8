package io.tuli.protocol;

import io.tuli.LogPosition;
import io.tuli.MemberId;
import io.tuli.log.Extras.Acks;
import io.tuli.log.SourceMark;
import io.tuli.ring.Ring;
import java.util.List;

/** All that a core can hear. Time is passed beside it; a core asks nobody. */
public sealed interface Input {

    /** A frame from another member, or a request of this member's own. */
    record Received(MemberId from, Frame.OfPartition frame) implements Input {}

    /** The servers of a service are others now. Idempotent. */
    record RingChanged(int service, Ring ring) implements Input {}

    /** The decision of a handler that was not inline. */
    record Decided(int service, int partition, long task, Decision decision) implements Input {}

    /**
     * A change of another service to be folded into this one: handled like a request, unless the
     * partition has consumed it already, or executed the request. Those of one source partition are
     * executed in order, and each moves the marks whatever its outcome: a handler that fails is not
     * asked again. Ignored where this member is not the owner.
     *
     * @param marks the change's place, and those a merge took it from: not empty
     */
    record Folded(Frame.Request request, List<SourceMark> marks) implements Input {}

    /**
     * Everything up to these marks has been looked at, and concerned other partitions: they are
     * stored in one entry. Those that are not after what the partition has consumed are dropped.
     */
    record Consumed(int service, int partition, List<SourceMark> marks) implements Input {}

    /** Something about a reader of a group at this member, and one partition. */
    sealed interface OfReader extends Input {

        int service();

        int partition();

        /** Its number at this member. */
        long reader();
    }

    /**
     * Somebody here wants to read the partition as one of a group.
     *
     * @param reader its number at this member
     * @param from what counts as consumed where the group is new, by epoch
     */
    record ReaderJoined(
            int service, int partition, long reader, String group, List<LogPosition> from)
            implements OfReader {}

    /**
     * A reader that was granted the partition has consumed so much of it.
     *
     * @param places by epoch
     * @param acks what is known beyond that, and what was rejected
     * @param isStopped whether it has stopped, and is to read no more unless granted anew
     */
    record ReaderTook(
            int service,
            int partition,
            long reader,
            List<LogPosition> places,
            Acks acks,
            boolean isStopped)
            implements OfReader {}

    /** Somebody here wants that a group keeps a rejected change no more. */
    record ReaderDiscarded(int service, int partition, String group, LogPosition at)
            implements OfReader {

        /** Whoever says it need not read. */
        @Override
        public long reader() {
            return 0;
        }
    }

    /** A reader is no more; what it was granted it has stopped to read. */
    record ReaderLeft(int service, int partition, long reader) implements OfReader {}

    /** The caller of these gave a call up. */
    record Cancelled(MemberId from, long call) implements Input {}

    /** There is a link to the member again, and nothing of before is on its way any more. */
    record LinkUp(MemberId member) implements Input {}

    record LinkDown(MemberId member) implements Input {}

    /** There is room in the outbox to some member again: what waited for that may go. */
    record LinkWritable() implements Input {}

    /**
     * All that was given to the {@link Keeper} up to the batch of that number is as safe as each
     * record asks. Numbers may be left out.
     */
    record Kept(long ticket) implements Input {}

    /** Time has passed; come often, at least every 50 ms. */
    record Tick() implements Input {}
}
