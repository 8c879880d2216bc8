package io.tuli.machine;

import io.tuli.MemberId;
import io.tuli.protocol.Shares;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One message at a time per key: while a handler runs for a group - a key, or what a partitioner
 * puts together - later messages to it queue in order, and other groups go on.
 */
final class KeyQueues {

    private final int most;
    private final HeldBytes held;
    private final Map<String, ArrayDeque<PendingRequest>> busy = new HashMap<>();
    private final Shares places = new Shares();

    KeyQueues(int most, HeldBytes held) {
        this.most = most;
        this.held = held;
    }

    boolean isBusy(String group) {
        return !busy.isEmpty() && busy.containsKey(group);
    }

    /** Whether a request may wait: what one caller has waiting leaves room for others. */
    boolean hasRoom(PendingRequest pending) {
        return pending.isFold() || places.hasPlace(pending.from(), most);
    }

    /** A request begins to wait for an earlier one, here or elsewhere. */
    void take(PendingRequest pending) {
        held.take(pending);
        places.take(pending.from(), 1);
    }

    /** It waits no more. */
    void give(PendingRequest pending) {
        held.give(pending);
        places.give(pending.from(), 1);
    }

    void occupy(String group) {
        busy.put(group, new ArrayDeque<>(2));
    }

    void queue(String group, PendingRequest pending) {
        ArrayDeque<PendingRequest> queue = busy.get(group);
        if (queue != null) {
            queue.add(pending);
            take(pending);
        }
    }

    /**
     * The next message of a group whose handler has ended; null, and the group is free, if there is
     * none.
     */
    @Nullable PendingRequest next(String group) {
        ArrayDeque<PendingRequest> queue = busy.get(group);
        if (queue == null || queue.isEmpty()) {
            busy.remove(group);
            return null;
        }
        PendingRequest next = queue.remove();
        give(next);
        return next;
    }

    /** Takes out, and answers, what one caller gave up. */
    List<PendingRequest> cancel(MemberId from, long call) {
        List<PendingRequest> cancelled = new ArrayList<>(1);
        for (ArrayDeque<PendingRequest> queue : busy.values()) {
            for (Iterator<PendingRequest> each = queue.iterator(); each.hasNext(); ) {
                PendingRequest pending = each.next();
                if (pending.isCall(from, call)) {
                    each.remove();
                    give(pending);
                    cancelled.add(pending);
                }
            }
        }
        return cancelled;
    }

    void drainTo(Consumer<PendingRequest> taker) {
        busy.values().forEach(queue -> queue.forEach(this::give));
        busy.values().forEach(queue -> queue.forEach(taker));
        busy.clear();
    }
}
