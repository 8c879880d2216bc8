package io.tuli.demo;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAccumulator;

/**
 * Takes the time of writes. Any thread; each write is told once.
 *
 * <p>A write's time runs from the moment the plan wanted it sent, not from when it was: a loader
 * that is held up would otherwise hide the delay of all the writes it did not send (the
 * "coordinated omission" of Gil Tene).
 */
final class WriteClock {

    private static final long NANOS_PER_MILLI = 1_000_000L;
    private static final long NONE = Long.MIN_VALUE;

    private final long startNanos;
    private final long[] tookNanos;
    private final AtomicLong lastNanos = new AtomicLong(NONE);
    private final LongAccumulator longestGapNanos = new LongAccumulator(Math::max, 0);
    private final AtomicLong acknowledged = new AtomicLong();

    WriteClock(int writes, long startNanos) {
        this.startNanos = startNanos;
        this.tookNanos = new long[writes];
    }

    /** A write was acknowledged just now. */
    void acknowledged(int number, long dueNanos, long nowNanos) {
        long before = lastNanos.getAndAccumulate(nowNanos, Math::max);
        if (before != NONE) {
            longestGapNanos.accumulate(nowNanos - before);
        }
        tookNanos[number] = nowNanos - dueNanos;
        acknowledged.incrementAndGet();
    }

    int acknowledged() {
        return (int) acknowledged.get();
    }

    /** The longest time between one acknowledged write and the next. */
    long longestGapMillis() {
        return longestGapNanos.get() / NANOS_PER_MILLI;
    }

    /** Acknowledged writes a second, from the start to the last of them. */
    long perSecond() {
        long nanos = Math.max(1, lastNanos.get() - startNanos);
        return Math.round(acknowledged.get() * 1e9 / nanos);
    }

    /** The time that this share of the writes kept within, for when all are done. */
    double percentileMillis(double share) {
        long[] sorted = tookNanos.clone();
        Arrays.sort(sorted);
        int index = (int) Math.ceil(share * sorted.length) - 1;
        return sorted[Math.clamp(index, 0, sorted.length - 1)] / (double) NANOS_PER_MILLI;
    }
}
