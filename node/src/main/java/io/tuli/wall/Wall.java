package io.tuli.wall;

import io.tuli.protocol.Thrown;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands between this member and one piece of users' code: whatever that throws, an Error included,
 * ends here. The log tells of it, with its stack trace, at most once a minute. Thread-safe.
 *
 * <p>Nothing that users' code throws is fatal to the member, not even an OutOfMemoryError: the
 * memory was the user's. Where there is really none left, the member's own code runs out of it,
 * too.
 */
public final class Wall {

    private static final Logger LOG = LoggerFactory.getLogger(Wall.class);

    /** By what the code is: a few kinds, of each of which there may be very many. */
    private static final Map<String, LogLimit> LIMITS = new ConcurrentHashMap<>();

    private final String what;
    private final LogLimit limit;

    /**
     * A wall for one piece of users' code.
     *
     * @param what it is, as the log names it: one of a few kinds, each logged once a minute
     */
    public Wall(String what) {
        this.what = what;
        this.limit = LIMITS.computeIfAbsent(what, kind -> new LogLimit());
    }

    /** Runs it; false where it threw. */
    public boolean run(Runnable usersCode) {
        try {
            usersCode.run();
            return true;
        } catch (Throwable thrown) {
            caught(thrown);
            return false;
        }
    }

    /** For those who call it themselves: it threw. */
    public void caught(Throwable thrown) {
        if (limit.mayLog()) {
            log(LOG, what + " threw: notLogged=" + limit.takeUnlogged(), thrown);
        }
    }

    /** Logs what users' code threw; a log that trips over it is no reason to throw, either. */
    public static void log(Logger log, String text, Throwable thrown) {
        try {
            log.warn(text, Thrown.printable(thrown));
        } catch (Throwable unprintable) {
            log.warn("{}: {}", text, Thrown.text(thrown));
        }
    }
}
