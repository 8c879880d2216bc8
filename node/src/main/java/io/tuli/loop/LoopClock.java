package io.tuli.loop;

import io.tuli.service.LocalService;
import org.jspecify.annotations.Nullable;

/**
 * The time as one loop reads it: several frames or calls of a batch share a reading, because to ask
 * the clock for each of very many would cost more than some of them do. The readings also tell
 * whether inline handlers held up the loop. One thread.
 */
final class LoopClock {

    /** So many frames or calls share one reading. */
    private static final int SHARE = 16;

    private static final long WORTH_A_LOOK_NANOS = 1_000_000;

    private long nanos = System.nanoTime();
    private long millis;
    private boolean hasMillis;
    private int left;
    private boolean hasDecided;
    private @Nullable LocalService service;
    private String verb = "";

    /** For one frame or call: a monotonic time in nanoseconds. */
    long now() {
        return --left < 0 ? read() : nanos;
    }

    /** Asks the clock. */
    long read() {
        long before = nanos;
        nanos = System.nanoTime();
        left = SHARE - 1;
        hasMillis = false;
        LocalService decider = service;
        if (hasDecided && decider != null && nanos - before > WORTH_A_LOOK_NANOS) {
            decider.heldUp(verb, nanos - before);
        }
        hasDecided = false;
        return nanos;
    }

    /** The batch is over: asks the clock, and whoever comes next shall ask it again. */
    long lapse() {
        long now = read();
        left = 0;
        return now;
    }

    /** Milliseconds since 1970. */
    long wallMillis() {
        if (!hasMillis) {
            millis = System.currentTimeMillis();
            hasMillis = true;
        }
        return millis;
    }

    /**
     * A request has been decided at once, perhaps by an inline handler. What is kept of it is
     * seldom news, and so seldom written.
     */
    void decided(LocalService by, String requested) {
        hasDecided = true;
        if (service != by) {
            service = by;
        }
        if (!verb.equals(requested)) {
            verb = requested;
        }
    }
}
