package io.tuli.feed;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets one thread wait for a condition that others make true. Whoever may have made it true calls
 * {@link #signal}, which costs one read while nobody waits.
 */
final class Waiter {

    private volatile @Nullable Thread waiting;

    /** Waits until the condition holds, or the thread is interrupted: then it answers false. */
    boolean await(BooleanSupplier condition) {
        waiting = Thread.currentThread();
        try {
            while (!condition.getAsBoolean()) {
                LockSupport.park(this);
                if (Thread.currentThread().isInterrupted()) {
                    return condition.getAsBoolean();
                }
            }
            return true;
        } finally {
            waiting = null;
        }
    }

    void signal() {
        Thread thread = waiting;
        if (thread != null) {
            LockSupport.unpark(thread);
        }
    }
}
