package io.tuli.machine;

import io.tuli.MemberId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One message at a time per key: while a handler runs for a place - a key, or what a partitioner
 * puts together - later messages to it queue in order, and other places go on.
 */
final class KeyQueues {

    private final int most;
    private final HeldBytes held;
    private final Map<String, ArrayDeque<PendingRequest>> busy = new HashMap<>();
    private int queued;

    KeyQueues(int most, HeldBytes held) {
        this.most = most;
        this.held = held;
    }

    boolean isBusy(String place) {
        return !busy.isEmpty() && busy.containsKey(place);
    }

    boolean isFull() {
        return queued >= most;
    }

    void occupy(String place) {
        busy.put(place, new ArrayDeque<>(2));
    }

    void queue(String place, PendingRequest asked) {
        ArrayDeque<PendingRequest> lane = busy.get(place);
        if (lane != null) {
            lane.add(asked);
            held.take(asked);
            queued++;
        }
    }

    /**
     * The next message of a place whose handler has ended; null, and the place is free, if there is
     * none.
     */
    @Nullable PendingRequest next(String place) {
        ArrayDeque<PendingRequest> lane = busy.get(place);
        if (lane == null || lane.isEmpty()) {
            busy.remove(place);
            return null;
        }
        queued--;
        PendingRequest next = lane.remove();
        held.give(next);
        return next;
    }

    /** Takes out, and answers, what one caller gave up. */
    List<PendingRequest> cancel(MemberId from, long call) {
        List<PendingRequest> cancelled = new ArrayList<>(1);
        for (ArrayDeque<PendingRequest> lane : busy.values()) {
            for (Iterator<PendingRequest> each = lane.iterator(); each.hasNext(); ) {
                PendingRequest asked = each.next();
                if (asked.isCall(from, call)) {
                    each.remove();
                    held.give(asked);
                    queued--;
                    cancelled.add(asked);
                }
            }
        }
        return cancelled;
    }

    void drainTo(Consumer<PendingRequest> taker) {
        busy.values().forEach(lane -> lane.forEach(held::give));
        busy.values().forEach(lane -> lane.forEach(taker));
        busy.clear();
        queued = 0;
    }
}
