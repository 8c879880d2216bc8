package io.tuli.terminal;

import java.util.ArrayList;
import java.util.List;

/**
 * How a command is written. Immutable.
 *
 * @param name its word
 * @param description what it does, in a sentence
 * @param parameters what it takes, in order; where some may be missing, those before come first
 * @param options in the order in which they are explained
 */
public record Grammar(
        String name, String description, List<Parameter> parameters, List<Option> options) {

    public Grammar {
        parameters = List.copyOf(parameters);
        options = List.copyOf(options);
    }

    public static Grammar of(String name, String description) {
        return new Grammar(name, description, List.of(), List.of());
    }

    /** With one more parameter. */
    public Grammar with(Parameter parameter) {
        List<Parameter> more = new ArrayList<>(parameters);
        more.add(parameter);
        return new Grammar(name, description, more, options);
    }

    /** With more options. */
    public Grammar with(List<Option> others) {
        List<Option> more = new ArrayList<>(options);
        more.addAll(others);
        return new Grammar(name, description, parameters, more);
    }

    public Grammar with(Option option) {
        return with(List.of(option));
    }

    /** How the command is written, after the name of the program. */
    public String synopsis() {
        StringBuilder synopsis = new StringBuilder(name);
        parameters.forEach(parameter -> synopsis.append(' ').append(parameter.synopsis()));
        options.forEach(option -> synopsis.append(" [").append(option.synopsis()).append(']'));
        return synopsis.toString();
    }
}
