package io.tuli.query;

import io.tuli.error.Excerpt;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which fields of records are wanted. Immutable. */
public final class Selection {

    /** Always kept. */
    public static final String ID = "id";

    private static final int NAMES_MAX = 1_000;

    /** Null: all of them. */
    private final @Nullable Set<String> names;

    private Selection(@Nullable Set<String> names) {
        this.names = names;
    }

    /**
     * Reads what {@code $select} says: a list of names, or one; null says nothing.
     *
     * @throws IllegalArgumentException where it says something else
     */
    public static Selection of(@Nullable Object select) {
        if (select == null) {
            return new Selection(null);
        }
        List<?> list = select instanceof List<?> several ? several : List.of(select);
        Set<String> names = new LinkedHashSet<>();
        for (Object name : list) {
            if (!(name instanceof String text) || list.size() > NAMES_MAX) {
                throw new IllegalArgumentException(
                        "$select is a list of at most "
                                + NAMES_MAX
                                + " names: names="
                                + list.size()
                                + " first odd one="
                                + Excerpt.of(String.valueOf(name)));
            }
            names.add(text);
        }
        return new Selection(Collections.unmodifiableSet(names));
    }

    /** What is wanted of a record. */
    public Map<String, @Nullable Object> of(Map<String, ?> document) {
        Map<String, @Nullable Object> wanted = new LinkedHashMap<>(document);
        Set<String> only = names;
        if (only != null) {
            wanted.keySet().removeIf(name -> !name.equals(ID) && !only.contains(name));
        }
        return wanted;
    }

    /** A query as it was given, which nobody can change any more. */
    public static Map<String, @Nullable Object> copied(Map<String, ?> query) {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        Budget budget = new Budget();
        query.forEach((name, value) -> copy.put(Values.name(name), Values.copy(value, budget)));
        return Collections.unmodifiableMap(copy);
    }
}
