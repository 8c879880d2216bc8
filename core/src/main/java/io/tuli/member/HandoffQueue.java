package io.tuli.member;

import io.tuli.MemberId;
import io.tuli.protocol.Frame;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Frames one loop has for others of the same member, because a partition or a call is pinned there.
 * GatheredRequests during a batch, handed over once at its end. One thread.
 */
final class HandoffQueue {

    private final @Nullable List<Handoff.Arrival>[] byLoop;
    private final Handoff handoff;

    @SuppressWarnings({"unchecked", "rawtypes"}) // There are no arrays of generic types.
    HandoffQueue(int loops, Handoff handoff) {
        this.byLoop = new List[loops];
        this.handoff = handoff;
    }

    void add(int loop, MemberId from, Frame frame) {
        List<Handoff.Arrival> list = byLoop[loop];
        if (list == null) {
            list = new ArrayList<>();
            byLoop[loop] = list;
        }
        list.add(new Handoff.Arrival(from, frame));
    }

    void handOver() {
        for (int loop = 0; loop < byLoop.length; loop++) {
            List<Handoff.Arrival> list = byLoop[loop];
            if (list != null) {
                byLoop[loop] = null;
                handoff.toLoop(loop, list);
            }
        }
    }
}
