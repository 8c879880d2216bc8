package io.tuli.chaos;

import java.util.Map;
import java.util.stream.Collectors;

/** Writes numbers, texts and maps of them as JSON. */
final class Json {

    private Json() {}

    static String of(Map<String, ?> object) {
        return object.entrySet().stream()
                .map(entry -> quoted(entry.getKey()) + ":" + value(entry.getValue()))
                .collect(Collectors.joining(",", "{", "}"));
    }

    @SuppressWarnings("unchecked")
    private static String value(Object value) {
        return switch (value) {
            case Number number -> number.toString();
            case Map<?, ?> map -> of((Map<String, ?>) map);
            default -> quoted(value.toString());
        };
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ') {
                quoted.append(String.format("\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
