package io.tuli.replica;

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
final class Executed {

    private final long origin;
    private long[] sequences = new long[1];
    private long[] offsets = new long[1];
    private long[] times = new long[1];
    private Payload[] replies = new Payload[1];
    private int head;
    private int count;

    private long highest = Long.MIN_VALUE;

    /** How many of the newest come in the order of their numbers. */
    private int ordered;

    private long lastTime;
    private long forgottenMax;
    private boolean hasForgotten;

    Executed(long origin) {
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

    /** Where the request is, counted from the oldest; -1 if it is not there. */
    int find(long sequence) {
        if (count == 0 || sequence > highest) {
            return -1;
        }
        return ordered == count ? bisect(sequence) : walk(sequence);
    }

    private int bisect(long sequence) {
        int low = 0;
        int high = count - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sequences[cell(middle)] < sequence) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return sequences[cell(low)] == sequence ? low : -1;
    }

    private int walk(long sequence) {
        for (int i = count - 1; i >= 0; i--) {
            if (sequences[cell(i)] == sequence) {
                return i;
            }
        }
        return -1;
    }

    private int cell(int index) {
        return (head + index) & (sequences.length - 1);
    }

    Snapshot.Reply at(int index) {
        int cell = cell(index);
        RequestId id = new RequestId(origin, sequences[cell]);
        return new Snapshot.Reply(id, offsets[cell], times[cell], replies[cell]);
    }

    void forEach(Consumer<Snapshot.Reply> action) {
        for (int i = 0; i < count; i++) {
            action.accept(at(i));
        }
    }

    /** Adds the newest; beyond so many the oldest is forgotten. */
    void add(long sequence, long offset, long time, Payload reply, int most) {
        int known = find(sequence);
        if (known >= 0) {
            removeAt(known);
        }
        if (count == most) {
            forgetOldest();
        }
        if (count == sequences.length) {
            enlarge();
        }
        boolean isInOrder = count == 0 || sequences[cell(count - 1)] < sequence;
        int cell = cell(count);
        sequences[cell] = sequence;
        offsets[cell] = offset;
        times[cell] = time;
        replies[cell] = reply;
        count++;
        ordered = isInOrder ? ordered + 1 : 1;
        highest = Math.max(highest, sequence);
        lastTime = Math.max(lastTime, time);
    }

    private void forgetOldest() {
        forgotten(sequences[head]);
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
        int length = sequences.length;
        sequences = straight(sequences, Arrays.copyOf(sequences, 2 * length));
        offsets = straight(offsets, Arrays.copyOf(offsets, 2 * length));
        times = straight(times, Arrays.copyOf(times, 2 * length));
        Payload[] larger = Arrays.copyOf(replies, 2 * length);
        System.arraycopy(replies, head, larger, 0, length - head);
        System.arraycopy(replies, 0, larger, length - head, head);
        replies = larger;
        head = 0;
    }

    private long[] straight(long[] circle, long[] larger) {
        System.arraycopy(circle, head, larger, 0, circle.length - head);
        System.arraycopy(circle, 0, larger, circle.length - head, head);
        return larger;
    }

    /** Forgets a request as if it had never been executed. */
    void remove(long sequence) {
        int index = find(sequence);
        if (index >= 0) {
            removeAt(index);
        }
    }

    private void removeAt(int index) {
        for (int i = index; i < count - 1; i++) {
            int to = cell(i);
            int from = cell(i + 1);
            sequences[to] = sequences[from];
            offsets[to] = offsets[from];
            times[to] = times[from];
            replies[to] = replies[from];
        }
        count--;
        release(cell(count));
        ordered = orderedNow();
    }

    private int orderedNow() {
        int inOrder = Math.min(1, count);
        while (inOrder < count
                && sequences[cell(count - inOrder - 1)] < sequences[cell(count - inOrder)]) {
            inOrder++;
        }
        return inOrder;
    }

    /** All come from a snapshot: who made it may have forgotten some, if there are so many. */
    void installed(int most) {
        if (count >= most) {
            long lowest = Long.MAX_VALUE;
            for (int i = 0; i < count; i++) {
                lowest = Math.min(lowest, sequences[cell(i)]);
            }
            forgotten(lowest - 1);
        }
    }

    @SuppressWarnings("NullAway") // a free cell holds nothing, and is never read
    private void release(int cell) {
        replies[cell] = null;
    }
}
