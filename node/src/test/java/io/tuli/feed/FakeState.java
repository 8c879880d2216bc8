package io.tuli.feed;

import io.tuli.log.PartitionState;
import io.tuli.log.Stored;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The documents of a partition in a map. */
final class FakeState implements PartitionState {

    private final Map<String, Stored> documents = new ConcurrentHashMap<>();

    @Override
    public @Nullable Stored get(String topLevelKey) {
        return documents.get(topLevelKey);
    }

    @Override
    public void put(String topLevelKey, @Nullable Stored stored) {
        if (stored == null) {
            documents.remove(topLevelKey);
        } else {
            documents.put(topLevelKey, stored);
        }
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
        return documents.hashCode();
    }

    @Override
    public void clear() {
        documents.clear();
    }

    @Override
    public PartitionState anew(int ignored) {
        return new FakeState();
    }

    @Override
    public void become(PartitionState filled) {
        documents.clear();
        filled.forEach(documents::put);
    }
}
