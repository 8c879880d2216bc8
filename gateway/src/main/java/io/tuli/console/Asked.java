package io.tuli.console;

import io.tuli.Refusal;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** The names and values of a query string, each once. Immutable. */
record Asked(Map<String, String> values) {

    private static final int NAMES_MAX = 16;

    /** Of those that are said twice the last counts, and of very many the first. */
    static Asked of(String query) {
        Map<String, String> values = new HashMap<>();
        for (String each : query.split("&", NAMES_MAX + 1)) {
            int equals = each.indexOf('=');
            if (equals > 0 && values.size() < NAMES_MAX) {
                values.put(each.substring(0, equals), each.substring(equals + 1));
            }
        }
        return new Asked(Map.copyOf(values));
    }

    /**
     * Decoded; empty where it is not said.
     *
     * @throws Refusal 400 where it is malformed
     */
    String text(String name) {
        try {
            return URLDecoder.decode(values.getOrDefault(name, ""), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            throw Refusal.badRequest(name + " is percent-encoded UTF-8");
        }
    }

    /**
     * A number, 0 to most.
     *
     * @throws Refusal 400 where it is none
     */
    int number(String name, int usual, int most) {
        String text = text(name);
        if (text.isEmpty()) {
            return usual;
        }
        boolean isNumber =
                text.length() <= 10 && text.chars().allMatch(digit -> digit >= '0' && digit <= '9');
        if (!isNumber || Long.parseLong(text) > most) {
            throw Refusal.badRequest(name + " is a number, 0 to " + most);
        }
        return Integer.parseInt(text);
    }
}
