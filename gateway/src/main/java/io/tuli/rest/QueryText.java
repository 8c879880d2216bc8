package io.tuli.rest;

import io.tuli.Refusal;
import io.tuli.error.Excerpt;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Query strings and forms in the dialect of the qs library, which Feathers' clients write: brackets
 * are levels, all values are texts. What that library drops silently is refused here, for a
 * condition less finds more. Stateless.
 */
final class QueryText {

    private static final int NAMES_MAX = 1_000;
    private static final int DEPTH_MAX = 5;

    /** Lists whose places are not all there may have places up to this. */
    private static final int SPARSE_MAX = 20;

    /** Never a name: other services of the mesh may be written in JavaScript. */
    private static final String PROTOTYPE = "__proto__";

    private QueryText() {}

    /**
     * Reads one.
     *
     * @throws Refusal 400 where it has too many names, or a name has a value and levels
     */
    static Map<String, @Nullable Object> parse(String text) {
        if (text.isEmpty()) {
            return Map.of();
        }
        Map<String, List<String>> flat = flat(text);
        Map<String, Object> root = new LinkedHashMap<>();
        flat.forEach((name, values) -> put(root, name, values));
        Map<String, @Nullable Object> query = new LinkedHashMap<>();
        root.forEach((name, value) -> query.put(name, shaped(value)));
        return query;
    }

    /** Values by whole name, in the order in which names come first. */
    private static Map<String, List<String>> flat(String text) {
        Map<String, List<String>> flat = new LinkedHashMap<>();
        int count = 0;
        int from = 0;
        while (from <= text.length()) {
            int to = text.indexOf('&', from);
            to = to < 0 ? text.length() : to;
            if (to > from) {
                if (++count > NAMES_MAX) {
                    throw Refusal.badRequest("a query has at most " + NAMES_MAX + " names");
                }
                piece(text.substring(from, to), flat);
            }
            from = to + 1;
        }
        return flat;
    }

    private static void piece(String piece, Map<String, List<String>> flat) {
        String unfolded = brackets(piece);
        int bracket = unfolded.indexOf("]=");
        int equals = bracket >= 0 ? bracket + 1 : unfolded.indexOf('=');
        String name = Percent.lenient(equals < 0 ? unfolded : unfolded.substring(0, equals));
        String value = equals < 0 ? "" : Percent.lenient(unfolded.substring(equals + 1));
        flat.computeIfAbsent(name, first -> new ArrayList<>(1)).add(value);
    }

    /** Brackets may come encoded. */
    private static String brackets(String piece) {
        return piece.indexOf('%') < 0
                ? piece
                : piece.replace("%5B", "[")
                        .replace("%5b", "[")
                        .replace("%5D", "]")
                        .replace("%5d", "]");
    }

    // ---- levels --------------------------------------------------------------------------------

    private static void put(Map<String, Object> root, String name, List<String> values) {
        List<String> segments = segments(name);
        if (segments.getFirst().isEmpty() || segments.contains(PROTOTYPE)) {
            return;
        }
        boolean isList = segments.size() > 1 && segments.getLast().isEmpty();
        Map<String, Object> level = root;
        for (String each : segments.subList(0, segments.size() - 1)) {
            level = below(level, place(level, each), name);
        }
        if (isList) {
            for (String value : values) {
                level.put(place(level, ""), value);
            }
            return;
        }
        Object value = values.size() == 1 ? values.getFirst() : new ArrayList<Object>(values);
        if (level.put(segments.getLast(), value) != null) {
            throw twofold(name);
        }
    }

    private static Map<String, Object> below(Map<String, Object> level, String place, String name) {
        Object there = level.computeIfAbsent(place, none -> new Level());
        if (there instanceof Level below) {
            return below;
        }
        throw twofold(name);
    }

    private static Refusal twofold(String name) {
        return Refusal.badRequest(
                "a name of a query has a value or names below it, not both: " + Excerpt.of(name));
    }

    /** The next place of a list, where the brackets are empty. */
    private static String place(Map<String, Object> level, String segment) {
        return segment.isEmpty() ? String.valueOf(level.size()) : segment;
    }

    /** The levels of a name; what is deeper than levels go is one name. */
    private static List<String> segments(String name) {
        List<String> segments = new ArrayList<>();
        int open = name.indexOf('[');
        if (open < 0 || name.indexOf(']', open) < 0) {
            segments.add(name);
            return segments;
        }
        if (open > 0) {
            segments.add(name.substring(0, open));
        }
        while (open >= 0 && open < name.length() && name.charAt(open) == '[') {
            int close = name.indexOf(']', open);
            if (close < 0 || segments.size() > DEPTH_MAX) {
                segments.add(name.substring(open));
                break;
            }
            segments.add(name.substring(open + 1, close));
            open = close + 1;
        }
        return segments;
    }

    /** Names below a name, made here. */
    private static final class Level extends LinkedHashMap<String, Object> {
        private static final long serialVersionUID = 1;
    }

    // ---- lists ---------------------------------------------------------------------------------

    /** Levels whose names are places are lists. */
    private static Object shaped(Object value) {
        if (!(value instanceof Level level)) {
            return value;
        }
        level.replaceAll((name, below) -> shaped(below));
        TreeMap<Integer, Object> places = new TreeMap<>();
        for (Map.Entry<String, Object> each : level.entrySet()) {
            int place = placeOf(each.getKey());
            if (place < 0) {
                return new LinkedHashMap<>(level);
            }
            places.put(place, each.getValue());
        }
        boolean isWhole = places.lastKey() == places.size() - 1;
        return isWhole || places.lastKey() <= SPARSE_MAX
                ? new ArrayList<>(places.values())
                : new LinkedHashMap<>(level);
    }

    /** -1 where a name is none: {@code 07} is a name. */
    private static int placeOf(String name) {
        boolean isShort = name.length() <= 3 || name.equals(String.valueOf(NAMES_MAX));
        if (name.isEmpty() || !isShort || (name.length() > 1 && name.charAt(0) == '0')) {
            return -1;
        }
        for (int at = 0; at < name.length(); at++) {
            if (name.charAt(at) < '0' || name.charAt(at) > '9') {
                return -1;
            }
        }
        return Integer.parseInt(name);
    }
}
