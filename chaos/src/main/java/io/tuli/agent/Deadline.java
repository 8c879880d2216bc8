package io.tuli.agent;

import io.tuli.protocol.Durations;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A moment by which something must have happened.
 *
 * @param within the time there was, for the error message
 * @param atNanos on the clock of {@link System#nanoTime}
 */
public record Deadline(Duration within, long atNanos) {

    /** Looking costs something: whoever is asked is a process with other things to do. */
    private static final long LOOK_NANOS = 100_000_000L;

    public static Deadline in(Duration within) {
        return new Deadline(within, System.nanoTime() + Durations.nanos(within));
    }

    public static Deadline inSeconds(long seconds) {
        return in(Duration.ofSeconds(seconds));
    }

    public long leftNanos() {
        return Math.max(0, atNanos - System.nanoTime());
    }

    /** Whether the condition came true in time; looks every 100 ms. */
    public boolean isMet(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            if (leftNanos() == 0 || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return true;
    }
}
