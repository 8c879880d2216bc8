package io.tuli.protocol;

import java.time.Duration;

/**
 * Durations that users give as the numbers the library counts in. What is longer than 36 years is
 * for ever, and as much: a few of them, added to any clock of nanoseconds, stay numbers.
 */
public final class Durations {

    /** About 36 years. */
    public static final long NANOS_MOST = 1L << 60;

    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final Duration MOST = Duration.ofNanos(NANOS_MOST);

    /** Kept, for negating a duration goes by way of big decimals: 240 bytes a call. */
    private static final Duration LEAST = Duration.ofNanos(-NANOS_MOST);

    private Durations() {}

    public static long nanos(Duration duration) {
        if (duration.compareTo(MOST) >= 0) {
            return NANOS_MOST;
        }
        return duration.compareTo(LEAST) <= 0 ? -NANOS_MOST : duration.toNanos();
    }

    /** In whole milliseconds. */
    public static long millis(Duration duration) {
        return Math.floorDiv(nanos(duration), NANOS_PER_MILLI);
    }

    /** The same where an int is asked for: what is longer than 24 days is as much. */
    public static int intMillis(Duration duration) {
        return Math.clamp(millis(duration), Integer.MIN_VALUE, Integer.MAX_VALUE);
    }
}
