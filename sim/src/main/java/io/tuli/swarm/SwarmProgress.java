package io.tuli.swarm;

import java.io.PrintStream;
import java.util.Locale;

/**
 * Says how far a swarm is: to a person in one line that is written over, to a file a line now and
 * then. One thread at a time.
 */
final class SwarmProgress {

    private static final long WATCHED_EVERY_NANOS = 250_000_000L;
    private static final long UNWATCHED_EVERY_NANOS = 30_000_000_000L;
    private static final String CLEAR_LINE = "\r\033[K";
    private static final double SECOND = 1e9;

    private final PrintStream err;
    private final boolean isWatched;
    private final long seeds;
    private final long begunNanos = System.nanoTime();
    private long nextNanos;
    private long done;
    private long failed;
    private long virtualNanos;

    SwarmProgress(PrintStream err, boolean isWatched, long seeds) {
        this.err = err;
        this.isWatched = isWatched;
        this.seeds = seeds;
        this.nextNanos = begunNanos + everyNanos();
    }

    private long everyNanos() {
        return isWatched ? WATCHED_EVERY_NANOS : UNWATCHED_EVERY_NANOS;
    }

    void add(SwarmRun run) {
        done++;
        failed += run.failure() == null ? 0 : 1;
        virtualNanos += run.virtualNanos();
        long now = System.nanoTime();
        if (now - nextNanos >= 0) {
            nextNanos = now + everyNanos();
            err.print(isWatched ? CLEAR_LINE + line(now) : line(now) + "\n");
            err.flush();
        }
    }

    private String line(long now) {
        double seconds = Math.max(1, now - begunNanos) / SECOND;
        long left = Math.round((seeds - done) * seconds / done);
        return String.format(
                Locale.ROOT,
                "%,d of %,d seeds, %,d failed; %,.0f virtual seconds a second; %d:%02d to go",
                done,
                seeds,
                failed,
                virtualNanos / SECOND / seconds,
                left / 60,
                left % 60);
    }

    /** Something else is to be written. */
    void pause() {
        if (isWatched) {
            err.print(CLEAR_LINE);
            err.flush();
        }
    }

    void end() {
        pause();
    }
}
