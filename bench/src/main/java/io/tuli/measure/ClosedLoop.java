package io.tuli.measure;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * One message at a time: the next is sent when the caller, who waits for it, has seen the answer.
 * The floor of latency; it hides a pause, as nothing is sent while there is one.
 */
final class ClosedLoop {

    private static final int ANSWER_SECONDS_MAX = 60;
    private static final long NANOS_MAX = 120_000_000_000L;

    private final Sender sender;

    ClosedLoop(Sender sender) {
        this.sender = sender;
    }

    Sample run(long count, long round) throws Exception {
        Histogram latencies = new Histogram(NANOS_MAX, 3);
        long allocated = Allocation.ofAllThreads();
        long began = System.nanoTime();
        long before = began;
        for (long index = 0; index < count; index++) {
            Object answer = sender.send(index, round).get(ANSWER_SECONDS_MAX, TimeUnit.SECONDS);
            long now = System.nanoTime();
            latencies.recordValue(now - before);
            before = now;
            sender.check(index, round, answer == null ? "" : answer);
        }
        long nanos = System.nanoTime() - began;
        return Sample.of(count, nanos, latencies, Allocation.ofAllThreads() - allocated);
    }
}
