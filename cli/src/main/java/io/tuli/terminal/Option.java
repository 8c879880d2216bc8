package io.tuli.terminal;

import java.util.List;

/**
 * An option of a command. Immutable.
 *
 * @param names with their dashes; the last one is the long one, by which it is known
 * @param takes whether it has a value
 * @param label what stands for the value in explanations; empty for a flag
 * @param description in a sentence
 */
public record Option(List<String> names, Takes takes, String label, String description) {

    public Option {
        names = List.copyOf(names);
    }

    /** An option that is there or not. */
    public static Option flag(String names, String description) {
        return new Option(List.of(names.split(" ")), Takes.NOTHING, "", description);
    }

    /** An option with a value: {@code --name value} or {@code --name=value}. */
    public static Option value(String names, String label, String description) {
        return new Option(List.of(names.split(" ")), Takes.VALUE, label, description);
    }

    /** An option that may have a value, but then only as {@code --name=value}. */
    public static Option perhaps(String names, String label, String description) {
        return new Option(List.of(names.split(" ")), Takes.PERHAPS, label, description);
    }

    /** Its long name. */
    public String name() {
        return names.getLast();
    }

    /** All names and what it takes: {@code -k, --key <key>}. */
    public String synopsis() {
        String all = String.join(", ", names);
        return switch (takes) {
            case NOTHING -> all;
            case VALUE -> all + " " + label;
            case PERHAPS -> all + "[=" + label + "]";
        };
    }

    /** Whether an option has a value. */
    public enum Takes {
        NOTHING,
        PERHAPS,
        VALUE
    }
}
