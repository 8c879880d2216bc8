package io.tuli.query;

import io.tuli.error.Excerpt;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * By which fields records are in order, each up or down: null, numbers, texts, booleans, lists,
 * objects. Immutable and thread-safe.
 */
public final class Order {

    private static final int FIELDS_MAX = 32;

    private final List<Field> fields;

    private Order(List<Field> fields) {
        this.fields = fields;
    }

    private record Field(List<String> path, int sign) {}

    /**
     * Reads what {@code $sort} says: {@code {"priority": -1, "title": 1}}; null says nothing.
     *
     * @throws IllegalArgumentException where it says something else
     */
    public static Order of(@Nullable Object sort) {
        if (sort == null) {
            return new Order(List.of());
        }
        if (!(sort instanceof Map<?, ?> names) || names.size() > FIELDS_MAX) {
            throw new IllegalArgumentException(
                    "$sort is an object of at most "
                            + FIELDS_MAX
                            + " names, each with 1 or -1: "
                            + (sort instanceof Map<?, ?> map ? map.size() + " names" : told(sort)));
        }
        List<Field> fields = new ArrayList<>();
        for (Map.Entry<?, ?> name : names.entrySet()) {
            fields.add(new Field(Paths.of(Values.name(name.getKey())), sign(name)));
        }
        return new Order(List.copyOf(fields));
    }

    private static String told(Object sort) {
        return sort instanceof List<?> ? "a list" : Excerpt.of(sort);
    }

    private static int sign(Map.Entry<?, ?> name) {
        String text = String.valueOf(name.getValue());
        return switch (text) {
            case "1", "1.0" -> 1;
            case "-1", "-1.0" -> -1;
            default ->
                    throw new IllegalArgumentException(
                            "$sort is 1 for up or -1 for down: field="
                                    + Excerpt.of(name.getKey())
                                    + " value="
                                    + Excerpt.of(text));
        };
    }

    /** What a record is sorted by. */
    public List<@Nullable Object> keysOf(Map<String, ?> document) {
        List<@Nullable Object> keys = new ArrayList<>(fields.size());
        for (Field field : fields) {
            keys.add(Paths.value(document, field.path()));
        }
        return keys;
    }

    /** Compares what {@link #keysOf} gave of two records. */
    public int compare(List<?> left, List<?> right, Work work) {
        for (int i = 0; i < fields.size(); i++) {
            int order = Values.compare(left.get(i), right.get(i), work);
            if (order != 0) {
                return fields.get(i).sign() * order;
            }
        }
        return 0;
    }
}
