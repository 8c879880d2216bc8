package io.tuli.replica;

import io.tuli.Epoch;
import io.tuli.LogPosition;
import io.tuli.Payload;
import io.tuli.protocol.Decision;
import io.tuli.protocol.Effects;
import java.util.ArrayDeque;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntToLongFunction;
import java.util.function.LongToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Replies that wait until their entry has the copies its caller asked for. For one number of copies
 * they become due in the order of the log, so each number has a queue.
 */
final class ParkedReplies {

    private final Effects effects;
    private final SortedMap<Integer, ArrayDeque<Parked>> byCopies = new TreeMap<>();
    private int count;

    ParkedReplies(Effects effects) {
        this.effects = effects;
    }

    void add(Parked parked) {
        int copies = parked.asked.request().commit().copies();
        byCopies.computeIfAbsent(copies, wanted -> new ArrayDeque<>()).add(parked);
        count++;
    }

    /**
     * Sends what has become due.
     *
     * @param reached for a number of copies, the offset before which every entry has as many
     * @param copies for an offset, how many servers have everything before it
     */
    void release(IntToLongFunction reached, LongToIntFunction copies) {
        if (count == 0) {
            return;
        }
        byCopies.forEach(
                (wanted, queue) -> {
                    if (queue.isEmpty()) {
                        return;
                    }
                    long end = reached.applyAsLong(wanted);
                    while (!queue.isEmpty() && queue.peek().position.offset() <= end) {
                        Parked due = queue.remove();
                        count--;
                        int has = copies.applyAsInt(due.position.offset());
                        tell(due.asked, due.position, has, due.reply, due.stream, effects);
                    }
                });
    }

    /** Forgets what nobody waits for any more: its caller has said UNKNOWN by now. */
    void expire(long nowNanos) {
        byCopies.values()
                .forEach(
                        queue -> {
                            while (!queue.isEmpty() && queue.peek().asked.isExpired(nowNanos)) {
                                Decision.Stream stream = queue.remove().stream;
                                count--;
                                if (stream != null) {
                                    effects.discard(stream);
                                }
                            }
                        });
    }

    /**
     * The owner is none any more: a repeat under the same id will meet its own entry, or be
     * executed elsewhere.
     */
    void redirectAll(Epoch epoch) {
        byCopies.values()
                .forEach(
                        queue ->
                                queue.forEach(
                                        parked -> {
                                            parked.asked.redirect(epoch, effects);
                                            if (parked.stream != null) {
                                                effects.discard(parked.stream);
                                            }
                                        }));
        byCopies.clear();
        count = 0;
    }

    /** Sends a reply, and starts the stream if there is one. */
    static void tell(
            Asked asked,
            LogPosition position,
            int copies,
            Payload reply,
            Decision.@Nullable Stream stream,
            Effects effects) {
        asked.ok(position, copies, stream != null, reply, effects);
        if (stream == null) {
            return;
        }
        if (asked.from() == null) {
            effects.discard(stream);
        } else {
            effects.stream(asked.from(), asked.request().call(), stream);
        }
    }

    /**
     * A reply and the place its entry ends at.
     *
     * @param stream to be started when it is told; null if the reply is all
     */
    record Parked(
            Asked asked, LogPosition position, Payload reply, Decision.@Nullable Stream stream) {}
}
