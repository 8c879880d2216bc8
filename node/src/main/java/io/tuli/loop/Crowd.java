package io.tuli.loop;

import java.util.concurrent.TimeUnit;

/**
 * Whether the processors have other work than ours. Who yields then is away for milliseconds, while
 * who sleeps is woken at once: so nobody looks out for a time after a crowd was met, twice as long
 * if one is met again soon. One thread.
 */
final class Crowd {

    private static final long FIRST_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long MOST_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private boolean isMet;
    private long until;
    private long restNanos;

    /** A yield has taken too long. */
    void met(long now) {
        boolean isAgain = isMet && now - until < MOST_NANOS;
        restNanos = isAgain ? Math.min(MOST_NANOS, 2 * restNanos) : FIRST_NANOS;
        until = now + restNanos;
        isMet = true;
    }

    boolean isThere(long now) {
        return isMet && now - until < 0;
    }
}
