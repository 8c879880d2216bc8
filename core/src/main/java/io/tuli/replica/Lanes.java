package io.tuli.replica;

import io.tuli.MemberId;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One message at a time per key: while a handler runs for a place - a key, or what a partitioner
 * puts together - later messages to it queue in order, and other places go on.
 */
final class Lanes {

    private final int most;
    private final Map<String, ArrayDeque<Asked>> busy = new HashMap<>();
    private int queued;

    Lanes(int most) {
        this.most = most;
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

    void queue(String place, Asked asked) {
        ArrayDeque<Asked> lane = busy.get(place);
        if (lane != null) {
            lane.add(asked);
            queued++;
        }
    }

    /**
     * The next message of a place whose handler has ended; null, and the place is free, if there is
     * none.
     */
    @Nullable Asked next(String place) {
        ArrayDeque<Asked> lane = busy.get(place);
        if (lane == null || lane.isEmpty()) {
            busy.remove(place);
            return null;
        }
        queued--;
        return lane.remove();
    }

    /** Takes out what one caller gave up. */
    void cancel(MemberId from, long call, Consumer<Asked> taker) {
        for (ArrayDeque<Asked> lane : busy.values()) {
            for (Iterator<Asked> each = lane.iterator(); each.hasNext(); ) {
                Asked asked = each.next();
                if (from.equals(asked.from()) && asked.request().call() == call) {
                    each.remove();
                    queued--;
                    taker.accept(asked);
                }
            }
        }
    }

    void drainTo(Consumer<Asked> taker) {
        busy.values().forEach(lane -> lane.forEach(taker));
        busy.clear();
        queued = 0;
    }
}
