package io.tuli.cluster;

import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * Virtual time: what is to happen, in the order of its moments, ties in the order of their making.
 * One thread.
 */
public final class Timeline {

    public static final long MILLI = 1_000_000;

    private final PriorityQueue<Moment> moments = new PriorityQueue<>();
    private final SplittableRandom random;
    private long nowNanos;
    private long orders;
    private long hash;

    Timeline(long seed) {
        this.random = new SplittableRandom(seed);
    }

    long nowNanos() {
        return nowNanos;
    }

    SplittableRandom random() {
        return random;
    }

    /** A number in {@code [from, to)}. */
    long between(long from, long to) {
        return random.nextLong(from, to);
    }

    boolean happens(double probability) {
        return probability > 0 && random.nextDouble() < probability;
    }

    public void after(long delayNanos, Runnable action) {
        at(nowNanos + delayNanos, action);
    }

    void at(long nanos, Runnable action) {
        moments.add(new Moment(Math.max(nanos, nowNanos), orders++, action));
    }

    /** Lets everything happen that is due within so long. */
    void run(long nanos) {
        long end = nowNanos + nanos;
        while (!moments.isEmpty() && moments.peek().nanos <= end) {
            Moment moment = moments.remove();
            nowNanos = moment.nanos;
            moment.action.run();
        }
        nowNanos = end;
    }

    /** Adds a fact to the trace, whose hash two runs of one seed share. */
    void trace(long fact) {
        hash = (hash ^ fact) * 0x100000001b3L + nowNanos;
        hash ^= hash >>> 29;
    }

    long traceHash() {
        return hash;
    }

    private record Moment(long nanos, long order, Runnable action) implements Comparable<Moment> {

        @Override
        public int compareTo(Moment other) {
            int byTime = Long.compare(nanos, other.nanos);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }
}
