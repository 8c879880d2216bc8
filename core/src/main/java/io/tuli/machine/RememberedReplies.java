package io.tuli.machine;

import io.tuli.RequestId;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * What the replies take that the partitions of one loop remember for repeats, but for small ones,
 * which are bounded by their number. Of more than there may be, whoever's take the most loses the
 * oldest of its own: the request stays known, and is not executed again; its reply is forgotten.
 *
 * <p>What a table has forgotten by itself is counted until its turn comes: it is among the oldest.
 * One thread.
 */
public final class RememberedReplies {

    /** So large a reply is counted; smaller ones take no more than their requests' numbers do. */
    static final int COUNTED_BYTES = 512;

    private final long most;
    private final Map<Long, Caller> callers = new HashMap<>();

    /** Those whose replies take the most last. */
    private final NavigableSet<Caller> bySize =
            new TreeSet<>(
                    Comparator.comparingLong((Caller caller) -> caller.bytes)
                            .thenComparingLong(caller -> caller.member));

    private long sum;

    /**
     * @param most for all callers together; no bound if 0
     */
    RememberedReplies(long most) {
        this.most = most;
    }

    /** A table remembers a reply. */
    void add(DedupTable table, RequestId id, long member, long digest, int bytes) {
        if (most == 0 || bytes < COUNTED_BYTES) {
            return;
        }
        Caller caller = callers.computeIfAbsent(member, Caller::new);
        caller.replies.add(new Remembered(table, id, digest, bytes));
        count(caller, bytes);
        while (sum > most) {
            forgetOldest(bySize.last());
        }
    }

    private void forgetOldest(Caller caller) {
        Remembered oldest = caller.replies.remove();
        count(caller, -oldest.bytes);
        oldest.table.forgetReply(oldest.id, oldest.digest);
    }

    private void count(Caller caller, int bytes) {
        bySize.remove(caller);
        caller.bytes += bytes;
        sum += bytes;
        if (caller.replies.isEmpty()) {
            callers.remove(caller.member);
        } else {
            bySize.add(caller);
        }
    }

    long sum() {
        return sum;
    }

    private record Remembered(DedupTable table, RequestId id, long digest, int bytes) {}

    /** Who sent requests, and their replies, the oldest first. */
    private static final class Caller {

        final long member;
        final ArrayDeque<Remembered> replies = new ArrayDeque<>();
        long bytes;

        Caller(long member) {
            this.member = member;
        }
    }
}
