package io.tuli.node;

import java.util.AbstractMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A read-only map that looks at whatever the replica is at the moment, so that it may be held while
 * the replica begins anew. Thread-safe.
 */
final class LiveMap<T> extends AbstractMap<String, T> {

    private final Supplier<? extends Map<String, T>> now;

    LiveMap(Supplier<? extends Map<String, T>> now) {
        this.now = now;
    }

    @Override
    public @Nullable T get(Object key) {
        return now.get().get(key);
    }

    @Override
    public boolean containsKey(Object key) {
        return now.get().containsKey(key);
    }

    @Override
    public int size() {
        return now.get().size();
    }

    @Override
    public boolean isEmpty() {
        return now.get().isEmpty();
    }

    @Override
    public Set<Map.Entry<String, T>> entrySet() {
        return now.get().entrySet();
    }

    /** Refuses, and says what to do instead. */
    @Override
    public T put(String key, T value) {
        return now.get().put(key, value);
    }

    /** Refuses, and says what to do instead. */
    @Override
    public void clear() {
        now.get().clear();
    }
}
