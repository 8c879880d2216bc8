package io.tuli.machine;

import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.protocol.Snapshot;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * The requests of one caller that a partition executed last, in the order of execution: plain
 * arrays used in a circle, because there are very many of them and they live long. One thread.
 *
 * <p>A caller counts its requests, so they mostly come in the order of their numbers. A number
 * above all seen is new at a glance; others are found by bisection, or one by one where the order
 * is broken.
 */
final class ExecutedRequests {

    /** Numbers of one request lie together, so that it is one place of memory that is touched. */
    private static final int STRIDE = 4;

    private static final int OFFSET = 1;
    private static final int TIME = 2;
    private static final int DIGEST = 3;

    private final long origin;

    /** Sequence, offset, time and digest of each; so many cells are a power of two. */
    private long[] numbers = new long[STRIDE];

    /** Empty until the first reply that is one: an update has none. */
    private Payload[] replies = {};

    private int cells = 1;
    private int head;
    private int count;

    private long highest = Long.MIN_VALUE;

    /** How many of the newest come in the order of their numbers. */
    private int ordered;

    private long lastTime;
    private long forgottenMax;
    private boolean hasForgotten;

    ExecutedRequests(long origin) {
        this.origin = origin;
    }

    /** Hybrid logical clock of the last one. */
    long lastTime() {
        return lastTime;
    }

    /** Whether a request of that number might have been executed and forgotten. */
    boolean isForgotten(long sequence) {
        return hasForgotten && sequence <= forgottenMax;
    }

    /** Whether any was executed and forgotten, for callers that do not count their requests. */
    boolean hasForgotten() {
        return hasForgotten;
    }

    /** Reads a little of where the next one will be written, so far as it lies that deep. */
    int prefetch(int depth) {
        return depth == 0 ? count : (int) numbers[STRIDE * cell(count)];
    }

    /** Where the request is, counted from the oldest; -1 if it is not there. */
    int find(long sequence) {
        if (count == 0 || sequence > highest) {
            return -1;
        }
        return ordered == count ? bisect(sequence) : walk(sequence);
    }

    /** The same of a request of that digest: after a split one id may be of several. */
    int find(long sequence, long digest) {
        int found = find(sequence);
        for (int i = found; i >= 0; i--) {
            if (sequence(i) == sequence && isOf(i, digest)) {
                return i;
            }
            if (ordered == count) {
                return -1;
            }
        }
        return -1;
    }

    private boolean isOf(int index, long digest) {
        long known = numbers[STRIDE * cell(index) + DIGEST];
        return known == digest || known == 0 || digest == 0;
    }

    private int bisect(long sequence) {
        int low = 0;
        int high = count - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sequence(middle) < sequence) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return sequence(low) == sequence ? low : -1;
    }

    private int walk(long sequence) {
        for (int i = count - 1; i >= 0; i--) {
            if (sequence(i) == sequence) {
                return i;
            }
        }
        return -1;
    }

    private int cell(int index) {
        return (head + index) & (cells - 1);
    }

    private long sequence(int index) {
        return numbers[STRIDE * cell(index)];
    }

    Snapshot.Reply at(int index) {
        int cell = cell(index);
        int at = STRIDE * cell;
        RequestId id = new RequestId(origin, numbers[at]);
        Payload reply = replies.length == 0 ? Payload.NONE : replies[cell];
        long digest = numbers[at + DIGEST];
        long offset = numbers[at + OFFSET];
        return new Snapshot.Reply(id, origin, digest, offset, numbers[at + TIME], reply);
    }

    void forEach(Consumer<Snapshot.Reply> action) {
        for (int i = 0; i < count; i++) {
            action.accept(at(i));
        }
    }

    /** Adds the newest; beyond so many the oldest is forgotten. */
    void add(long sequence, long digest, long offset, long time, Payload reply, int most) {
        int known = find(sequence, digest);
        if (known >= 0) {
            removeAt(known);
        }
        if (count == most) {
            forgetOldest();
        }
        if (count == cells) {
            enlarge();
        }
        boolean isInOrder = count == 0 || sequence > highest || sequence(count - 1) < sequence;
        put(cell(count), sequence, digest, offset, time, reply);
        count++;
        ordered = isInOrder ? ordered + 1 : 1;
        highest = Math.max(highest, sequence);
        lastTime = Math.max(lastTime, time);
    }

    private void put(int cell, long sequence, long digest, long offset, long time, Payload reply) {
        int at = STRIDE * cell;
        numbers[at] = sequence;
        numbers[at + OFFSET] = offset;
        numbers[at + TIME] = time;
        numbers[at + DIGEST] = digest;
        if (replies.length > 0) {
            replies[cell] = reply;
        } else if (!reply.isNone()) {
            replies = new Payload[cells];
            Arrays.fill(replies, Payload.NONE);
            replies[cell] = reply;
        }
    }

    private void forgetOldest() {
        forgotten(sequence(0));
        release(head);
        head = cell(1);
        count--;
        ordered = Math.min(ordered, count);
    }

    private void forgotten(long sequence) {
        forgottenMax = hasForgotten ? Math.max(forgottenMax, sequence) : sequence;
        hasForgotten = true;
    }

    private void enlarge() {
        long[] more = new long[2 * numbers.length];
        int first = STRIDE * head;
        System.arraycopy(numbers, first, more, 0, numbers.length - first);
        System.arraycopy(numbers, 0, more, numbers.length - first, first);
        numbers = more;
        if (replies.length > 0) {
            Payload[] longer = new Payload[2 * cells];
            Arrays.fill(longer, Payload.NONE);
            System.arraycopy(replies, head, longer, 0, cells - head);
            System.arraycopy(replies, 0, longer, cells - head, head);
            replies = longer;
        }
        cells *= 2;
        head = 0;
    }

    void forgetReply(long sequence, long digest) {
        int index = find(sequence, digest);
        if (index >= 0 && replies.length > 0) {
            replies[cell(index)] = Snapshot.Reply.FORGOTTEN;
        }
    }

    /** Forgets a request as if it had never been executed. */
    void remove(long sequence, long digest) {
        int index = find(sequence, digest);
        if (index >= 0) {
            removeAt(index);
        }
    }

    private void removeAt(int index) {
        for (int i = index; i < count - 1; i++) {
            Snapshot.Reply next = at(i + 1);
            long sequence = next.id().sequence();
            put(cell(i), sequence, next.digest(), next.offset(), next.time(), next.reply());
        }
        count--;
        release(cell(count));
        ordered = orderedNow();
    }

    private int orderedNow() {
        int inOrder = Math.min(1, count);
        while (inOrder < count && sequence(count - inOrder - 1) < sequence(count - inOrder)) {
            inOrder++;
        }
        return inOrder;
    }

    /** All come from a snapshot: who made it may have forgotten some, if there are so many. */
    void installed(int most) {
        if (count >= most) {
            long lowest = Long.MAX_VALUE;
            for (int i = 0; i < count; i++) {
                lowest = Math.min(lowest, sequence(i));
            }
            forgotten(lowest - 1);
        }
    }

    private void release(int cell) {
        if (replies.length > 0) {
            replies[cell] = Payload.NONE;
        }
    }
}
