package io.tuli.run;

import io.tuli.error.Nearest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What was asked for on the command line: words, and options with a value each that is one of
 * theirs. Immutable.
 *
 * @param words what is no option
 * @param values by option, without its dashes
 */
public record Options(List<String> words, Map<String, String> values) {

    public Options {
        words = List.copyOf(words);
        values = Map.copyOf(values);
    }

    public static Options parse(List<String> arguments) {
        List<String> words = new ArrayList<>();
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (!argument.startsWith("-")) {
                words.add(argument);
                continue;
            }
            int at = argument.indexOf('=');
            Option option = named(at < 0 ? argument : argument.substring(0, at));
            if (at >= 0) {
                values.put(option.name(), fitting(option, argument.substring(at + 1)));
            } else if (option.isSwitch()) {
                values.put(option.name(), Option.YES);
            } else {
                values.put(option.name(), fitting(option, next(option, arguments, ++i)));
            }
        }
        return new Options(words, values);
    }

    private static Option named(String dashed) {
        String name = dashed.replaceFirst("^--?", "");
        List<String> names = Option.ALL.stream().map(Option::name).toList();
        int at = names.indexOf(name);
        if (at < 0 || !dashed.startsWith("--")) {
            throw BenchException.usage(
                    "there is no option " + dashed + (at < 0 ? Nearest.question(name, names) : ""));
        }
        return Option.ALL.get(at);
    }

    private static String next(Option option, List<String> arguments, int i) {
        if (i == arguments.size() || arguments.get(i).startsWith("--")) {
            throw BenchException.usage(
                    "--" + option.name() + " needs a value: " + option.meaning());
        }
        return arguments.get(i);
    }

    private static String fitting(Option option, String value) {
        String broken = option.rule().apply(value);
        if (!broken.isEmpty()) {
            throw BenchException.usage("--" + option.name() + " " + broken + ": " + value);
        }
        return value;
    }

    /** One line an option, under the titles of its group. */
    public static String explained() {
        StringBuilder text = new StringBuilder();
        for (Option.Group group : Option.GROUPS) {
            text.append("%n%s%n".formatted(group.title()));
            group.options().forEach(each -> text.append(each.line()));
        }
        return text.toString();
    }

    /** As it could be typed, but for where to write: that is nobody else's business. */
    public String typed() {
        StringBuilder text = new StringBuilder(String.join(" ", words));
        new TreeMap<>(values)
                .forEach(
                        (name, value) -> {
                            Option option = named("--" + name);
                            if (!List.of("json", "markdown", "keep").contains(name)) {
                                text.append(" --").append(name);
                                text.append(option.isSwitch() ? switched(value) : " " + value);
                            }
                        });
        return text.toString();
    }

    private static String switched(String value) {
        return value.equals(Option.YES) ? "" : "=" + value;
    }

    public Options with(String name, Object value) {
        Option option = named("--" + name);
        Map<String, String> more = new LinkedHashMap<>(values);
        more.put(option.name(), String.valueOf(value));
        return new Options(words, more);
    }

    /** The same, unless it was said. */
    public Options otherwise(String name, Object value) {
        return values.containsKey(name) ? this : with(name, value);
    }

    public boolean has(String name) {
        return values.containsKey(name);
    }

    public boolean is(String name) {
        return text(name).equals(Option.YES);
    }

    public String text(String name) {
        return values.getOrDefault(name, named("--" + name).otherwise());
    }

    public int number(String name) {
        return whole(name, text(name));
    }

    private static int whole(String name, String text) {
        try {
            return Integer.parseInt(Option.digits(text));
        } catch (NumberFormatException e) {
            throw BenchException.usage("--" + name + " must be one whole number here: " + text);
        }
    }

    /** One number or several, separated by commas. */
    public List<Integer> numbers(String name) {
        List<Integer> numbers = new ArrayList<>();
        for (String each : text(name).split(",")) {
            numbers.add(whole(name, each));
        }
        return numbers;
    }

    public int keys() {
        int keys = text("keys").isEmpty() ? number("count") : number("keys");
        if (keys > number("count")) {
            throw BenchException.usage("--keys must be at most --count: a round writes every key");
        }
        if (keys < number("count") && keys % number("clients") != 0) {
            throw BenchException.usage("--clients must divide --keys: each key has one writer");
        }
        return keys;
    }

    public List<String> flags() {
        List<String> flags = new ArrayList<>();
        flags.add("-Xms" + text("heap"));
        flags.add("-Xmx" + text("heap"));
        for (String flag : text("flags").split(" ")) {
            if (!flag.isBlank()) {
                flags.add(flag);
            }
        }
        return flags;
    }
}
