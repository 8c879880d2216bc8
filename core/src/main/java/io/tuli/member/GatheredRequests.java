package io.tuli.member;

import io.tuli.MemberId;
import io.tuli.protocol.Frame;
import java.util.Arrays;

/**
 * Requests of a batch for one service, to be handed out partition by partition: what is kept of a
 * partition is fetched from memory once for several of them. In a partition they keep their order.
 * One thread.
 *
 * <p>References lie in arrays that are made anew for each batch: to write one into an array that
 * lives long costs a fence with the garbage collector G1.
 */
final class GatheredRequests {

    /** More are handed out before more are gathered. */
    private static final int MOST = 4_096;

    private static final int FIRST_CAPACITY = 256;
    private static final int NONE = -1;

    /** The latest request of each partition; the partitions that have any, and their first ones. */
    private final int[] last;

    private final int[] partitions;
    private final int[] first;
    private int partitionCount;

    private MemberId[] senders = {};
    private Frame.Request[] requests = {};
    private long[] times = {};
    private int[] next = {};
    private int count;

    GatheredRequests(int partitions) {
        this.last = new int[partitions];
        this.partitions = new int[partitions];
        this.first = new int[partitions];
        Arrays.fill(last, NONE);
    }

    /** Takes one request after the other. */
    @FunctionalInterface
    interface Taker {
        void take(MemberId from, Frame.Request request, long now);
    }

    boolean isEmpty() {
        return count == 0;
    }

    boolean isFull() {
        return count == MOST;
    }

    /** Whether there is a request of that partition. */
    boolean has(int partition) {
        return last[partition] != NONE;
    }

    /** A request of a partition that there is. */
    void add(MemberId from, Frame.Request request, long now) {
        if (count == requests.length) {
            enlarge();
        }
        int partition = request.partition();
        if (last[partition] == NONE) {
            partitions[partitionCount] = partition;
            first[partitionCount] = count;
            partitionCount++;
        } else {
            next[last[partition]] = count;
        }
        last[partition] = count;
        next[count] = NONE;
        senders[count] = from;
        requests[count] = request;
        times[count] = now;
        count++;
    }

    private void enlarge() {
        int capacity = Math.max(FIRST_CAPACITY, 2 * count);
        senders = Arrays.copyOf(senders, capacity);
        requests = Arrays.copyOf(requests, capacity);
        if (times.length < capacity) {
            times = Arrays.copyOf(times, capacity);
            next = Arrays.copyOf(next, capacity);
        }
    }

    /** Hands out all there are; none may be added meanwhile. */
    void dispatchTo(Taker taker) {
        for (int i = 0; i < partitionCount; i++) {
            last[partitions[i]] = NONE;
            for (int each = first[i]; each != NONE; each = next[each]) {
                taker.take(senders[each], requests[each], times[each]);
            }
        }
        partitionCount = 0;
        count = 0;
        senders = new MemberId[0];
        requests = new Frame.Request[0];
    }
}
