package io.tuli.reply;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the calls to services some of whose versions have a share, by what they ask for: over all
 * loops of a member, so that a version gets its share of all of them. Any thread.
 */
public final class SharedOut {

    /** So many are counted by themselves; those beyond it together. */
    private static final int MOST = 1_024;

    private final Map<Kind, AtomicLong> counts = new ConcurrentHashMap<>();
    private final AtomicLong others = new AtomicLong();

    /** Calls of one kind are shared out by themselves. */
    private record Kind(int service, String versions) {}

    /** How many of its kind there were before. */
    public long next(int service, String versions) {
        Kind kind = new Kind(service, versions);
        AtomicLong count = counts.get(kind);
        if (count == null) {
            count =
                    counts.size() < MOST
                            ? counts.computeIfAbsent(kind, none -> new AtomicLong())
                            : others;
        }
        return count.getAndIncrement();
    }
}
