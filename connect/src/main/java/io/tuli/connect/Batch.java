package io.tuli.connect;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToIntFunction;

/** What goes into a store together. Immutable. */
public final class Batch {

    private final String service;
    private final long life;
    private final List<Row> rows;
    private final SortedMap<Integer, Place> places;
    private final Map<Integer, Set<String>> whole;
    private final ToIntFunction<String> partitions;

    /**
     * For those who try a sink; a connector makes its own.
     *
     * @param whole by partition that was written anew all keys it has
     * @param partitions the partition of a key
     */
    public Batch(
            String service,
            long life,
            List<Row> rows,
            SortedMap<Integer, Place> places,
            Map<Integer, Set<String>> whole,
            ToIntFunction<String> partitions) {
        this.service = service;
        this.life = life;
        this.rows = List.copyOf(rows);
        this.places = new TreeMap<>(places);
        this.whole = Map.copyOf(whole);
        this.partitions = partitions;
    }

    /** With these rows and places instead. */
    Batch with(List<Row> otherRows, SortedMap<Integer, Place> otherPlaces) {
        return new Batch(service, life, otherRows, otherPlaces, Map.of(), partitions);
    }

    /** Without rows. */
    Batch withoutRows() {
        return new Batch(service, life, List.of(), places, whole, partitions);
    }

    /** The service whose changes these are. */
    public String service() {
        return service;
    }

    /** The number of its life, see {@link TransactionalSink}; 0 where the store keeps none. */
    public long life() {
        return life;
    }

    /** Documents to be there, or to be gone; none of them twice, in no order. */
    public List<Row> rows() {
        return rows;
    }

    /** What is in the store once this is; by partition, in order. */
    public SortedMap<Integer, Place> places() {
        return new TreeMap<>(places);
    }

    /** Whether all that is in the store must be looked at, see {@link #isStale}. */
    public boolean isWhole() {
        return !whole.isEmpty();
    }

    /**
     * Whether a document that is in the store is to go, after the rows are written: it is of a
     * partition that was written anew, because what came between is no longer in the changelog, and
     * is not there any more.
     */
    public boolean isStale(String key) {
        Set<String> keys = whole.isEmpty() ? null : whole.get(partitions.applyAsInt(key));
        return keys != null && !keys.contains(key);
    }

    @Override
    public String toString() {
        return "batch of " + service + " rows=" + rows.size() + " partitions=" + places.keySet();
    }
}
