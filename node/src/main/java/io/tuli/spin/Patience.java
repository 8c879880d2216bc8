package io.tuli.spin;

import io.tuli.error.Require;
import java.util.concurrent.TimeUnit;

/**
 * How long to spin for work before sleeping, learnt by trying. One thread.
 *
 * <p>How long a sleeper waited says little: to fall asleep and to be woken takes longer than most
 * messages do, for the one who waits and for whoever it waits for. So where waits are not much too
 * long, the next few are spent spinning; if work comes meanwhile, it stays so, and if not the next
 * trial is later. Between trials nobody spins.
 */
public final class Patience {

    /** Waits up to so many times as long as spinning lasts may be the sleepers' fault. */
    private static final int WORTH_TRYING = 4;

    /** Waits in vain that end it, if none between them was not. */
    private static final int TRIAL = 8;

    private static final long REST_LEAST_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long REST_MOST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final long mostNanos;

    /** Waits in vain that are left; none while sleeping. */
    private int left;

    private long restNanos = REST_LEAST_NANOS;
    private long restsUntil;
    private boolean isResting;

    /**
     * @param mostNanos how long to spin; 0 for not at all
     */
    Patience(long mostNanos) {
        Require.argument(mostNanos >= 0, "patience must be >= 0 ns", mostNanos);
        this.mostNanos = mostNanos;
    }

    /** How long to spin this time. */
    long nanos() {
        return left > 0 ? mostNanos : 0;
    }

    /** Work came after so long, whether the wait was spent spinning or asleep; and the time. */
    void waited(long waitedNanos, long now) {
        if (left == 0) {
            beginIfWorthIt(waitedNanos, now);
        } else if (waitedNanos <= mostNanos) {
            left = Math.min(TRIAL, left + 1);
            restNanos = REST_LEAST_NANOS;
        } else {
            left--;
            if (left == 0) {
                rest(now);
            }
        }
    }

    private void beginIfWorthIt(long waitedNanos, long now) {
        boolean isRested = !isResting || now - restsUntil >= 0;
        if (isRested && waitedNanos <= WORTH_TRYING * mostNanos && mostNanos > 0) {
            isResting = false;
            left = TRIAL;
        }
    }

    private void rest(long now) {
        isResting = true;
        restsUntil = now + restNanos;
        restNanos = Math.min(REST_MOST_NANOS, 2 * restNanos);
    }
}
