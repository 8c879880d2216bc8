package io.tuli.bench;

import io.tuli.run.BenchException;
import io.tuli.run.Options;
import java.util.List;

/**
 * What a sweep has more and more of, while all else stays: the messages unanswered at a time,
 * divided among clients and services, and the keys.
 *
 * @param name of the option and of the table
 * @param steps from few to many
 */
record Dimension(String name, List<Integer> steps) {

    /** Beyond this many keys only on request: they take much memory, and long. */
    private static final int KEYS_MAX = 1_000_000;

    private static final int KEYS_LARGE = 10_000_000;

    static Dimension of(String name, boolean isLarge) {
        return switch (name) {
            case "clients" -> new Dimension(name, List.of(1, 2, 4, 8, 16, 32, 64));
            case "services" -> new Dimension(name, List.of(1, 2, 5, 10));
            case "members" -> new Dimension(name, List.of(1, 2, 3, 5, 7));
            case "keys" ->
                    new Dimension(
                            name,
                            isLarge
                                    ? List.of(1_000, 10_000, 100_000, KEYS_MAX, KEYS_LARGE)
                                    : List.of(1_000, 10_000, 100_000, KEYS_MAX));
            default ->
                    throw BenchException.usage(
                            "a sweep goes over clients, services, keys or members, not " + name);
        };
    }

    /** As many keys as {@code --large} means, and room for them, unless said. */
    static Options large(Options options) {
        return options.otherwise("heap", "6g")
                .otherwise("count", options.otherwise("keys", KEYS_LARGE).number("keys"));
    }

    Dimension with(List<Integer> others) {
        return new Dimension(name, others);
    }

    boolean isKeys() {
        return name.equals("keys");
    }

    /** How many of this there are at a step of a sweep over {@code other}. */
    static int at(String name, int otherwise, Dimension swept, int step) {
        return swept.name.equals(name) ? step : otherwise;
    }
}
