package io.tuli.login;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How often something may be tried in a minute, by whom. It remembers a bounded number of those who
 * try; where there are more, those that have not tried for the longest are forgotten. Thread-safe.
 */
final class Rates {

    private static final int KNOWN_MAX = 10_000;
    private static final long MINUTE_NANOS = 60_000_000_000L;

    private final int perMinute;
    private final LongSupplier nanos;
    private final Map<String, Tries> known =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Tries> eldest) {
                    return size() > KNOWN_MAX;
                }
            };

    /** Since when, and how often. */
    private static final class Tries {
        private long since;
        private int count;
    }

    Rates(int perMinute, LongSupplier nanos) {
        this.perMinute = perMinute;
        this.nanos = nanos;
    }

    /** Whether it has been counted as often as may be in this minute. */
    synchronized boolean isOver(String who) {
        Tries tries = known.get(who);
        return tries != null
                && nanos.getAsLong() - tries.since < MINUTE_NANOS
                && tries.count >= perMinute;
    }

    /** Counts a try. */
    synchronized void count(String who) {
        long now = nanos.getAsLong();
        Tries tries = known.computeIfAbsent(who, first -> new Tries());
        if (tries.count == 0 || now - tries.since >= MINUTE_NANOS) {
            tries.since = now;
            tries.count = 0;
        }
        tries.count++;
    }

    synchronized int known() {
        return known.size();
    }
}
