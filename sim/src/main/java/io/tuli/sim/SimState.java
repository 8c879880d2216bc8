package io.tuli.sim;

import io.tuli.log.PartitionState;
import io.tuli.log.StateHash;
import io.tuli.log.Stored;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A partition's documents in a sorted map: the same order in every run. */
final class SimState implements PartitionState {

    private final TreeMap<String, Stored> documents = new TreeMap<>();

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
        long[] sum = new long[1];
        documents.forEach((key, stored) -> sum[0] += StateHash.of(key, stored.document()));
        return sum[0];
    }

    @Override
    public void clear() {
        documents.clear();
    }

    @Override
    public PartitionState anew(int ignored) {
        return new SimState();
    }

    @Override
    public void become(PartitionState filled) {
        documents.clear();
        filled.forEach(documents::put);
    }
}
