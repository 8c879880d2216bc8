package io.tuli.query;

import io.tuli.error.Excerpt;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Names with dots, and the values they lead to. */
final class Paths {

    private static final int SEGMENTS_MAX = 32;

    private Paths() {}

    /** The segments of a name: {@code address.city}. */
    static List<String> of(String name) {
        List<String> segments = new ArrayList<>();
        int from = 0;
        for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', from)) {
            segments.add(name.substring(from, dot));
            from = dot + 1;
        }
        segments.add(name.substring(from));
        if (segments.size() > SEGMENTS_MAX) {
            throw new IllegalArgumentException(
                    "a name leads at most "
                            + SEGMENTS_MAX
                            + " levels deep: levels="
                            + segments.size()
                            + " name="
                            + Excerpt.of(name));
        }
        return List.copyOf(segments);
    }

    /**
     * Whether a test holds of a value that a path leads to.
     *
     * @param withLists whether a list may be the value itself, besides its elements
     */
    static boolean any(
            @Nullable Object from,
            List<String> path,
            Predicate<@Nullable Object> test,
            boolean withLists,
            Work work) {
        work.step();
        if (from instanceof List<?> list) {
            return anyOfList(list, path, test, withLists, work);
        }
        if (path.isEmpty()) {
            return test.test(from);
        }
        if (from instanceof Map<?, ?> object) {
            return any(
                    object.get(path.getFirst()),
                    path.subList(1, path.size()),
                    test,
                    withLists,
                    work);
        }
        return test.test(null);
    }

    private static boolean anyOfList(
            List<?> list,
            List<String> path,
            Predicate<@Nullable Object> test,
            boolean withLists,
            Work work) {
        OptionalInt place = path.isEmpty() ? OptionalInt.empty() : WholeText.count(path.getFirst());
        if (place.isPresent()) {
            return place.getAsInt() < list.size()
                    && any(
                            list.get(place.getAsInt()),
                            path.subList(1, path.size()),
                            test,
                            withLists,
                            work);
        }
        for (Object element : list) {
            if (any(element, path, test, withLists, work)) {
                return true;
            }
        }
        return path.isEmpty() && withLists && test.test(list);
    }

    /** The one value that a path leads to through objects; null where there is none. */
    static @Nullable Object value(Map<String, ?> document, List<String> path) {
        Object value = document;
        for (String segment : path) {
            value = value instanceof Map<?, ?> object ? object.get(segment) : null;
        }
        return value;
    }
}
