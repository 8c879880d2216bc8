package io.tuli.swarm;

import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What became of a swarm.
 *
 * @param seeds how many were run
 * @param failed how many of them failed
 * @param firstFailingSeed the smallest of those; null if none
 * @param virtualNanos time that passed inside them
 * @param nanos time it took
 */
record SwarmReport(
        long seeds, long failed, @Nullable Long firstFailingSeed, long virtualNanos, long nanos) {

    private static final double NANOS_PER_SECOND = 1e9;

    double virtualSecondsPerSecond() {
        return nanos == 0 ? 0 : (double) virtualNanos / nanos;
    }

    String json() {
        return String.format(
                Locale.ROOT,
                "{\"seeds\":%d,\"failed\":%d,\"firstFailingSeed\":%s,\"virtualSeconds\":%.1f,"
                        + "\"seconds\":%.1f,\"virtualSecondsPerSecond\":%.1f}",
                seeds,
                failed,
                firstFailingSeed,
                virtualNanos / NANOS_PER_SECOND,
                nanos / NANOS_PER_SECOND,
                virtualSecondsPerSecond());
    }

    String text() {
        return String.format(
                Locale.ROOT,
                "%d seeds, %d failed; %.0f virtual seconds in %.1f s: %.0f per second",
                seeds,
                failed,
                virtualNanos / NANOS_PER_SECOND,
                nanos / NANOS_PER_SECOND,
                virtualSecondsPerSecond());
    }

    /** Adds runs up. Thread-safe. */
    static final class Tally {
        private long seeds;
        private long failed;
        private @Nullable Long firstFailingSeed;
        private long virtualNanos;

        synchronized void add(SwarmRun run, Consumer<SwarmRun> listener) {
            seeds++;
            virtualNanos += run.virtualNanos();
            if (run.failure() != null) {
                failed++;
                Long first = firstFailingSeed;
                firstFailingSeed = first == null ? run.seed() : Math.min(first, run.seed());
            }
            listener.accept(run);
        }

        synchronized boolean hasFailed() {
            return failed > 0;
        }

        synchronized SwarmReport report(long nanos) {
            return new SwarmReport(seeds, failed, firstFailingSeed, virtualNanos, nanos);
        }
    }
}
