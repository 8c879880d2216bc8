package io.tuli.replica;

import io.tuli.Epoch;
import io.tuli.Failure;
import io.tuli.MemberId;
import io.tuli.machine.PendingRequest;
import io.tuli.protocol.Frame;

/**
 * What this member is for one partition at the moment. One object per period in the role.
 *
 * <p>Transitions, asked for through {@link RoleContext} and made by {@link Replica}: Follower to
 * Candidate (the ring wants us, and the owner is gone or we are in sync with it), Candidate to
 * Owner (everybody promised, the longest changelog is here), Candidate to Follower (a higher epoch,
 * or the ring wants another), Owner to Follower (a higher epoch), Owner to Candidate (when somebody
 * else claims to own), and any role to Stopped, which is for ever. Frames that come too late for a
 * role carry its epoch and are ignored.
 */
sealed interface PartitionRole permits Owner, Candidate, Follower, PartitionRole.Stopped {

    /** As reports name it. */
    String title();

    /** Reads what the next request will touch of it, so far as it lies that deep. */
    default int prefetch(int depth) {
        return 0;
    }

    void request(PendingRequest pending, long nowNanos);

    void follow(MemberId from, Frame.Follow follow, long nowNanos);

    /** The ring is another now; {@link RoleContext#ring()} has it. */
    void ringChanged(long nowNanos);

    /**
     * Time has passed.
     *
     * @return for how many nanoseconds it may be left alone if nothing else happens; 0 if it wants
     *     every tick
     */
    long tick(long nowNanos);

    /** The end of a batch: what was gathered is sent. */
    void flush();

    /** Whether this replica is the owner's, or keeps up with it. */
    default boolean isInSync() {
        return false;
    }

    void linkUp(MemberId member, long nowNanos);

    void linkDown(MemberId member);

    /** The role ends because of a higher epoch: immediate and total. */
    void end(Epoch higher);

    /**
     * After something was thrown that must not be: takes no part, for nobody knows what holds here
     * any more. It gives nothing of what it holds to others, and so does not carry the fault on.
     */
    final class Stopped implements PartitionRole {

        private static final String WHY =
                "the partition has stopped on its owner because of a fault there, which that"
                        + " member's log tells; restart that member";

        private final RoleContext context;

        Stopped(RoleContext context) {
            this.context = context;
        }

        @Override
        public String title() {
            return "stopped";
        }

        @Override
        public void request(PendingRequest pending, long nowNanos) {
            MemberId wanted = context.ring().ownerOf(context.partition.number());
            if (wanted == null || wanted.equals(context.core.self())) {
                pending.fail(Failure.UNAVAILABLE, WHY, context.effects);
            } else {
                pending.redirect(new Epoch(0, wanted.incarnation()), context.effects);
            }
        }

        @Override
        public void follow(MemberId from, Frame.Follow follow, long nowNanos) {}

        @Override
        public void ringChanged(long nowNanos) {}

        @Override
        public long tick(long nowNanos) {
            return Long.MAX_VALUE;
        }

        @Override
        public void flush() {}

        @Override
        public void linkUp(MemberId member, long nowNanos) {}

        @Override
        public void linkDown(MemberId member) {}

        @Override
        public void end(Epoch higher) {}
    }
}
