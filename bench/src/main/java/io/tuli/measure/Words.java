package io.tuli.measure;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A command's arguments, {@code name=value} each. Immutable.
 *
 * @param values by name
 */
public record Words(Map<String, String> values) {

    public Words {
        values = Map.copyOf(values);
    }

    /** No arguments; more are added by {@link #with}. */
    public static Words none() {
        return new Words(Map.of());
    }

    /** Reads what {@link #line} wrote. */
    static Words parse(String line) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String word : line.isBlank() ? new String[0] : line.trim().split(" ")) {
            int at = word.indexOf('=');
            if (at < 1) {
                throw new IllegalArgumentException("an argument must be name=value: " + word);
            }
            values.put(word.substring(0, at), word.substring(at + 1));
        }
        return new Words(values);
    }

    public Words with(String name, Object value) {
        Map<String, String> more = new LinkedHashMap<>(values);
        more.put(name, String.valueOf(value).replace(' ', ','));
        return new Words(more);
    }

    public String text(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("an argument is missing: " + name + " of " + this);
        }
        return value;
    }

    public String text(String name, String otherwise) {
        return values.getOrDefault(name, otherwise);
    }

    public int number(String name) {
        return Integer.parseInt(text(name));
    }

    public long large(String name) {
        return Long.parseLong(text(name));
    }

    String line() {
        return values.entrySet().stream()
                .map(each -> each.getKey() + "=" + each.getValue())
                .collect(Collectors.joining(" "));
    }
}
