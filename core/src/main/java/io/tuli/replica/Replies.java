package io.tuli.replica;

import io.tuli.RequestId;
import io.tuli.protocol.Snapshot;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The requests a partition has executed and what it answered, by which a repeat is recognised. Part
 * of the replicated state: it moves with ownership and snapshots.
 *
 * <p>Bounds: per caller the newest {@code perCallerMax}; a caller silent for the window is
 * forgotten; at most {@value #CALLERS_MAX} callers, the one silent longest goes first.
 */
final class Replies {

    private static final int CALLERS_MAX = 16_384;

    private final int perCallerMax;
    private final LinkedHashMap<Long, Caller> callers = new LinkedHashMap<>(16, 0.75f, true);

    Replies(int perCallerMax) {
        this.perCallerMax = perCallerMax;
    }

    Snapshot.@Nullable Reply find(RequestId id) {
        Caller caller = callers.get(id.origin());
        return caller == null ? null : caller.bySequence.get(id.sequence());
    }

    /** Whether a repeat with this id might have been executed and forgotten. */
    boolean isExpired(RequestId id) {
        Caller caller = callers.get(id.origin());
        return caller != null && caller.hasForgotten && id.sequence() <= caller.forgottenMax;
    }

    void add(Snapshot.Reply reply) {
        Caller caller = callers.computeIfAbsent(reply.id().origin(), origin -> new Caller());
        caller.add(reply, perCallerMax);
        if (callers.size() > CALLERS_MAX) {
            Iterator<Long> eldest = callers.keySet().iterator();
            eldest.next();
            eldest.remove();
        }
    }

    /** Forgets a request whose entry was truncated: it was never executed. */
    void remove(RequestId id) {
        Caller caller = callers.get(id.origin());
        if (caller != null) {
            Snapshot.Reply reply = caller.bySequence.remove(id.sequence());
            caller.order.remove(reply);
        }
    }

    /** Forgets callers whose last request is older than a time of the hybrid logical clock. */
    void forgetBefore(long time) {
        callers.values().removeIf(caller -> caller.lastTime < time);
    }

    /** All that were executed before an offset, oldest first. */
    List<Snapshot.Reply> before(long offset) {
        List<Snapshot.Reply> replies = new ArrayList<>();
        for (Caller caller : callers.values()) {
            for (Snapshot.Reply reply : caller.order) {
                if (reply.offset() < offset) {
                    replies.add(reply);
                }
            }
        }
        replies.sort(Comparator.comparingLong(Snapshot.Reply::offset));
        return replies;
    }

    void clear() {
        callers.clear();
    }

    /**
     * All come from a snapshot: a caller whose window is full may have had more, which whoever made
     * the snapshot had forgotten.
     */
    void installed() {
        callers.values().forEach(caller -> caller.installed(perCallerMax));
    }

    private static final class Caller {
        private final Map<Long, Snapshot.Reply> bySequence = new HashMap<>();
        private final ArrayDeque<Snapshot.Reply> order = new ArrayDeque<>();
        private long lastTime;
        private long forgottenMax;
        private boolean hasForgotten;

        void add(Snapshot.Reply reply, int most) {
            bySequence.put(reply.id().sequence(), reply);
            order.add(reply);
            lastTime = Math.max(lastTime, reply.time());
            if (order.size() > most) {
                long forgotten = order.remove().id().sequence();
                bySequence.remove(forgotten);
                forgottenMax = hasForgotten ? Math.max(forgottenMax, forgotten) : forgotten;
                hasForgotten = true;
            }
        }

        void installed(int most) {
            if (order.size() >= most) {
                hasForgotten = true;
                forgottenMax = Collections.min(bySequence.keySet()) - 1;
            }
        }
    }
}
