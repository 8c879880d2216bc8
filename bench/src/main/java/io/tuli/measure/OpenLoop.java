package io.tuli.measure;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * Messages at a fixed rate, whatever becomes of the earlier ones. Each is timed from the moment at
 * which it was to be sent, so a pause shows in all messages it delays.
 *
 * <p>The sender sleeps between messages - it would take one of two processors otherwise - and sends
 * what is due when it wakes; that it wakes late is part of the figures.
 */
final class OpenLoop {

    private static final long NANOS_MAX = 120_000_000_000L;
    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final long ANSWER_NANOS_MAX = 60 * SECOND_NANOS;

    private final Sender sender;
    private final long rate;

    OpenLoop(Sender sender, long rate) {
        this.sender = sender;
        this.rate = rate;
    }

    Sample run(long count, long round) {
        Histogram latencies = new ConcurrentHistogram(NANOS_MAX, 3);
        AtomicLong answered = new AtomicLong();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        long allocated = Allocation.ofAllThreads();
        long began = System.nanoTime();
        for (long i = 0; i < count; i++) {
            long index = i;
            long due = began + i * SECOND_NANOS / rate;
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            sender.send(index, round)
                    .whenComplete(
                            (answer, failed) -> {
                                latencies.recordValue(Math.max(0, System.nanoTime() - due));
                                if (failed == null) {
                                    sender.check(index, round, answer == null ? "" : answer);
                                } else {
                                    failure.set(failed);
                                }
                                answered.incrementAndGet();
                            });
        }
        await(answered, count);
        long nanos = System.nanoTime() - began;
        Throwable failed = failure.get();
        if (failed != null) {
            throw new IllegalStateException("a message was not answered", failed);
        }
        return Sample.of(count, nanos, latencies, Allocation.ofAllThreads() - allocated);
    }

    private static void await(AtomicLong answered, long count) {
        long deadline = System.nanoTime() + ANSWER_NANOS_MAX;
        while (answered.get() < count) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("answered " + answered.get() + " of " + count);
            }
            LockSupport.parkNanos(1_000_000);
        }
    }
}
