package io.tuli.replica;

import io.tuli.Epoch;
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
 * else claims to own). Frames that come too late for a role carry its epoch and are ignored.
 */
sealed interface PartitionRole permits Owner, Candidate, Follower {

    /** As reports name it. */
    String title();

    void request(PendingRequest asked, long nowNanos);

    void follow(MemberId from, Frame.Follow follow, long nowNanos);

    /** The ring is another now; {@link RoleContext#ring()} has it. */
    void ringChanged(long nowNanos);

    void tick(long nowNanos);

    /** The end of a batch: what was gathered is sent. */
    void flush();

    void linkUp(MemberId member, long nowNanos);

    void linkDown(MemberId member);

    /** The role ends because of a higher epoch: immediate and total. */
    void end(Epoch higher);
}
