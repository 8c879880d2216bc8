package io.tuli.swarm;

import io.tuli.cluster.Cluster;
import io.tuli.planted.Bug;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Many seeds, each a run of its own, on as many threads as there are processors. Thread-safe.
 *
 * @param seeds how many
 * @param first the first of them
 * @param bug planted in each run; null for none
 * @param always what each has, whatever it draws
 * @param stopsAtFailure whether no more are begun once one has failed
 * @param observer is shown each cluster before its run
 */
record Swarm(
        long seeds,
        long first,
        @Nullable Bug bug,
        Always always,
        boolean stopsAtFailure,
        Consumer<Cluster> observer) {

    Swarm(long seeds, long first) {
        this(seeds, first, null, Always.NOTHING, false, cluster -> {});
    }

    /** What became of them. The listener hears of each, from any thread, one at a time. */
    SwarmReport run(Consumer<SwarmRun> listener) {
        long begun = System.nanoTime();
        SwarmReport.Tally tally = new SwarmReport.Tally();
        AtomicLong next = new AtomicLong(first);
        int threads = (int) Math.min(Runtime.getRuntime().availableProcessors(), seeds);
        try (ExecutorService workers = Executors.newFixedThreadPool(threads, this::worker)) {
            List<Future<?>> working =
                    IntStream.range(0, threads)
                            .<Future<?>>mapToObj(
                                    i -> workers.submit(() -> work(next, tally, listener)))
                            .toList();
            for (Future<?> each : working) {
                each.get();
            }
        } catch (ExecutionException broken) {
            throw new IllegalStateException(broken.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        return tally.report(System.nanoTime() - begun);
    }

    private Thread worker(Runnable work) {
        Thread thread = new Thread(work, "tuli-swarm");
        thread.setDaemon(true);
        return thread;
    }

    private void work(AtomicLong next, SwarmReport.Tally tally, Consumer<SwarmRun> listener) {
        long end = first + seeds;
        for (long seed = next.getAndIncrement(); seed < end; seed = next.getAndIncrement()) {
            if ((stopsAtFailure && tally.hasFailed()) || Thread.currentThread().isInterrupted()) {
                return;
            }
            tally.add(SwarmRun.of(seed, bug, always, observer), listener);
        }
    }
}
