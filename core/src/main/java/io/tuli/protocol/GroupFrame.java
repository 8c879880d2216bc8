package io.tuli.protocol;

import io.tuli.Epoch;
import io.tuli.LogPosition;
import io.tuli.error.Excerpt;
import io.tuli.log.Extras.Acks;
import java.util.List;

/** A frame about a reader of a group, and one partition, between its member and the owner. */
public sealed interface GroupFrame extends Frame.OfGroup {

    /** The owner's. */
    Epoch epoch();

    /** The reader's number at its member. */
    long reader();

    /**
     * To the owner: a reader of the sender's wants to read the partition as one of a group, and
     * reads it not now. Said again until it is answered.
     *
     * @param epoch the owner's
     * @param reader its number at the sender
     * @param released what it was granted last, and reads no more; {@link LogPosition#START} if it
     *     never was
     * @param isLeaving whether it wants to no more
     * @param places what the group has consumed as far as the reader knows, by epoch; where it was
     *     never granted, what counts as consumed if the group is new
     * @param acks what is known beyond that, where the group acknowledges; of a claim that leaves,
     *     what of the rejected is to be kept no more, whoever says so
     */
    record Claim(
            int service,
            int partition,
            Epoch epoch,
            long reader,
            String group,
            LogPosition released,
            boolean isLeaving,
            List<LogPosition> places,
            Acks acks)
            implements GroupFrame {

        public Claim {
            places = List.copyOf(places);
        }

        /** Of a group that does not acknowledge. */
        public Claim(
                int service,
                int partition,
                Epoch epoch,
                long reader,
                String group,
                LogPosition released,
                boolean isLeaving,
                List<LogPosition> places) {
            this(service, partition, epoch, reader, group, released, isLeaving, places, Acks.NONE);
        }

        /** Whether its places are what was consumed by whoever read them. */
        public boolean hasRead() {
            return released.offset() > 0;
        }
    }

    /**
     * From the owner: that reader of the receiver's reads the partition, and no other of its group.
     *
     * @param offset of the entry that says so; with the epoch it names the grant
     * @param places what the group has consumed, by epoch
     * @param acks what is known beyond that, but for what is rejected
     */
    record Grant(
            int service,
            int partition,
            Epoch epoch,
            long reader,
            String group,
            long offset,
            List<LogPosition> places,
            Acks acks)
            implements GroupFrame {

        public Grant {
            places = List.copyOf(places);
        }

        /** What a member answers that has no such reader any more. */
        public Claim returned() {
            LogPosition released = new LogPosition(epoch, offset);
            return new Claim(
                    service, partition, epoch, reader, group, released, true, places, acks);
        }
    }

    /**
     * From the owner: that reader of the receiver's reads the partition no more, when it has ended
     * what it has begun; it claims then. Also the answer to a claim that is not granted now.
     *
     * @param offset of the grant; {@link #NONE} of none
     * @param detail why it never will be granted, for people, as a {@link Excerpt}; empty if it may
     */
    record Revoke(int service, int partition, Epoch epoch, long reader, long offset, String detail)
            implements GroupFrame {

        /** In place of an offset: no entry of an epoch is its opening. */
        public static final long NONE = 0;

        public Revoke {
            detail = Excerpt.detail(detail);
        }
    }

    /**
     * To the owner: what a reader of the sender's has consumed by now of what it was granted.
     *
     * @param acks what it knows beyond that, and what it has rejected
     */
    record Took(
            int service,
            int partition,
            Epoch epoch,
            long reader,
            long offset,
            List<LogPosition> places,
            Acks acks)
            implements GroupFrame {

        public Took {
            places = List.copyOf(places);
        }
    }
}
