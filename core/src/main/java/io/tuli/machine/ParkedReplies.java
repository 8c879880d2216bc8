package io.tuli.machine;

import io.tuli.Commit;
import io.tuli.Epoch;
import io.tuli.LogPosition;
import io.tuli.MemberId;
import io.tuli.Payload;
import io.tuli.protocol.Decision;
import io.tuli.protocol.Effects;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Iterator;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Replies that wait until their entry has the copies its caller asked for. Those who asked for the
 * same become due in the order of the log, so each has a queue.
 */
public final class ParkedReplies {

    private final Effects effects;
    private final HeldBytes held;
    private final SortedMap<Commit, Queue> queues =
            new TreeMap<>(
                    Comparator.comparingInt((Commit asked) -> asked.disks())
                            .thenComparingInt(asked -> asked.copies()));

    /** The queue added to last: most callers ask for the same. */
    private @Nullable Queue latest;

    private int count;

    public ParkedReplies(Effects effects, HeldBytes held) {
        this.effects = effects;
        this.held = held;
    }

    public void add(Parked parked) {
        Commit asked = parked.pending.request().commit();
        Queue queue = latest;
        if (queue == null || !queue.asked.equals(asked)) {
            queue = queues.computeIfAbsent(asked, Queue::new);
            latest = queue;
        }
        queue.replies.add(parked);
        queue.untold++;
        count++;
        held.take(parked.from, parked.bytes);
    }

    /** Sends what has become due. */
    void release(Quorum quorum) {
        if (count == 0) {
            return;
        }
        for (Queue queue : queues.values()) {
            Parked due = queue.replies.peek();
            long end = due == null ? 0 : quorum.reachedBy(queue.asked);
            while (due != null && due.position.offset() <= end) {
                queue.remove();
                count--;
                held.give(due.from, due.bytes);
                due.tell(quorum, effects);
                due = queue.replies.peek();
            }
        }
    }

    public boolean isEmpty() {
        return count == 0;
    }

    /**
     * Tells callers that their requests are here, where the reply has not come by itself meanwhile,
     * as it mostly has.
     */
    public void tellAccepted() {
        if (count == 0) {
            return;
        }
        for (Queue queue : queues.values()) {
            Iterator<Parked> newest = queue.replies.descendingIterator();
            for (; queue.untold > 0; queue.untold--) {
                PendingRequest pending = newest.next().pending;
                if (pending.from() != null) {
                    effects.outbox().accepted(pending.from(), pending.request().call());
                }
            }
        }
    }

    /** Forgets what nobody waits for any more: its caller has said UNKNOWN by now. */
    public void expire(long nowNanos) {
        if (count == 0) {
            return;
        }
        for (Queue queue : queues.values()) {
            Parked oldest = queue.replies.peek();
            while (oldest != null && oldest.pending.isExpired(nowNanos)) {
                queue.remove();
                count--;
                held.give(oldest.from, oldest.bytes);
                if (oldest.stream != null) {
                    effects.observer().discard(oldest.stream);
                }
                oldest = queue.replies.peek();
            }
        }
    }

    /**
     * The owner is none any more: a repeat under the same id will meet its own entry, or be
     * executed elsewhere.
     */
    public void redirectAll(Epoch epoch) {
        for (Queue queue : queues.values()) {
            for (Parked parked : queue.replies) {
                held.give(parked.from, parked.bytes);
                parked.pending.redirectAppended(epoch, effects);
                if (parked.stream != null) {
                    effects.observer().discard(parked.stream);
                }
            }
        }
        queues.clear();
        latest = null;
        count = 0;
    }

    /** Sends a reply, and starts the stream if there is one. */
    static void tell(
            PendingRequest pending,
            LogPosition position,
            Quorum quorum,
            Payload reply,
            Decision.@Nullable Stream stream,
            Effects effects) {
        int copies = quorum.copiesAt(position.offset());
        int disks = quorum.disksAt(position.offset());
        pending.ok(position, copies, disks, stream != null, reply, effects);
        if (stream == null) {
            return;
        }
        if (pending.from() == null) {
            effects.observer().discard(stream);
        } else {
            effects.observer().stream(pending.from(), pending.request().call(), stream);
        }
    }

    /**
     * A reply and the position its entry ends at. Whom to tell it is kept here, too: when it is
     * due, the request has long been out of the processor's cache.
     *
     * @param bytes what request and reply take
     * @param stream to be started when it is told; null if the reply is all
     */
    public record Parked(
            PendingRequest pending,
            @Nullable MemberId from,
            long call,
            int bytes,
            LogPosition position,
            Payload reply,
            Decision.@Nullable Stream stream) {

        public static Parked of(
                PendingRequest pending,
                LogPosition position,
                Payload reply,
                Decision.@Nullable Stream stream) {
            int bytes = pending.bytes() + reply.sizeBytes();
            long call = pending.request().call();
            return new Parked(pending, pending.from(), call, bytes, position, reply, stream);
        }

        void tell(Quorum quorum, Effects effects) {
            if (stream != null) {
                ParkedReplies.tell(pending, position, quorum, reply, stream, effects);
            } else if (from != null) {
                int copies = quorum.copiesAt(position.offset());
                int disks = quorum.disksAt(position.offset());
                effects.outbox()
                        .send(
                                from,
                                PendingRequest.result(call, position, copies, disks, false, reply));
            }
        }
    }

    /** Those that wait for the same, in the order of the log. */
    private static final class Queue {

        final Commit asked;
        final ArrayDeque<Parked> replies = new ArrayDeque<>();

        /** So many of the newest have not been told that they wait. */
        int untold;

        Queue(Commit asked) {
            this.asked = asked;
        }

        void remove() {
            replies.remove();
            untold = Math.min(untold, replies.size());
        }
    }
}
