package io.tuli.machine;

import io.tuli.Epoch;
import io.tuli.Failure;
import io.tuli.MemberId;
import io.tuli.protocol.Effects;
import io.tuli.protocol.Shares;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Requests for a partition nobody owns at the moment, or whose changelog has no room for them, in
 * order of arrival; bounded. Each call is here once: sent again, it takes the place of what was
 * sent before.
 */
public final class UnownedRequests {

    private static final String EXPIRED =
            "no member owned the key's partition before the deadline, or its changelog had no"
                    + " room: nothing was executed";

    private final Map<Sent, PendingRequest> queue = new LinkedHashMap<>();
    private final int most;
    private final Effects effects;
    private final HeldBytes held;
    private final Shares places = new Shares();

    public UnownedRequests(CoreContext context) {
        this.most = context.limits().queuedPerPartition();
        this.effects = context.effects();
        this.held = context.held();
    }

    public void add(PendingRequest pending) {
        Sent sent = new Sent(pending.from(), pending.request().call());
        remove(sent);
        if (!places.hasPlace(pending.from(), most)) {
            pending.fail(
                    Failure.OVERLOADED,
                    "at most "
                            + most
                            + " requests wait for a partition's owner, or for room in its"
                            + " changelog, and one caller leaves a ninth of that to others: try"
                            + " later",
                    effects);
        } else if (held.isFull(pending)) {
            pending.overloaded(effects);
        } else {
            queue.put(sent, pending);
            held.take(pending);
            places.take(pending.from(), 1);
        }
    }

    private void remove(Sent sent) {
        PendingRequest before = queue.remove(sent);
        if (before != null) {
            gone(before);
        }
    }

    private void gone(PendingRequest pending) {
        held.give(pending);
        places.give(pending.from(), 1);
    }

    public void redirectAll(Epoch epoch) {
        drainTo(pending -> pending.redirect(epoch, effects));
    }

    /** Takes the oldest out, or null. */
    @Nullable PendingRequest next() {
        Iterator<PendingRequest> oldest = queue.values().iterator();
        if (!oldest.hasNext()) {
            return null;
        }
        PendingRequest next = oldest.next();
        oldest.remove();
        gone(next);
        return next;
    }

    /** Hands over all, oldest first; what the taker adds meanwhile stays. */
    public void drainTo(Consumer<PendingRequest> taker) {
        List<PendingRequest> all = new ArrayList<>(queue.values());
        queue.clear();
        all.forEach(this::gone);
        all.forEach(taker);
    }

    /**
     * There is no link to the member any more: it asks again, perhaps elsewhere, and whatever it is
     * told then must not be made a lie by what it had asked here.
     */
    public void forget(MemberId from) {
        List<Sent> gone = queue.keySet().stream().filter(sent -> from.equals(sent.from)).toList();
        gone.forEach(this::remove);
    }

    public void expire(long nowNanos) {
        Iterator<PendingRequest> each = queue.values().iterator();
        while (each.hasNext()) {
            PendingRequest pending = each.next();
            if (pending.isExpired(nowNanos)) {
                each.remove();
                gone(pending);
                pending.fail(Failure.UNAVAILABLE, EXPIRED, effects);
            }
        }
    }

    public boolean isEmpty() {
        return queue.isEmpty();
    }

    /**
     * One call of one member. Its caller chooses the number, so its hash, too: what has an order is
     * found all the same.
     */
    record Sent(@Nullable MemberId from, long call) implements Comparable<Sent> {

        private static final Comparator<Sent> ORDER =
                Comparator.comparing(Sent::from, Comparator.nullsFirst(Comparator.naturalOrder()))
                        .thenComparingLong(Sent::call);

        @Override
        public int compareTo(Sent other) {
            return ORDER.compare(this, other);
        }
    }
}
