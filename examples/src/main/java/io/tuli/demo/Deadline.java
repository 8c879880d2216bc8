package io.tuli.demo;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * A moment by which something must have happened.
 *
 * @param within the time there was, for the error message
 * @param atNanos on the clock of {@link System#nanoTime}
 */
record Deadline(Duration within, long atNanos) {

    private static final long LOOK_NANOS = 20_000_000L;

    public static Deadline in(Duration within) {
        return new Deadline(within, System.nanoTime() + within.toNanos());
    }

    public static Deadline inSeconds(long seconds) {
        return in(Duration.ofSeconds(seconds));
    }

    public long leftNanos() {
        return Math.max(0, atNanos - System.nanoTime());
    }

    /** Whether the condition came true in time; looks every 20 ms. */
    public boolean isMet(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            if (leftNanos() == 0) {
                return false;
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return true;
    }

    /**
     * Waits for the condition; at the deadline fails with what was waited for, and how it stood.
     */
    void await(String what, BooleanSupplier condition, Supplier<?> facts) {
        if (!isMet(condition)) {
            throw missed(what, facts.get());
        }
    }

    DemoException missed(String what, Object facts) {
        return new DemoException(
                "waited %d s in vain: %s (%s)".formatted(within.toSeconds(), what, facts));
    }
}
