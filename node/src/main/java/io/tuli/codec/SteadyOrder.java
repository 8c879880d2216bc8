package io.tuli.codec;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.jsontype.TypeSerializer;
import tools.jackson.databind.ser.ValueSerializerModifier;
import tools.jackson.databind.type.CollectionType;
import tools.jackson.databind.type.MapType;

/**
 * Gives an order to maps and sets that have none. A {@code HashMap}'s order depends on its history,
 * that of {@code Map.of} on the start of the process; those are written sorted by key. A map that
 * keeps an order, such as a {@code LinkedHashMap} or {@code TreeMap}, is written in it.
 */
final class SteadyOrder extends ValueSerializerModifier {
    private static final long serialVersionUID = 1;

    /** Numbers as numbers, texts as texts, anything else by what it says of itself. */
    private static final Comparator<@Nullable Object> ORDER = SteadyOrder::compare;

    /** So many elements may come while a small collection is copied. */
    private static final int GROWN_MOST = 1_000;

    @Override
    @SuppressWarnings("unchecked") // The serializer of a map takes maps.
    public ValueSerializer<?> modifyMapSerializer(
            SerializationConfig config,
            MapType type,
            BeanDescription.Supplier description,
            ValueSerializer<?> serializer) {
        return new Sorted<>((ValueSerializer<Map<?, ?>>) serializer, SteadyOrder::sorted);
    }

    @Override
    @SuppressWarnings("unchecked") // The serializer of a collection takes collections.
    public ValueSerializer<?> modifyCollectionSerializer(
            SerializationConfig config,
            CollectionType type,
            BeanDescription.Supplier description,
            ValueSerializer<?> serializer) {
        return new Sorted<>((ValueSerializer<Collection<?>>) serializer, SteadyOrder::sorted);
    }

    private static Map<?, ?> sorted(Map<?, ?> map) {
        boolean hasNoOrder =
                (map instanceof HashMap && !(map instanceof LinkedHashMap))
                        || map instanceof ConcurrentHashMap
                        || map instanceof Hashtable
                        || map instanceof WeakHashMap
                        || map instanceof IdentityHashMap
                        || isImmutable(map);
        if (!hasNoOrder || map.size() < 2) {
            return map;
        }
        List<Map.Entry<?, ?>> entries = copy(map.entrySet(), map.size());
        entries.sort((a, b) -> ORDER.compare(a.getKey(), b.getKey()));
        Map<@Nullable Object, @Nullable Object> sorted = new LinkedHashMap<>();
        entries.forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
        return sorted;
    }

    private static Collection<?> sorted(Collection<?> collection) {
        boolean hasNoOrder =
                collection instanceof Set
                        && ((collection instanceof HashSet
                                        && !(collection instanceof LinkedHashSet))
                                || collection instanceof ConcurrentHashMap.KeySetView
                                || isImmutable(collection));
        if (!hasNoOrder || collection.size() < 2) {
            return collection;
        }
        List<@Nullable Object> sorted = copy(collection, collection.size());
        sorted.sort(ORDER);
        return sorted;
    }

    /** Others may write to it meanwhile; but what goes on for ever is no collection. */
    private static <E extends @Nullable Object> List<E> copy(
            Iterable<? extends E> elements, int size) {
        long most = 2L * size + GROWN_MOST;
        List<E> copy = new ArrayList<>();
        for (E element : elements) {
            if (copy.size() >= most) {
                throw new IllegalArgumentException(
                        "a collection has as many elements as it says: size=" + size);
            }
            copy.add(element);
        }
        return copy;
    }

    /** What {@code Map.of} and {@code Set.of} answer: classes without a name one could import. */
    private static boolean isImmutable(Object collection) {
        return collection.getClass().getName().startsWith("java.util.ImmutableCollections");
    }

    @SuppressWarnings("unchecked") // Objects of one class that is comparable compare.
    private static int compare(@Nullable Object a, @Nullable Object b) {
        if (a instanceof Comparable<?> first && b != null && a.getClass() == b.getClass()) {
            return ((Comparable<Object>) first).compareTo(b);
        }
        return String.valueOf(a).compareTo(String.valueOf(b));
    }

    private interface Sorter<C> {
        C sorted(C collection);
    }

    private static final class Sorted<C> extends ValueSerializer<C> {
        private final ValueSerializer<C> inner;
        private final Sorter<C> sorter;

        Sorted(ValueSerializer<C> inner, Sorter<C> sorter) {
            this.inner = inner;
            this.sorter = sorter;
        }

        @Override
        @SuppressWarnings("unchecked") // Contextual serializers take what the others take.
        public ValueSerializer<?> createContextual(
                SerializationContext context, @Nullable BeanProperty property) {
            ValueSerializer<?> contextual = inner.createContextual(context, property);
            return new Sorted<>((ValueSerializer<C>) contextual, sorter);
        }

        @Override
        public void serialize(C value, JsonGenerator json, SerializationContext context) {
            inner.serialize(sorter.sorted(value), json, context);
        }

        @Override
        public void serializeWithType(
                C value, JsonGenerator json, SerializationContext context, TypeSerializer type) {
            inner.serializeWithType(sorter.sorted(value), json, context, type);
        }

        @Override
        public boolean isEmpty(SerializationContext context, C value) {
            return inner.isEmpty(context, value);
        }
    }
}
