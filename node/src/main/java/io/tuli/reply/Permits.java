package io.tuli.reply;

import io.tuli.Failure;
import io.tuli.TuliException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Bounds the calls of one member that have not ended. Thread-safe. */
public final class Permits {

    private final int max;
    private final Semaphore free;

    public Permits(int max) {
        this.max = max;
        this.free = new Semaphore(max);
    }

    /**
     * Takes one, waiting until the deadline, a time of {@link System#nanoTime}, if the thread may
     * wait.
     *
     * @throws TuliException OVERLOADED when there is none
     */
    public void take(boolean mayWait, long deadlineNanos) {
        if (free.tryAcquire()) {
            return;
        }
        if (!mayWait || !waited(deadlineNanos - System.nanoTime())) {
            throw new TuliException(
                    Failure.OVERLOADED,
                    "calls.in.flight of this member are all in use: max="
                            + max
                            + "; wait for replies before sending more");
        }
    }

    private boolean waited(long timeoutNanos) {
        try {
            return free.tryAcquire(timeoutNanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    public void giveBack(int count) {
        free.release(count);
    }

    public int inUse() {
        return max - free.availablePermits();
    }
}
