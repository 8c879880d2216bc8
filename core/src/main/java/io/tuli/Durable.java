package io.tuli;

import io.tuli.error.Require;
import java.time.Duration;

/**
 * When a copy of what was written is kept, and so counts for a {@link Commit}: for {@link
 * ServiceConfig#durable(Durable)}. Immutable.
 *
 * @param interval zero where a copy counts when it is on disk; else it counts when it is with the
 *     operating system, and is on disk so much later
 */
public record Durable(Duration interval) {

    public Durable {
        Require.argument(!interval.isNegative(), "an interval is not negative", interval);
    }

    /** The interval in milliseconds, at least 1 unless it is zero. */
    public long syncMillis() {
        return interval.isZero() ? 0 : Math.max(1, interval.toMillis());
    }

    /**
     * A copy counts when it is on disk, synced: nothing that was acknowledged is lost when the
     * power goes. Whatever came meanwhile is synced together.
     */
    public static Durable batch() {
        return new Durable(Duration.ZERO);
    }

    /**
     * A copy counts when the operating system has it: nothing is lost when processes are killed,
     * and where the power goes at most what was written in so long before.
     */
    public static Durable every(Duration interval) {
        Require.argument(interval.isPositive(), "an interval is positive", interval);
        return new Durable(interval);
    }
}
