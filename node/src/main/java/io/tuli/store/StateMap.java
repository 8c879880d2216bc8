package io.tuli.store;

import io.tuli.Payload;
import io.tuli.log.PartitionState;
import io.tuli.log.Stored;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A service's documents by top-level key, over all partitions: live and read-only. Thread-safe.
 *
 * <p>Reading a key asks one partition and never waits. A walk over the map is weakly consistent: it
 * shows each partition as it was when the walk came to it, meets no key twice, and never fails. A
 * document is decoded when its value is asked for, so walking over keys is cheap; a JSON null is
 * there, with the value null.
 */
public final class StateMap<T> extends AbstractMap<String, T> {
    private final int partitions;
    private final IntFunction<PartitionState> stateOf;
    private final ToIntFunction<String> partitionOf;
    private final Function<Payload, @Nullable T> decoder;

    /** The partitions are numbered from 0; all functions must be thread-safe. */
    public StateMap(
            int partitions,
            IntFunction<PartitionState> stateOf,
            ToIntFunction<String> partitionOf,
            Function<Payload, @Nullable T> decoder) {
        this.partitions = partitions;
        this.stateOf = stateOf;
        this.partitionOf = partitionOf;
        this.decoder = decoder;
    }

    @Override
    public @Nullable T get(Object key) {
        Stored stored = stored(key);
        return stored == null ? null : decoder.apply(stored.document());
    }

    @Override
    public boolean containsKey(Object key) {
        return stored(key) != null;
    }

    @Override
    public int size() {
        long size = 0;
        for (int partition = 0; partition < partitions; partition++) {
            size += stateOf.apply(partition).size();
        }
        return (int) Math.min(size, Integer.MAX_VALUE);
    }

    @Override
    public boolean isEmpty() {
        for (int partition = 0; partition < partitions; partition++) {
            if (stateOf.apply(partition).size() > 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public Set<Map.Entry<String, T>> entrySet() {
        return new Entries();
    }

    private @Nullable Stored stored(Object key) {
        return key instanceof String text
                ? stateOf.apply(partitionOf.applyAsInt(text)).get(text)
                : null;
    }

    // ---- what a read-only map refuses ----------------------------------------------------------

    @Override
    public T put(String key, T value) {
        throw readOnly();
    }

    @Override
    public T remove(Object key) {
        throw readOnly();
    }

    @Override
    public boolean remove(Object key, Object value) {
        throw readOnly();
    }

    @Override
    public void putAll(Map<? extends String, ? extends T> entries) {
        throw readOnly();
    }

    @Override
    public void clear() {
        throw readOnly();
    }

    @Override
    public T putIfAbsent(String key, T value) {
        throw readOnly();
    }

    @Override
    public T replace(String key, T value) {
        throw readOnly();
    }

    @Override
    public boolean replace(String key, T before, T after) {
        throw readOnly();
    }

    @Override
    public void replaceAll(BiFunction<? super String, ? super T, ? extends T> function) {
        throw readOnly();
    }

    @Override
    public T computeIfAbsent(String key, Function<? super String, ? extends T> function) {
        throw readOnly();
    }

    @Override
    public T computeIfPresent(
            String key, BiFunction<? super String, ? super T, ? extends T> function) {
        throw readOnly();
    }

    @Override
    public T compute(String key, BiFunction<? super String, ? super T, ? extends T> function) {
        throw readOnly();
    }

    @Override
    public T merge(String key, T value, BiFunction<? super T, ? super T, ? extends T> function) {
        throw readOnly();
    }

    private static UnsupportedOperationException readOnly() {
        return new UnsupportedOperationException(
                "state is read-only: use service.update(key, value), or turn.update(...) in a"
                        + " handler");
    }

    private final class Entries extends AbstractSet<Map.Entry<String, T>> {
        @Override
        public Iterator<Map.Entry<String, T>> iterator() {
            return new Walk();
        }

        @Override
        public int size() {
            return StateMap.this.size();
        }

        @Override
        public boolean contains(Object entry) {
            if (!(entry instanceof Map.Entry<?, ?> other && other.getKey() instanceof String key)) {
                return false;
            }
            Stored stored = stored(key);
            return stored != null && new Document(key, stored).equals(entry);
        }

        @Override
        public boolean remove(Object entry) {
            throw readOnly();
        }

        @Override
        public void clear() {
            throw readOnly();
        }
    }

    /** Goes from partition to partition, holding the documents of one. Used by one thread. */
    private final class Walk implements Iterator<Map.Entry<String, T>> {
        private final ArrayDeque<Map.Entry<String, T>> here = new ArrayDeque<>();
        private int next;

        @Override
        public boolean hasNext() {
            while (here.isEmpty() && next < partitions) {
                stateOf.apply(next++).forEach(this::collect);
            }
            return !here.isEmpty();
        }

        @Override
        public Map.Entry<String, T> next() {
            if (!hasNext()) {
                throw new NoSuchElementException("the walk over the state has ended");
            }
            return here.remove();
        }

        @Override
        public void remove() {
            throw readOnly();
        }

        private void collect(String key, Stored stored) {
            here.add(new Document(key, stored));
        }
    }

    /** An entry that decodes its value when asked for it. */
    private final class Document implements Map.Entry<String, T> {
        private final String key;
        private final Stored stored;

        Document(String key, Stored stored) {
            this.key = key;
            this.stored = stored;
        }

        @Override
        public String getKey() {
            return key;
        }

        @Override
        public @Nullable T getValue() {
            return decoder.apply(stored.document());
        }

        @Override
        public T setValue(T value) {
            throw readOnly();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Map.Entry<?, ?> entry
                    && key.equals(entry.getKey())
                    && Objects.equals(getValue(), entry.getValue());
        }

        @Override
        public int hashCode() {
            return key.hashCode() ^ Objects.hashCode(getValue());
        }

        @Override
        public String toString() {
            return key + "=" + getValue();
        }
    }
}
