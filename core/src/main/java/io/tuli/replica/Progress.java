package io.tuli.replica;

import io.tuli.MemberId;
import io.tuli.log.Entry;
import io.tuli.machine.Quorum;
import io.tuli.protocol.Frame;
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
}
