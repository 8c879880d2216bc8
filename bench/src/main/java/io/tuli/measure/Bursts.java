package io.tuli.measure;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Times how fast messages are taken over by the sender's own process: a burst that fits all limits
 * is sent at full speed, and the clock stands still until all of it is answered.
 */
final class Bursts {

    private static final int ANSWER_SECONDS_MAX = 60;
    private static final long NANOS_MAX = 120_000_000_000L;

    private final Sender sender;
    private final int burst;

    Bursts(Sender sender, int burst) {
        this.sender = sender;
        this.burst = burst;
    }

    /** The latencies are those of whole bursts. */
    Sample run(long count, long round) throws Exception {
        Histogram bursts = new Histogram(NANOS_MAX, 3);
        CompletableFuture<?>[] answers = new CompletableFuture<?>[burst];
        long allocated = Allocation.ofAllThreads();
        long nanos = 0;
        for (long first = 0; first < count; first += burst) {
            int size = (int) Math.min(burst, count - first);
            long began = System.nanoTime();
            for (int i = 0; i < size; i++) {
                answers[i] = sender.send(first + i, round);
            }
            long taken = System.nanoTime() - began;
            bursts.recordValue(taken);
            nanos += taken;
            for (int i = 0; i < size; i++) {
                Object answer = answers[i].get(ANSWER_SECONDS_MAX, TimeUnit.SECONDS);
                sender.check(first + i, round, answer == null ? "" : answer);
            }
        }
        return Sample.of(count, nanos, bursts, Allocation.ofAllThreads() - allocated);
    }
}
