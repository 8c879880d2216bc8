package io.tuli.store;

import io.tuli.log.PartitionState;
import io.tuli.log.StateHash;
import io.tuli.log.Stored;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The documents of one partition in memory. One thread writes - the partition's loop - and any
 * thread reads without waiting.
 *
 * <p>The digest is kept as documents come and go, so asking for it costs nothing. Each write hashes
 * the document that leaves and the one that comes.
 */
public final class SharedState implements PartitionState {
    private final ConcurrentMap<String, Stored> documents = new ConcurrentHashMap<>();
    private final AtomicLong digest = new AtomicLong();

    @Override
    public @Nullable Stored get(String topLevelKey) {
        return documents.get(topLevelKey);
    }

    @Override
    public void put(String topLevelKey, @Nullable Stored stored) {
        Stored before =
                stored == null ? documents.remove(topLevelKey) : documents.put(topLevelKey, stored);
        long change = hash(topLevelKey, stored) - hash(topLevelKey, before);
        digest.setRelease(digest.getPlain() + change);
    }

    @Override
    public void forEach(BiConsumer<String, Stored> visitor) {
        documents.forEach(visitor);
    }

    @Override
    public int size() {
        return documents.size();
    }

    @Override
    public long digest() {
        return digest.getAcquire();
    }

    @Override
    public void clear() {
        documents.clear();
        digest.setRelease(0);
    }

    private static long hash(String key, @Nullable Stored stored) {
        return stored == null ? 0 : StateHash.of(key, stored.document());
    }
}
