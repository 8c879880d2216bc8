package io.tuli.loop;

import io.tuli.Require;

/**
 * How long to look out for work before sleeping, learnt from how long work took to come before. It
 * doubles when looking out for as long as may be would have been useful, and is halved when it
 * would not: so it is nothing after a few waits that were too long. One thread.
 */
final class Patience {

    /** Begins with such a part of the most, and ends below it. */
    private static final int LEAST_PART = 8;

    private final long mostNanos;
    private long nanos;

    /**
     * @param mostNanos never longer than this; 0 for not at all
     */
    Patience(long mostNanos) {
        Require.argument(mostNanos >= 0, "patience must be >= 0 ns", mostNanos);
        this.mostNanos = mostNanos;
    }

    /** How long to look out this time. */
    long nanos() {
        return nanos;
    }

    /** Work came after so long, whether the wait was spent looking out or asleep. */
    void waited(long waitedNanos) {
        long leastNanos = mostNanos / LEAST_PART;
        if (waitedNanos <= mostNanos) {
            nanos = Math.min(mostNanos, Math.max(leastNanos, 2 * nanos));
        } else {
            nanos = nanos / 2 < leastNanos ? 0 : nanos / 2;
        }
    }
}
