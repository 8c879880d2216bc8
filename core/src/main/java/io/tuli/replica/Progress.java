package io.tuli.replica;

import io.tuli.MemberId;
import io.tuli.log.Entry;
import io.tuli.machine.Quorum;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Shares;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far one follower is, as the owner knows. Invariant: {@code match <= next}; everything before
 * {@code match} is the owner's log on that member.
 */
final class Progress extends Quorum.Voter {

    final MemberId member;

    /** Whether it is a server, and is sent entries before they are committed. */
    final boolean isServer;

    long next;
    long toldCommitted = -1;

    /** Asks what its parted changelog has before it gets a snapshot; null when that is done. */
    Frame.@Nullable Recall recall;

    boolean isRecallUnderWay;

    /** What it has told so far: merged all at once, so that nothing comes between. */
    final List<Entry> recalled = new ArrayList<>();

    /**
     * It lacks what the changelog no longer holds: a snapshot is made when there is room for it.
     */
    boolean needsSnapshot;

    /** How often it has asked again while it is being sent a snapshot. */
    int repeats;

    @Nullable SnapshotSender snapshot;

    /** Up to there it was asked to tell when it has it on disk. */
    long syncAsked;

    /** What of it waits to be sent, as far as it is counted. */
    private long heldBytes;

    private int arrivedBefore;
    private long arrivedNanos;

    Progress(MemberId member, boolean isServer) {
        this.member = member;
        this.isServer = isServer;
    }

    /** Whether it is sent something else than entries, or is to be. */
    boolean isSentMore() {
        return recall != null || needsSnapshot || snapshot != null;
    }

    /** From where on the changelog must be kept for it; a snapshot not yet made needs nothing. */
    long neededFrom() {
        if (needsSnapshot) {
            return Long.MAX_VALUE;
        }
        return snapshot == null ? match() : Math.max(match(), snapshot.end().offset());
    }

    /** A snapshot for a client is on its way, and what waits of it is counted. */
    void hold(Shares snapshots) {
        heldBytes = snapshot == null ? 0 : snapshot.waitingBytes();
        arrivedBefore = -1;
        snapshots.take(member, heldBytes);
    }

    /** Nothing waits to be sent any more. */
    void release(Shares snapshots) {
        if (heldBytes > 0) {
            snapshots.give(member, heldBytes);
            heldBytes = 0;
        }
    }

    /** Whether what waits of a snapshot waits for one that has taken nothing for so long. */
    boolean isStalled(long now, long longest) {
        if (heldBytes == 0 || snapshot == null) {
            return false;
        }
        if (snapshot.arrived() != arrivedBefore) {
            arrivedBefore = snapshot.arrived();
            arrivedNanos = now;
        }
        return now - arrivedNanos > longest;
    }
}
