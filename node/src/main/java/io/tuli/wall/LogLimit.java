package io.tuli.wall;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Lets one line into the log each minute, and counts those it keeps out. Thread-safe. */
public final class LogLimit {

    private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final AtomicLong nextNanos = new AtomicLong(System.nanoTime());
    private final AtomicLong unlogged = new AtomicLong();

    /** Asks for a line; where it is not granted, it is counted. */
    public boolean mayLog() {
        long now = System.nanoTime();
        long next = nextNanos.get();
        boolean may = now - next >= 0 && nextNanos.compareAndSet(next, now + QUIET_NANOS);
        if (!may) {
            unlogged.incrementAndGet();
        }
        return may;
    }

    /** How many were kept out since the last line, to be said in the next. */
    public long takeUnlogged() {
        return unlogged.getAndSet(0);
    }
}
