package io.tuli.store;

import java.util.AbstractMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a map of documents refuses, saying what to do instead. */
abstract class ReadOnlyMap<T> extends AbstractMap<String, T> {

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

    static UnsupportedOperationException readOnly() {
        return new UnsupportedOperationException(
                "state is read-only: use service.update(key, value), or turn.update(...) in a"
                        + " handler");
    }

    /** A walk that takes nothing out. */
    interface Walking<E> extends Iterator<E> {
        @Override
        default void remove() {
            throw readOnly();
        }
    }

    /** An entry as it was when a walk came to it. */
    static final class Held<T> implements Map.Entry<String, T> {
        private final String key;
        private final @Nullable T value;

        Held(String key, @Nullable T value) {
            this.key = key;
            this.value = value;
        }

        @Override
        public String getKey() {
            return key;
        }

        @Override
        public @Nullable T getValue() {
            return value;
        }

        @Override
        public T setValue(T other) {
            throw readOnly();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Map.Entry<?, ?> entry
                    && key.equals(entry.getKey())
                    && Objects.equals(value, entry.getValue());
        }

        @Override
        public int hashCode() {
            return key.hashCode() ^ Objects.hashCode(value);
        }

        @Override
        public String toString() {
            return key + "=" + value;
        }
    }
}
