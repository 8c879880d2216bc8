package io.tuli.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * Sends messages with a bounded number of them unanswered, checks every answer, and says how long
 * it took. Each sender has a thread; the window and the messages are divided among them.
 *
 * <p>A full window is half emptied before more is sent, so the sender is woken a few times a window
 * and not once a message. Every 16th message is timed, every one where few are in flight.
 */
final class Pipeline {

    private static final int TIMED_MASK = 15;
    private static final int WINDOW_OF_WHICH_ALL_ARE_TIMED = 64;
    private static final int ANSWER_SECONDS_MAX = 60;
    private static final long LATENCY_NANOS_MAX = 120_000_000_000L;

    private final List<? extends Sender> senders;
    private final int window;

    Pipeline(List<? extends Sender> senders, int window) {
        this.senders = List.copyOf(senders);
        this.window = Math.max(1, window / senders.size());
    }

    /** Sends each index below {@code count} once. */
    Sample run(long count, long round) throws InterruptedException {
        Histogram latencies = new ConcurrentHistogram(LATENCY_NANOS_MAX, 3);
        long allocated = Allocation.ofAllThreads();
        long began = System.nanoTime();
        if (senders.size() == 1) {
            send(0, count, round, latencies);
        } else {
            sendAll(count, round, latencies);
        }
        long nanos = System.nanoTime() - began;
        return Sample.of(count, nanos, latencies, Allocation.ofAllThreads() - allocated);
    }

    private void sendAll(long count, long round, Histogram latencies) throws InterruptedException {
        List<Future<?>> threads = new ArrayList<>();
        try (ExecutorService executor = Executors.newFixedThreadPool(senders.size())) {
            for (int i = 0; i < senders.size(); i++) {
                int first = i;
                threads.add(executor.submit(() -> send(first, count, round, latencies)));
            }
            for (Future<?> each : threads) {
                each.get();
            }
        } catch (ExecutionException failed) {
            throw new IllegalStateException(failed.getCause());
        }
    }

    private void send(int first, long count, long round, Histogram latencies) {
        Sender sender = senders.get(first);
        int step = senders.size();
        CompletableFuture<?>[] ring = new CompletableFuture<?>[window];
        long oldest = 0;
        long next = 0;
        int mask = window <= WINDOW_OF_WHICH_ALL_ARE_TIMED ? 0 : TIMED_MASK;
        for (long index = first; index < count; index += step, next++) {
            if (next - oldest == window) {
                long until = oldest + (window + 1) / 2;
                for (; oldest < until; oldest++) {
                    check(sender, ring[(int) (oldest % window)], first + oldest * step, round);
                }
            }
            CompletableFuture<?> answer;
            if ((next & mask) == 0) {
                long sent = System.nanoTime();
                answer = sender.send(index, round);
                answer.whenComplete((ok, e) -> latencies.recordValue(System.nanoTime() - sent));
            } else {
                answer = sender.send(index, round);
            }
            ring[(int) (next % window)] = answer;
        }
        for (; oldest < next; oldest++) {
            check(sender, ring[(int) (oldest % window)], first + oldest * step, round);
        }
    }

    private static void check(Sender sender, CompletableFuture<?> answer, long index, long round) {
        try {
            Object value =
                    answer.isDone()
                            ? answer.join()
                            : answer.get(ANSWER_SECONDS_MAX, TimeUnit.SECONDS);
            sender.check(index, round, value == null ? "" : value);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("message " + index + " was not answered", e);
        }
    }
}
