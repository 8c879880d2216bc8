package io.tuli.measure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Messages that arrive at a fixed rate whether or not they can be answered, and what becomes of
 * each. A sender that is made to wait falls behind; what is due for longer than a message has
 * patience is not sent any more, as nobody would wait for its answer. Each sender has a thread and
 * its share.
 */
public final class Arrivals {

    private static final long NANOS_MAX = 120_000_000_000L;
    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final long OUTCOME_NANOS_MAX = 60 * SECOND_NANOS;

    private final List<Sender> senders;
    private final long rate;
    private final long patienceNanos;

    private final Histogram answers = new ConcurrentHistogram(NANOS_MAX, 3);
    private final Histogram refusals = new ConcurrentHistogram(NANOS_MAX, 3);
    private final LongAdder answered = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder heldBack = new LongAdder();
    private final LongAdder failed = new LongAdder();

    /**
     * @param rate messages a second, of all senders together
     * @param patience how long after it was due a message is still sent
     */
    public Arrivals(List<Sender> senders, long rate, Duration patience) {
        this.senders = List.copyOf(senders);
        this.rate = rate;
        this.patienceNanos = patience.toNanos();
    }

    /** Sends what is due in this time, and waits for all outcomes. Once. */
    public Pressure run(Duration time, long round) throws Exception {
        long count = rate * time.toMillis() / 1000;
        List<Future<?>> threads = new ArrayList<>();
        long began = System.nanoTime();
        try (ExecutorService executor = Executors.newFixedThreadPool(senders.size())) {
            for (int i = 0; i < senders.size(); i++) {
                int first = i;
                threads.add(executor.submit(() -> send(first, count, round, began)));
            }
            for (Future<?> each : threads) {
                each.get();
            }
        }
        awaitOutcomes(count);
        long nanos = System.nanoTime() - began;
        Pressure.Outcomes all =
                new Pressure.Outcomes(
                        count, answered.sum(), refused.sum(), heldBack.sum(), failed.sum());
        return Pressure.of(all, nanos, answers, refusals);
    }

    private void send(int first, long count, long round, long began) {
        Sender sender = senders.get(first);
        for (long i = first; i < count; i += senders.size()) {
            long index = i;
            long due = began + i * SECOND_NANOS / rate;
            long late = System.nanoTime() - due;
            for (; late < 0; late = System.nanoTime() - due) {
                LockSupport.parkNanos(-late);
            }
            if (late > patienceNanos) {
                heldBack.increment();
                refusals.recordValue(late);
                continue;
            }
            try {
                sender.send(index, round).whenComplete((answer, why) -> ended(sender, due, why));
            } catch (RuntimeException why) {
                ended(sender, due, why);
            }
        }
    }

    private void ended(Sender sender, long due, @Nullable Throwable why) {
        long nanos = Math.max(0, System.nanoTime() - due);
        if (why == null) {
            answers.recordValue(nanos);
            answered.increment();
        } else if (sender.isRefusal(why)) {
            refusals.recordValue(nanos);
            refused.increment();
        } else {
            failed.increment();
        }
    }

    private void awaitOutcomes(long count) {
        long deadline = System.nanoTime() + OUTCOME_NANOS_MAX;
        long ended = ended();
        for (; ended < count; ended = ended()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("ended are " + ended + " messages of " + count);
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    private long ended() {
        return answered.sum() + refused.sum() + heldBack.sum() + failed.sum();
    }
}
