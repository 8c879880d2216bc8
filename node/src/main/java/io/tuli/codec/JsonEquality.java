package io.tuli.codec;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Whether two JSON texts say the same: objects in whatever order of their fields, texts however
 * they are escaped, numbers as they are written. Total: what nests too deep is equal to nothing but
 * its own bytes. Stateless.
 */
final class JsonEquality {

    private JsonEquality() {}

    static boolean areEqual(byte[] json, byte[] other) {
        return areEqual(
                new Value(json, JsonText.skipSpace(json, 0), endOf(json)),
                new Value(other, JsonText.skipSpace(other, 0), endOf(other)),
                0);
    }

    private static int endOf(byte[] json) {
        int end = json.length;
        while (end > 0 && JsonText.isSpace(json[end - 1])) {
            end--;
        }
        return end;
    }

    /** One value where it lies. */
    private record Value(byte[] json, int from, int until) {

        byte first() {
            return from < until ? json[from] : 0;
        }

        boolean hasBytesOf(Value other) {
            return Arrays.equals(json, from, until, other.json, other.from, other.until);
        }
    }

    private static boolean areEqual(Value value, Value other, int depth) {
        if (value.hasBytesOf(other)) {
            return true;
        }
        if (value.first() != other.first() || depth > Mapping.DEPTH_MAX) {
            return false;
        }
        return switch (value.first()) {
            case '{' -> haveEqualFields(value, other, depth + 1);
            case '[' -> haveEqualElements(value, other, depth + 1);
            case '"' -> text(value).equals(text(other));
            default -> false;
        };
    }

    private static String text(Value value) {
        return JsonString.unquote(value.json, value.from, value.until);
    }

    private static boolean haveEqualFields(Value value, Value other, int depth) {
        Map<String, Value> fields = fields(value);
        Map<String, Value> others = fields(other);
        if (!fields.keySet().equals(others.keySet())) {
            return false;
        }
        for (Map.Entry<String, Value> field : fields.entrySet()) {
            Value there = others.get(field.getKey());
            if (there == null || !areEqual(field.getValue(), there, depth)) {
                return false;
            }
        }
        return true;
    }

    private static Map<String, Value> fields(Value object) {
        Map<String, Value> fields = new HashMap<>();
        Members members = new Members(object.json, object.from);
        while (members.next()) {
            String name = JsonString.unquote(object.json, members.member(), members.nameEnd());
            fields.put(name, new Value(object.json, members.start(), members.end()));
        }
        return fields;
    }

    private static boolean haveEqualElements(Value value, Value other, int depth) {
        Members members = new Members(value.json, value.from);
        Members others = new Members(other.json, other.from);
        while (members.next()) {
            if (!others.next()
                    || !areEqual(
                            new Value(value.json, members.start(), members.end()),
                            new Value(other.json, others.start(), others.end()),
                            depth)) {
                return false;
            }
        }
        return !others.next();
    }
}
