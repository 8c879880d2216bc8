package io.tuli.socket;

import io.tuli.error.Require;
import io.tuli.protocol.Durations;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before dialling again: twice as long each time, up to a cap, and spread at
 * random so that members which lost each other at once do not come back at once.
 *
 * @param base before the second attempt
 * @param cap the longest
 * @param jitter which part of the wait is random, 0..1
 */
public record Backoff(Duration base, Duration cap, double jitter) {

    private static final int DOUBLINGS_MAX = 30;

    public Backoff {
        Require.argument(base.isPositive(), "backoff.base must be positive", base);
        Require.argument(cap.compareTo(base) >= 0, "backoff.cap must be >= backoff.base", cap);
        Require.argument(jitter >= 0 && jitter <= 1, "backoff.jitter must be 0..1", jitter);
    }

    /** 100 ms, doubled up to 60 s, half of it random. */
    public static Backoff defaults() {
        return new Backoff(Duration.ofMillis(100), Duration.ofSeconds(60), 0.5);
    }

    /** The wait after the {@code failures}-th failure in a row, counted from 0. */
    public long delayNanos(int failures, RandomGenerator random) {
        double doubled =
                (double) Durations.nanos(base) * (double) (1L << Math.min(failures, DOUBLINGS_MAX));
        double longest = Math.min(doubled, (double) Durations.nanos(cap));
        return (long) (longest * (1 - jitter * random.nextDouble()));
    }
}
