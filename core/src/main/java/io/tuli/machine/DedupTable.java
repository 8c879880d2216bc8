package io.tuli.machine;

import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.log.EntryReader;
import io.tuli.log.Sender;
import io.tuli.protocol.Reserved;
import io.tuli.protocol.Snapshot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The requests a partition has executed and what it answered, by which a repeat is recognised. Part
 * of the replicated state: it moves with ownership and snapshots.
 *
 * <p>Bounds, of ids that are numbers: per caller the newest {@code perCallerMax}; a caller silent
 * for the window is forgotten; at most {@value #CALLERS_MAX} callers, the one silent longest goes
 * first. Folds are a caller that is never forgotten as a whole: a split may be longer than the
 * window. Of ids that are names: at most {@value #NAMED_MAX}, whoever sent the most loses the
 * oldest first; each for the window. The bytes of replies are bounded for all tables of a loop: see
 * {@link RememberedReplies}.
 */
public final class DedupTable {

    private static final int CALLERS_MAX = 16_384;
    private static final int NAMED_MAX = 16_384;

    private final int perCallerMax;
    private final LinkedHashMap<Long, ExecutedRequests> callers =
            new LinkedHashMap<>(16, 0.75f, true);

    private final NamedRequests named = new NamedRequests(NAMED_MAX);

    /** The caller asked for last, which may be none: requests come in bursts of one caller. */
    private @Nullable ExecutedRequests latest;

    private long latestOrigin;
    private boolean hasLatest;

    private final RememberedReplies room;

    DedupTable(int perCallerMax, RememberedReplies room) {
        this.perCallerMax = perCallerMax;
        this.room = room;
    }

    private @Nullable ExecutedRequests of(long origin) {
        if (!hasLatest || latestOrigin != origin) {
            latest = callers.get(origin);
            latestOrigin = origin;
            hasLatest = true;
        }
        return latest;
    }

    /** Reads what the next request of the latest caller will touch, so far as it lies that deep. */
    int prefetch(int depth) {
        ExecutedRequests caller = latest;
        return depth == 0 || caller == null ? (int) latestOrigin : caller.prefetch(depth - 1);
    }

    /** A request executed under that id. */
    public Snapshot.@Nullable Reply find(RequestId id) {
        if (Sender.isApart(id)) {
            return named.find(id);
        }
        ExecutedRequests caller = of(id.origin());
        int index = caller == null ? -1 : caller.find(id.sequence());
        return caller == null || index < 0 ? null : caller.at(index);
    }

    /** The one of that digest: two sides of a split may have executed two under one id. */
    public Snapshot.@Nullable Reply find(RequestId id, long digest) {
        if (Sender.isApart(id)) {
            return named.find(id, digest);
        }
        ExecutedRequests caller = of(id.origin());
        int index = caller == null ? -1 : caller.find(id.sequence(), digest);
        return caller == null || index < 0 ? null : caller.at(index);
    }

    /** Whether a repeat with this id might have been executed and forgotten. */
    public boolean isExpired(RequestId id) {
        if (Sender.isApart(id)) {
            return false;
        }
        ExecutedRequests caller = of(id.origin());
        return caller != null && caller.isForgotten(id.sequence());
    }

    /**
     * The same of a caller whose requests have numbers that come in no order, as folds have: none
     * of them says which others were executed before it.
     */
    boolean hasForgotten(long origin) {
        ExecutedRequests caller = of(origin);
        return caller != null && caller.hasForgotten();
    }

    void add(Snapshot.Reply executed) {
        RequestId id = executed.id();
        if (Sender.isApart(id)) {
            named.add(executed);
        } else {
            caller(id.origin())
                    .add(
                            id.sequence(),
                            executed.digest(),
                            executed.offset(),
                            executed.time(),
                            executed.reply(),
                            perCallerMax);
        }
        int bytes = executed.reply().sizeBytes();
        room.add(this, id, executed.caller(), executed.digest(), bytes);
    }

    /** The request of the entry a reader is at. */
    void add(EntryReader entry, Payload reply) {
        long offset = entry.offset();
        if (entry.isCallerApart()) {
            long caller = entry.caller();
            named.add(
                    new Snapshot.Reply(
                            entry.id(), caller, entry.digest(), offset, entry.time(), reply));
        } else {
            caller(entry.origin())
                    .add(
                            entry.sequence(),
                            entry.digest(),
                            offset,
                            entry.time(),
                            reply,
                            perCallerMax);
        }
        if (reply.sizeBytes() >= RememberedReplies.COUNTED_BYTES) {
            room.add(this, entry.id(), entry.caller(), entry.digest(), reply.sizeBytes());
        }
    }

    private ExecutedRequests caller(long origin) {
        ExecutedRequests caller = of(origin);
        if (caller == null) {
            caller = new ExecutedRequests(origin);
            callers.put(origin, caller);
            latest = caller;
            forgetEldest();
        }
        return caller;
    }

    private void forgetLatest() {
        latest = null;
        hasLatest = false;
    }

    private void forgetEldest() {
        if (callers.size() > CALLERS_MAX) {
            Iterator<Long> eldest = callers.keySet().iterator();
            if (eldest.next() == Reserved.FOLDS) {
                eldest.next();
            }
            eldest.remove();
        }
    }

    /** There is no room for its reply; the request stays known. */
    void forgetReply(RequestId id, long digest) {
        if (Sender.isApart(id)) {
            named.forgetReply(id, digest);
            return;
        }
        ExecutedRequests caller = of(id.origin());
        if (caller != null) {
            caller.forgetReply(id.sequence(), digest);
        }
    }

    /** Forgets a request whose entry was truncated: it was never executed. */
    void remove(RequestId id, long digest) {
        if (Sender.isApart(id)) {
            named.remove(id, digest);
            return;
        }
        ExecutedRequests caller = of(id.origin());
        if (caller != null) {
            caller.remove(id.sequence(), digest);
        }
    }

    /** Forgets callers whose last request is older than a time of the hybrid logical clock. */
    public void forgetBefore(long time) {
        forgetLatest();
        named.forgetBefore(time);
        callers.entrySet()
                .removeIf(
                        caller ->
                                caller.getKey() != Reserved.FOLDS
                                        && caller.getValue().lastTime() < time);
    }

    /** All that were executed before an offset, oldest first. */
    public List<Snapshot.Reply> before(long offset) {
        List<Snapshot.Reply> replies = new ArrayList<>();
        Consumer<Snapshot.Reply> taker =
                reply -> {
                    if (reply.offset() < offset) {
                        replies.add(reply);
                    }
                };
        callers.values().forEach(caller -> caller.forEach(taker));
        named.forEach(taker);
        replies.sort(Comparator.comparingLong(Snapshot.Reply::offset));
        return replies;
    }

    void clear() {
        forgetLatest();
        callers.clear();
        named.clear();
    }

    /**
     * All come from a snapshot: a caller whose window is full may have had more, which whoever made
     * the snapshot had forgotten.
     */
    void installed() {
        callers.values().forEach(caller -> caller.installed(perCallerMax));
    }
}
