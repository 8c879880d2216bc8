package io.tuli.query;

import io.tuli.error.Excerpt;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which part of the ordered matches is wanted. While it looks it keeps of a match what it is sorted
 * by, and of no more matches than lie before the end of the part. Immutable.
 */
public final class Window {

    private final @Nullable Integer limit;
    private final int skip;

    private Window(@Nullable Integer limit, int skip) {
        this.limit = limit;
        this.skip = skip;
    }

    /**
     * Reads {@code $limit} and {@code $skip}; null says nothing.
     *
     * @throws IllegalArgumentException where one is no number from 0
     */
    public static Window of(@Nullable Object limit, @Nullable Object skip) {
        Integer most = limit == null ? null : count("$limit", limit);
        return new Window(most, skip == null ? 0 : count("$skip", skip));
    }

    private static int count(String name, Object value) {
        return WholeText.count(value)
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        name
                                                + " is a whole number from 0 to 999999999: "
                                                + Excerpt.of(value)));
    }

    public int skip() {
        return skip;
    }

    /**
     * How many are wanted, where {@code usual} are unless that is said, and {@code most} at most.
     */
    public int limit(int usual, int most) {
        return Math.min(most, Objects.requireNonNullElse(limit, usual));
    }

    /** A match: what it is sorted by, and its id. */
    private record Match(List<?> keys, String id) {}

    /**
     * What was found.
     *
     * @param total how many match
     */
    public record Found(long total, List<String> ids) {

        /** The records themselves, without those that are gone meanwhile. */
        public Stream<Map<String, @Nullable Object>> read(
                Function<String, @Nullable Map<String, @Nullable Object>> read) {
            return ids.stream().map(read).filter(Objects::nonNull);
        }
    }

    /**
     * Finds the part.
     *
     * @param size so many are wanted
     * @param windowMax it may end at this place at the furthest
     * @throws IllegalArgumentException where it ends further, or costs too much
     */
    public Found find(
            Iterable<String> ids,
            Function<String, @Nullable Map<String, @Nullable Object>> read,
            Conditions conditions,
            Order order,
            int size,
            int windowMax) {
        if (size > 0 && (long) skip + size > windowMax) {
            throw new IllegalArgumentException(
                    "$skip and a page are together at most "
                            + windowMax
                            + " records: $skip="
                            + skip
                            + " page="
                            + size
                            + "; ask for what comes after the last record's value instead");
        }
        Work work = new Work();
        Comparator<Match> comparator =
                (a, b) -> {
                    int byKeys = order.compare(a.keys(), b.keys(), work);
                    return byKeys != 0 ? byKeys : a.id().compareTo(b.id());
                };
        int kept = size == 0 ? 0 : skip + size;
        PriorityQueue<Match> first = new PriorityQueue<>(11, comparator.reversed());
        long total = 0;
        for (String id : ids) {
            Map<String, @Nullable Object> document = read.apply(id);
            if (document == null || !conditions.match(document, work)) {
                continue;
            }
            total++;
            if (kept > 0) {
                first.add(new Match(order.keysOf(document), id));
                if (first.size() > kept) {
                    first.remove();
                }
            }
        }
        List<Match> ordered = new ArrayList<>(first);
        ordered.sort(comparator);
        List<String> page = ordered.stream().skip(skip).map(Match::id).toList();
        return new Found(total, page);
    }
}
