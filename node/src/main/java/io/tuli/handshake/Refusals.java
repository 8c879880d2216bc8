package io.tuli.handshake;

import java.net.SocketAddress;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts who was refused, and says so in the log once a minute for each address and reason: a
 * stranger can neither fill the log nor go unseen. Any thread; a lock, because it is no hot path.
 */
public final class Refusals {

    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);
    private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final int REMEMBERED_MAX = 1_024;

    private final Told told;
    private final Audit audit = new Audit();
    private final AtomicLongArray counts = new AtomicLongArray(Refusal.values().length);
    private final Map<String, Long> toldAt = new LinkedHashMap<>();
    private long lines;
    private volatile boolean isClosing;

    /** Hears of a refusal that is news. */
    @FunctionalInterface
    public interface Told {
        void refused(String address, Refusal refusal, String why);
    }

    public Refusals(Told told) {
        this.told = told;
    }

    public void count(@Nullable SocketAddress address, Refusal refusal, String why) {
        counts.incrementAndGet(refusal.ordinal());
        String host = Audit.hostOf(address);
        if (refusal != Refusal.FORBIDDEN_FRAME) { // which the link writes down, with who it was
            audit.note(Audit.Kind.REFUSE, "unknown", address, "reason=" + refusal);
        }
        if (!isClosing && isNews(host + refusal, System.nanoTime())) {
            LOG.warn("Refused a connection: {}, address={} reason={}", why, address, refusal);
            told.refused(String.valueOf(address), refusal, why);
        }
    }

    private synchronized boolean isNews(String what, long nowNanos) {
        Long last = toldAt.get(what);
        if (last != null && nowNanos - last < QUIET_NANOS) {
            return false;
        }
        toldAt.remove(what);
        if (toldAt.size() == REMEMBERED_MAX) {
            toldAt.remove(toldAt.keySet().iterator().next());
        }
        toldAt.put(what, nowNanos);
        lines++;
        return true;
    }

    /** From now on this member ends connections itself: nobody needs to be told. */
    public void closing() {
        isClosing = true;
    }

    public Audit audit() {
        return audit;
    }

    /** How many lines went into the log. */
    public synchronized long lines() {
        return lines;
    }

    public Map<Refusal, Long> counts() {
        Map<Refusal, Long> copy = new EnumMap<>(Refusal.class);
        for (Refusal refusal : Refusal.values()) {
            copy.put(refusal, counts.get(refusal.ordinal()));
        }
        return copy;
    }
}
