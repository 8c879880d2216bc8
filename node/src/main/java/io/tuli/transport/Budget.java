package io.tuli.transport;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What waits in the outboxes of all links together. Any thread.
 *
 * <p>Links report in steps, not to the byte: a link that keeps up never touches the shared counter.
 */
final class Budget {

    /** A link reports when what waits on it has changed by so much. */
    static final int STEP_BYTES = 256 * 1024;

    private final AtomicLong used = new AtomicLong();
    private final long limitBytes;

    Budget(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** What waits on one link is {@code now} and was last reported as {@code reported}. */
    long report(long reported, long now) {
        boolean isNews = Math.abs(now - reported) >= STEP_BYTES || (now == 0 && reported != 0);
        if (!isNews) {
            return reported;
        }
        used.addAndGet(now - reported);
        return now;
    }

    /** Whether all links must slow down. */
    boolean isSpent() {
        return used.get() >= limitBytes;
    }

    /** Whether slowing down was not enough. */
    boolean isOverspent() {
        return used.get() >= 2 * limitBytes;
    }

    long usedBytes() {
        return used.get();
    }
}
