package io.tuli.handshake;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who came, who was refused, and who asked for what its role does not allow, in the log {@code
 * tuli.audit}: kind, who, from where; never a key or a value. Ten lines a second of a kind and
 * address at most; how many more there were is said with the next. Any thread; a lock, because it
 * is no hot path.
 */
public final class Audit {

    private static final Logger LOG = LoggerFactory.getLogger("tuli.audit");
    private static final int LINES_A_SECOND = 10;
    private static final int REMEMBERED_MAX = 1_024;

    private final Consumer<String> lines;
    private final LongSupplier clock;
    private final Map<String, Recent> recent = new LinkedHashMap<>();

    /** What happened. */
    public enum Kind {
        /** A member is let in. */
        JOIN,
        /** A connection is refused. */
        REFUSE,
        /** A request is denied. */
        DENY,
        /** A frame ends a link. */
        FORBID,
        /** What was proven does not count any more. */
        EXPIRE,
        /** An operator changes something. */
        WRITE
    }

    /** Of a kind and address. */
    private static final class Recent {

        private long secondOf;
        private int lines;
        private long more;
    }

    public Audit() {
        this(LOG::info, System::nanoTime);
    }

    Audit(Consumer<String> lines, LongSupplier clock) {
        this.lines = lines;
        this.clock = clock;
    }

    /**
     * Says so, unless there were too many.
     *
     * @param who as far as it has proven who it is
     * @param what without anything that a stranger could hide a line in
     */
    public void note(Kind kind, String who, @Nullable SocketAddress address, String what) {
        String host = hostOf(address);
        long more = admitted(kind + " " + host);
        if (more >= 0) {
            lines.accept(
                    "kind="
                            + kind
                            + " who="
                            + who
                            + " address="
                            + host
                            + " "
                            + what
                            + (more > 0 ? " (and " + more + " more before)" : ""));
        }
    }

    /** How many were left out before this one; negative if this one is, too. */
    private synchronized long admitted(String key) {
        long second = TimeUnit.NANOSECONDS.toSeconds(clock.getAsLong());
        Recent known = recent.remove(key);
        if (known == null) {
            if (recent.size() == REMEMBERED_MAX) {
                recent.remove(recent.keySet().iterator().next());
            }
            known = new Recent();
            known.secondOf = second;
        }
        recent.put(key, known);
        if (known.secondOf != second) {
            known.secondOf = second;
            known.lines = 0;
        }
        if (known.lines == LINES_A_SECOND) {
            known.more++;
            return -1;
        }
        known.lines++;
        long more = known.more;
        known.more = 0;
        return more;
    }

    /** Of how many kinds and addresses it is known how much was written. */
    synchronized int remembered() {
        return recent.size();
    }

    static String hostOf(@Nullable SocketAddress address) {
        return address instanceof InetSocketAddress inet
                ? inet.getHostString()
                : String.valueOf(address);
    }
}
