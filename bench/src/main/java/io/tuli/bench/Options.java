package io.tuli.bench;

import io.tuli.Nearest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was asked for on the command line: words, and options with a value each. Immutable.
 *
 * @param words what is no option
 * @param values by option, without its dashes
 */
record Options(List<String> words, Map<String, String> values) {

    /** Means true where it is said without a value. */
    private static final String LARGE = "large";

    /** Every option there is: its name, its default, what it means. */
    private static final List<List<String>> KNOWN =
            List.of(
                    List.of("size", "100", "Bytes of a record: header 3, key 6, value the rest."),
                    List.of("count", "1000000", "Messages of a round."),
                    List.of("keys", "", "Distinct keys; as many as messages unless said."),
                    List.of("window", "16384", "Messages unanswered at most."),
                    List.of("clients", "1", "Client members, a thread each, in one process."),
                    List.of("servers", "1", "Server processes."),
                    List.of("calls", "", "calls.in.flight of all members; Tuli's default."),
                    List.of("copies", "1", "Servers that must have a write before it is told OK."),
                    List.of(
                            "handler",
                            "inline",
                            "inline, virtual, or waiting: on virtual threads, 20 ms each."),
                    List.of(
                            "link",
                            "tcp",
                            "tcp, as the peers have; or unix, Tuli's own choice here."),
                    List.of("replica", "false", "Whether the client holds a live replica."),
                    List.of("warmup", "10", "Seconds of it, or 20 million messages."),
                    List.of("rounds", "3", "Rounds; figures are the medians."),
                    List.of("rates", "1000,10000,50000", "Messages a second of the open loop."),
                    List.of(
                            "peers",
                            "raw,unix,fero,redis,nats,kafka,jeromq,hazelcast",
                            "Systems to compare with."),
                    List.of("work", "single", "Of a comparison: single, or replicated."),
                    List.of("seconds", "3", "Of a round in a comparison, or more."),
                    List.of("seed", "", "Of the order of systems; printed."),
                    List.of("markdown", "", "A file for the comparison's tables."),
                    List.of("heap", "2g", "Heap of each process."),
                    List.of("flags", "", "More flags for the JVMs, separated by blanks."),
                    List.of(
                            "over",
                            "clients,services,keys,members",
                            "What a sweep has more and more of."),
                    List.of("steps", "", "Of a sweep: how many of them."),
                    List.of(LARGE, "false", "Whether a sweep goes to 10,000,000 keys: 12 GB."),
                    List.of("json", "", "A file for the results."));

    Options {
        words = List.copyOf(words);
        values = Map.copyOf(values);
    }

    static Options parse(List<String> arguments) {
        List<String> words = new ArrayList<>();
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (!argument.startsWith("--")) {
                words.add(argument);
                continue;
            }
            int at = argument.indexOf('=');
            String name = argument.substring(2, at < 0 ? argument.length() : at);
            requireKnown(name);
            if (at < 0 && name.equals(LARGE)) {
                values.put(name, "true");
                continue;
            }
            if (at < 0 && i + 1 == arguments.size()) {
                throw new BenchException("an option needs a value: --" + name);
            }
            values.put(name, at < 0 ? arguments.get(++i) : argument.substring(at + 1));
        }
        return new Options(words, values);
    }

    private static void requireKnown(String name) {
        List<String> names = KNOWN.stream().map(List::getFirst).toList();
        if (!names.contains(name)) {
            throw new BenchException(
                    "there is no option --" + name + Nearest.question(name, names));
        }
    }

    /** One line an option. */
    static String explained() {
        StringBuilder text = new StringBuilder();
        for (List<String> each : KNOWN) {
            String otherwise = each.get(1).isEmpty() ? "" : " [" + each.get(1) + "]";
            text.append("  --%-11s %s%s%n".formatted(each.get(0), each.get(2), otherwise));
        }
        return text.toString();
    }

    Options with(String name, Object value) {
        requireKnown(name);
        Map<String, String> more = new LinkedHashMap<>(values);
        more.put(name, String.valueOf(value));
        return new Options(words, more);
    }

    /** The same, unless it was said. */
    Options otherwise(String name, Object value) {
        return values.containsKey(name) ? this : with(name, value);
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    String text(String name) {
        String value = values.get(name);
        if (value != null) {
            return value;
        }
        return KNOWN.stream()
                .filter(each -> each.getFirst().equals(name))
                .findFirst()
                .orElseThrow()
                .get(1);
    }

    int number(String name) {
        String text = text(name).replace("_", "").replace(",", "");
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new BenchException("--" + name + " must be a whole number: " + text);
        }
    }

    /** One number or several, separated by commas. */
    List<Integer> numbers(String name) {
        List<Integer> numbers = new ArrayList<>();
        for (String each : text(name).split(",")) {
            numbers.add(with(name, each).number(name));
        }
        return numbers;
    }

    int keys() {
        int keys = text("keys").isEmpty() ? number("count") : number("keys");
        if (keys > number("count")) {
            throw new BenchException("--keys must be at most --count: a round writes every key");
        }
        if (keys < number("count") && keys % number("clients") != 0) {
            throw new BenchException("--clients must divide --keys: each key has one writer");
        }
        return keys;
    }

    List<String> flags() {
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
