package io.tuli.lifetime;

import io.tuli.log.Stored;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * The keys removed of late, and when: without them another side of a split could not tell a key
 * that was removed from one that was never there, and would bring it back. Part of the replicated
 * state. One thread.
 *
 * <p>Bounds: the grace time, by the time of entries and so alike on every replica; and the latest
 * {@value #MOST} of a partition. A key removed before those may come back with a side that was away
 * since.
 */
public final class Tombstones {

    public static final int MOST = 10_000;

    private final long grace;
    private final Map<String, Stored> byKey = new LinkedHashMap<>();

    /**
     * @param graceMillis for so long a removal is remembered
     */
    public Tombstones(long graceMillis) {
        this.grace = graceMillis << 16;
    }

    /** The key was removed: what is stored of it has no document. */
    public void add(String key, Stored removed) {
        byKey.remove(key);
        byKey.put(key, removed);
        long over = removed.time() - grace;
        Iterator<Stored> eldest = byKey.values().iterator();
        while (eldest.next().time() < over || byKey.size() > MOST) {
            eldest.remove();
        }
    }

    /** The key is there again. */
    public void forget(String key) {
        if (!byKey.isEmpty()) {
            byKey.remove(key);
        }
    }

    public void forEach(BiConsumer<String, Stored> visitor) {
        byKey.forEach(visitor);
    }

    public int size() {
        return byKey.size();
    }

    public void clear() {
        byKey.clear();
    }
}
