package io.tuli.spin;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets one thread wait for a condition that others make true. Whoever may have made it true calls
 * {@link #signal}, which costs one read while nobody waits.
 */
public final class Waiter {

    private volatile @Nullable Thread waiting;

    /** Waits until the condition holds, or the thread is interrupted: then it answers false. */
    public boolean await(BooleanSupplier condition) {
        return await(condition, Long.MAX_VALUE);
    }

    /** As {@link #await(BooleanSupplier)}, and answers false when that many nanoseconds pass. */
    public boolean await(BooleanSupplier condition, long nanos) {
        long begin = System.nanoTime();
        waiting = Thread.currentThread();
        try {
            while (!condition.getAsBoolean()) {
                long left = nanos - (System.nanoTime() - begin);
                if (left <= 0 || Thread.currentThread().isInterrupted()) {
                    return false;
                }
                park(nanos, left);
            }
            return true;
        } finally {
            waiting = null;
        }
    }

    /** Without a timer where there is no end to wait for: timers cost. */
    private void park(long nanos, long left) {
        if (nanos == Long.MAX_VALUE) {
            LockSupport.park(this);
        } else {
            LockSupport.parkNanos(this, left);
        }
    }

    public void signal() {
        Thread thread = waiting;
        if (thread != null) {
            LockSupport.unpark(thread);
        }
    }
}
