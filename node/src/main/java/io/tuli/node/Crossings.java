package io.tuli.node;

import io.tuli.MemberId;
import io.tuli.protocol.Frame;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Frames one loop has for others of the same member, because a partition or a call is pinned there.
 * Gathered during a batch, handed over once at its end. One thread.
 */
final class Crossings {

    /** A frame, and from whom. */
    record Arrival(MemberId from, Frame frame) {}

    /** All that one loop hands to another at the end of a batch. */
    record Load(List<Arrival> arrivals) {}

    private final @Nullable List<Arrival>[] byLoop;
    private final Loops loops;

    @SuppressWarnings({"unchecked", "rawtypes"}) // There are no arrays of generic types.
    Crossings(Loops loops) {
        this.loops = loops;
        this.byLoop = new List[loops.count()];
    }

    void arrival(int loop, MemberId from, Frame frame) {
        listFor(loop).add(new Arrival(from, frame));
    }

    private List<Arrival> listFor(int loop) {
        List<Arrival> list = byLoop[loop];
        if (list == null) {
            list = new ArrayList<>();
            byLoop[loop] = list;
        }
        return list;
    }

    void handOver() {
        for (int loop = 0; loop < byLoop.length; loop++) {
            List<Arrival> list = byLoop[loop];
            if (list != null) {
                byLoop[loop] = null;
                loops.at(loop).post(new Load(list));
            }
        }
    }
}
