package io.tuli.machine;

import io.tuli.Epoch;
import io.tuli.LogPosition;
import io.tuli.MemberId;
import io.tuli.Payload;
import io.tuli.protocol.Decision;
import io.tuli.protocol.Effects;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntToLongFunction;
import java.util.function.LongToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Replies that wait until their entry has the copies its caller asked for. For one number of copies
 * they become due in the order of the log, so each number has a queue.
 */
public final class ParkedReplies {

    private final Effects effects;
    private final HeldBytes held;
    private final SortedMap<Integer, Queue> byCopies = new TreeMap<>();

    /** The queue added to last: most callers ask for the same. */
    private @Nullable Queue latest;

    private int count;

    public ParkedReplies(Effects effects, HeldBytes held) {
        this.effects = effects;
        this.held = held;
    }

    public void add(Parked parked) {
        int copies = parked.pending.request().commit().copies();
        Queue queue = latest;
        if (queue == null || queue.copies != copies) {
            queue = byCopies.computeIfAbsent(copies, Queue::new);
            latest = queue;
        }
        queue.replies.add(parked);
        queue.untold++;
        count++;
        held.take(parked.from, parked.bytes);
    }

    /**
     * Sends what has become due.
     *
     * @param reached for a number of copies, the offset before which every entry has as many
     * @param copies for an offset, how many servers have everything before it
     */
    public void release(IntToLongFunction reached, LongToIntFunction copies) {
        if (count == 0) {
            return;
        }
        for (Queue queue : byCopies.values()) {
            Parked due = queue.replies.peek();
            long end = due == null ? 0 : reached.applyAsLong(queue.copies);
            while (due != null && due.position.offset() <= end) {
                queue.remove();
                count--;
                held.give(due.from, due.bytes);
                due.tell(copies.applyAsInt(due.position.offset()), effects);
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
        for (Queue queue : byCopies.values()) {
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
        for (Queue queue : byCopies.values()) {
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
        for (Queue queue : byCopies.values()) {
            for (Parked parked : queue.replies) {
                held.give(parked.from, parked.bytes);
                parked.pending.redirectAppended(epoch, effects);
                if (parked.stream != null) {
                    effects.observer().discard(parked.stream);
                }
            }
        }
        byCopies.clear();
        latest = null;
        count = 0;
    }

    /** Sends a reply, and starts the stream if there is one. */
    public static void tell(
            PendingRequest pending,
            LogPosition position,
            int copies,
            Payload reply,
            Decision.@Nullable Stream stream,
            Effects effects) {
        pending.ok(position, copies, stream != null, reply, effects);
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

        public void tell(int copies, Effects effects) {
            if (stream != null) {
                ParkedReplies.tell(pending, position, copies, reply, stream, effects);
            } else if (from != null) {
                effects.outbox()
                        .send(from, PendingRequest.result(call, position, copies, false, reply));
            }
        }
    }

    /** Those that wait for one number of copies, in the order of the log. */
    private static final class Queue {

        final int copies;
        final ArrayDeque<Parked> replies = new ArrayDeque<>();

        /** So many of the newest have not been told that they wait. */
        int untold;

        Queue(int copies) {
            this.copies = copies;
        }

        void remove() {
            replies.remove();
            untold = Math.min(untold, replies.size());
        }
    }
}
