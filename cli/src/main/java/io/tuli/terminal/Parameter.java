package io.tuli.terminal;

/**
 * A word that a command takes, after its options or between them. Immutable.
 *
 * @param label what stands for it in explanations
 * @param min how many there must be
 * @param max how many there may be
 * @param description in a sentence
 */
public record Parameter(String label, int min, int max, String description) {

    public static final int ANY = Integer.MAX_VALUE;

    public static Parameter one(String label, String description) {
        return new Parameter(label, 1, 1, description);
    }

    public static Parameter optional(String label, String description) {
        return new Parameter(label, 0, 1, description);
    }

    public static Parameter some(String label, String description) {
        return new Parameter(label, 1, ANY, description);
    }

    /** {@code <key>}, {@code [<key>]} or {@code <key>…}. */
    public String synopsis() {
        String all = max > 1 ? label + "…" : label;
        return min == 0 ? "[" + all + "]" : all;
    }
}
