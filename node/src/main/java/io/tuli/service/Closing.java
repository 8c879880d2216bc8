package io.tuli.service;

import io.tuli.Failure;
import io.tuli.TuliException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * How far a member's part in a service is from its end: open, draining, closed to its users, over.
 * One thread at a time leads it on; any thread looks.
 */
public final class Closing {

    private final String service;
    private final AtomicBoolean hasBegun = new AtomicBoolean();
    private final CountDownLatch isOver = new CountDownLatch(1);
    private volatile boolean isShut;

    Closing(String service) {
        this.service = service;
    }

    /** It drains from now on; false if it did so before, and somebody else ends it. */
    public boolean begin() {
        return hasBegun.compareAndSet(false, true);
    }

    public boolean hasBegun() {
        return hasBegun.get();
    }

    /** Its users have nothing of it any more. */
    public void shut() {
        isShut = true;
    }

    public boolean isShut() {
        return isShut;
    }

    /** Nothing is left of it. */
    public void end() {
        isOver.countDown();
    }

    /** Waits for the end; whether it has come. */
    public boolean await(long nanos) throws InterruptedException {
        return isOver.await(nanos, TimeUnit.NANOSECONDS);
    }

    /**
     * Nothing happens before it is shut.
     *
     * @throws TuliException CLOSED afterwards
     */
    void requireOpen() {
        if (isShut) {
            throw new TuliException(
                    Failure.CLOSED,
                    "this member has closed the service, serve or use it again: service="
                            + service);
        }
    }
}
