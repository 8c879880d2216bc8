package io.tuli.store;

import io.tuli.Failure;
import io.tuli.Key;
import io.tuli.TuliException;
import io.tuli.document.ValueExcerpt;
import io.tuli.error.Excerpt;
import io.tuli.error.Require;
import io.tuli.log.PartitionState;
import io.tuli.log.Stored;
import java.util.AbstractCollection;
import java.util.AbstractSet;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.StringJoiner;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A service's documents by top-level key, over all partitions: live and read-only, also where the
 * replica begins anew while somebody holds it. Thread-safe.
 *
 * <p>Reading a key asks one partition and never waits. A walk over the map is weakly consistent: it
 * shows each partition as it was when the walk came to it, meets no key twice, and never fails. A
 * JSON null is there, with the value null. What has outlived its time is not, though the size of
 * the whole state counts it until it is taken out.
 *
 * <p>A document that cannot be read as the type does not end a walk. Keys and size count it; values
 * and entries leave it out, and the log names it, once for each time it is written; in the text it
 * is marked. Whoever asks for its value is told why there is none.
 */
public final class StateMap<T> extends ReadOnlyMap<T> {

    private final Supplier<? extends StateSource> now;
    private final TypedDocuments<T> documents;

    /** What its keys begin with; mostly nothing. */
    private final String prefix;

    /** The supplier must be thread-safe. */
    public StateMap(Supplier<? extends StateSource> now, TypedDocuments<T> documents) {
        this(now, documents, "");
    }

    private StateMap(
            Supplier<? extends StateSource> now, TypedDocuments<T> documents, String prefix) {
        this.now = now;
        this.documents = documents;
        this.prefix = prefix;
    }

    /** Those whose top-level key begins so, as live as all. */
    public Map<String, T> prefixed(String with) {
        return new StateMap<>(now, documents, with);
    }

    /** How many top-level keys begin so, of documents that are shown: decodes none. */
    public int count(String with) {
        StateSource source = now.get();
        long dueMillis = source.overdue().dueMillis();
        return sum(state -> state.count(with, dueMillis));
    }

    private int sum(ToIntFunction<PartitionState> counted) {
        StateSource source = now.get();
        long sum = 0;
        for (int partition = 0; partition < source.partitions(); partition++) {
            sum += counted.applyAsInt(source.state(partition));
        }
        return (int) Math.min(sum, Integer.MAX_VALUE);
    }

    /**
     * The document of that top-level key, unescaped, or of a {@link Key} of a whole document.
     *
     * @throws IllegalArgumentException when it is a {@link Key} below a document
     * @throws io.tuli.TuliException BAD_REQUEST when it cannot be read as the type
     */
    @Override
    public @Nullable T get(Object key) {
        String topLevel = topLevel(key);
        Stored stored = topLevel == null ? null : stored(topLevel);
        return topLevel == null || stored == null ? null : documents.read(topLevel, stored);
    }

    @Override
    public boolean containsKey(Object key) {
        String topLevel = topLevel(key);
        return topLevel != null && stored(topLevel) != null;
    }

    @Override
    public int size() {
        return prefix.isEmpty() ? sum(PartitionState::size) : count(prefix);
    }

    @Override
    public boolean isEmpty() {
        return size() == 0;
    }

    @Override
    public Set<String> keySet() {
        return new Keys();
    }

    @Override
    public Collection<T> values() {
        return new Values();
    }

    @Override
    public Set<Map.Entry<String, T>> entrySet() {
        return new Entries();
    }

    private static @Nullable String topLevel(Object key) {
        if (key instanceof Key whole) {
            Require.argument(
                    whole.isTop(),
                    "state() holds whole documents: use service.get(key, type) for what is inside",
                    whole);
            return whole.top();
        }
        return key instanceof String text ? text : null;
    }

    private @Nullable Stored stored(String topLevelKey) {
        if (!topLevelKey.startsWith(prefix)) {
            return null;
        }
        StateSource source = now.get();
        PartitionState state = source.state(source.partitionOf(topLevelKey));
        return source.overdue().shown(state.get(topLevelKey));
    }

    // ---- as a value ----------------------------------------------------------------------------

    /** Equal to a map of the same keys and values; documents that cannot be read, byte by byte. */
    @Override
    public boolean equals(@Nullable Object other) {
        if (other == this) {
            return true;
        }
        if (!(other instanceof Map<?, ?> map) || map.size() != size()) {
            return false;
        }
        for (Walk walk = new Walk(); walk.hasNext(); ) {
            if (!isSame(walk.next(), map)) {
                return false;
            }
        }
        return true;
    }

    private boolean isSame(Found found, Map<?, ?> map) {
        try {
            Object value = documents.read(found.key, found.stored);
            Object there = map.get(found.key);
            return value == null
                    ? there == null && map.containsKey(found.key)
                    : value.equals(there);
        } catch (Throwable unreadable) {
            Stored there = map instanceof StateMap<?> state ? state.stored(found.key) : null;
            return there != null && there.document().equals(found.stored.document());
        }
    }

    @Override
    public int hashCode() {
        int hash = 0;
        for (Walk walk = new Walk(); walk.hasNext(); ) {
            hash += hashCode(walk.next());
        }
        return hash;
    }

    private int hashCode(Found found) {
        try {
            Object value = documents.read(found.key, found.stored);
            return found.key.hashCode() ^ Objects.hashCode(value);
        } catch (Throwable unreadable) {
            return found.key.hashCode() ^ found.stored.document().hashCode();
        }
    }

    /** Like {@code {ada=Cart[items=1]}}. */
    @Override
    public String toString() {
        StringJoiner text = new StringJoiner(", ", "{", "}");
        for (Walk walk = new Walk(); walk.hasNext(); ) {
            Found found = walk.next();
            text.add(found.key + "=" + text(found));
        }
        return text.toString();
    }

    private String text(Found found) {
        try {
            return String.valueOf(documents.read(found.key, found.stored));
        } catch (Throwable unreadable) {
            return "(unreadable: " + ValueExcerpt.of(found.stored.document()) + ")";
        }
    }

    // ---- walks ---------------------------------------------------------------------------------

    private final class Keys extends AbstractSet<String> {
        @Override
        public Iterator<String> iterator() {
            Walk walk = new Walk();
            return new Walking<>() {
                @Override
                public boolean hasNext() {
                    return walk.hasNext();
                }

                @Override
                public String next() {
                    return walk.next().key;
                }
            };
        }

        @Override
        public Spliterator<String> spliterator() {
            return Spliterators.spliteratorUnknownSize(
                    iterator(), Spliterator.DISTINCT | Spliterator.NONNULL);
        }

        @Override
        public int size() {
            return StateMap.this.size();
        }

        @Override
        public boolean contains(Object key) {
            return containsKey(key);
        }

        @Override
        public boolean remove(Object key) {
            throw readOnly();
        }

        @Override
        public void clear() {
            throw readOnly();
        }
    }

    private final class Values extends AbstractCollection<T> {
        @Override
        public Iterator<T> iterator() {
            ReadableWalk walk = new ReadableWalk();
            return new Walking<>() {
                @Override
                public boolean hasNext() {
                    return walk.hasNext();
                }

                @Override
                public T next() {
                    return walk.next().getValue();
                }
            };
        }

        /** Of unknown size, because the state may change, and not all of it may be readable. */
        @Override
        public Spliterator<T> spliterator() {
            return Spliterators.spliteratorUnknownSize(iterator(), 0);
        }

        @Override
        public int size() {
            return StateMap.this.size();
        }

        @Override
        public boolean remove(Object value) {
            throw readOnly();
        }

        @Override
        public void clear() {
            throw readOnly();
        }
    }

    private final class Entries extends AbstractSet<Map.Entry<String, T>> {
        @Override
        public Iterator<Map.Entry<String, T>> iterator() {
            return new ReadableWalk();
        }

        @Override
        public Spliterator<Map.Entry<String, T>> spliterator() {
            return Spliterators.spliteratorUnknownSize(
                    iterator(), Spliterator.DISTINCT | Spliterator.NONNULL);
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
            Held<T> here = stored == null ? null : document(new Found(key, stored));
            return here != null && here.equals(entry);
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

    /** The document as an entry; null where it cannot be read, which is told. */
    private @Nullable Held<T> document(Found found) {
        try {
            return new Held<>(found.key, documents.read(found.key, found.stored));
        } catch (TuliException unreadable) {
            documents.leftOut(found.key, found.stored, unreadable);
            return null;
        }
    }

    /** A document as it is stored. */
    private record Found(String key, Stored stored) {}

    /** Goes from partition to partition, holding the documents of one. Used by one thread. */
    private final class Walk implements Walking<Found> {
        private final StateSource source = now.get();
        private final ArrayDeque<Found> here = new ArrayDeque<>();
        private int next;

        @Override
        public boolean hasNext() {
            while (here.isEmpty() && next < source.partitions()) {
                source.state(next++).forEach(prefix, this::collect);
            }
            return !here.isEmpty();
        }

        @Override
        public Found next() {
            if (!hasNext()) {
                throw new NoSuchElementException("the walk over the state has ended");
            }
            return here.remove();
        }

        private void collect(String key, Stored stored) {
            if (!source.overdue().isHidden(stored)) {
                here.add(new Found(key, stored));
            }
        }
    }

    /** The same of what can be read. */
    private final class ReadableWalk implements Walking<Map.Entry<String, T>> {
        private final Walk walk = new Walk();
        private @Nullable Held<T> ready;

        @Override
        public boolean hasNext() {
            while (ready == null && walk.hasNext()) {
                ready = document(walk.next());
            }
            return ready != null;
        }

        @Override
        public Map.Entry<String, T> next() {
            Held<T> next = hasNext() ? ready : null;
            if (next == null) {
                throw new NoSuchElementException("the walk over the state has ended");
            }
            ready = null;
            return next;
        }
    }

    /**
     * A text that keys can begin with.
     *
     * @throws TuliException BAD_REQUEST for half of a surrogate pair
     */
    public static String wholePrefix(String prefix) {
        if (!Excerpt.isWhole(prefix)) {
            throw new TuliException(
                    Failure.BAD_REQUEST,
                    "no key has half of a surrogate pair: prefix=" + Excerpt.of(prefix));
        }
        return prefix;
    }
}
