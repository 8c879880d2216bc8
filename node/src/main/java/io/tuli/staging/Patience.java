package io.tuli.staging;

import io.tuli.protocol.Durations;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** How long the disk has been at what it does, for others to see: its own thread waits. */
final class Patience {

    private static final long TELL_AGAIN_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final long IDLE = 0;

    private final long slowNanos;
    private final long stuckNanos;
    private final DiskListener listener;
    private final Runnable refuse;
    private final AtomicBoolean isGivenUp = new AtomicBoolean();
    private final AtomicLong toldSlow = new AtomicLong(System.nanoTime() - TELL_AGAIN_NANOS);
    private volatile long since = IDLE;

    /**
     * @param refuse is run before anybody is told that the disk is given up
     */
    Patience(DiskBounds bounds, DiskListener listener, Runnable refuse) {
        this.slowNanos = Durations.nanos(bounds.slow());
        this.stuckNanos = Durations.nanos(bounds.stuck());
        this.listener = listener;
        this.refuse = refuse;
    }

    // ---- the disk's thread ---------------------------------------------------------------------

    void begin() {
        since = System.nanoTime() | 1; // never IDLE
    }

    void end() {
        since = IDLE;
    }

    // ---- any thread ----------------------------------------------------------------------------

    /** True for the first who says so. */
    boolean giveUp() {
        refuse.run();
        return isGivenUp.compareAndSet(false, true);
    }

    boolean isGivenUp() {
        return isGivenUp.get();
    }

    void look(long now) {
        long begun = since;
        long busy = now - begun;
        if (begun == IDLE || busy < slowNanos) {
            return;
        }
        if (busy >= stuckNanos && giveUp()) {
            listener.stuck(Duration.ofNanos(busy));
        }
        long told = toldSlow.get();
        if (now - told >= TELL_AGAIN_NANOS && toldSlow.compareAndSet(told, now)) {
            listener.slow(Duration.ofNanos(busy));
        }
    }
}
