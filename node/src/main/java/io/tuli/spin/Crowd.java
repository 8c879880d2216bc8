package io.tuli.spin;

import java.util.concurrent.TimeUnit;

/**
 * Whether the processors have other work than ours. Who yields then is away for milliseconds, while
 * who sleeps is woken at once: so nobody spins for {@value #REST} times as long as a yield has
 * taken, and spinning costs at most such a part of the time. One thread.
 */
public final class Crowd {

    static final int REST = 20;

    private static final long MOST_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private boolean isMet;
    private long until;

    /** A yield has taken too long. */
    void met(long now, long yieldedNanos) {
        until = now + Math.min(MOST_NANOS, REST * yieldedNanos);
        isMet = true;
    }

    boolean isThere(long now) {
        isMet = isMet && now - until < 0;
        return isMet;
    }
}
