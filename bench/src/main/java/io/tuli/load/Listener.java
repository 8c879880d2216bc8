package io.tuli.load;

import io.tuli.Service;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/** Counts the changes one member is told of: its feed counts, any other thread waits. */
final class Listener {

    private static final long MOMENT_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final LongAdder heard = new LongAdder();

    Listener(Service<byte[]> service) {
        service.feed().each(change -> heard.increment());
    }

    void await(long count, Duration within) {
        long deadline = System.nanoTime() + within.toNanos();
        while (heard.sum() < count) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("heard " + heard.sum() + " changes of " + count);
            }
            LockSupport.parkNanos(MOMENT_NANOS);
        }
    }
}
