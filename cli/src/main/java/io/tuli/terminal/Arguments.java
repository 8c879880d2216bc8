package io.tuli.terminal;

import io.tuli.Failure;
import io.tuli.TuliException;
import io.tuli.error.Nearest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The arguments of one command, sorted by its grammar. Immutable.
 *
 * <p>Options may stand anywhere until {@code --}: {@code --name value}, {@code --name=value},
 * {@code -n value}; flags of one letter may share a dash. A lone dash and numbers are words. Where
 * an option with one value is repeated, the last one counts.
 */
public final class Arguments {

    private static final String END_OF_OPTIONS = "--";

    private final Grammar grammar;
    private final Map<Option, List<String>> values = new LinkedHashMap<>();
    private final Map<Parameter, List<String>> words = new HashMap<>();

    private Arguments(Grammar grammar) {
        this.grammar = grammar;
    }

    /**
     * Sorts the arguments of a command.
     *
     * @throws TuliException BAD_REQUEST, naming the nearest option there is
     */
    public static Arguments parse(Grammar grammar, List<String> args) {
        Arguments arguments = new Arguments(grammar);
        arguments.assign(arguments.withoutOptions(args.iterator()));
        return arguments;
    }

    /** No arguments at all. */
    public static Arguments none() {
        return new Arguments(Grammar.of("", ""));
    }

    /** Whether the option is there, however wrong all others may be. */
    public static boolean has(Option option, List<String> args) {
        int end = args.indexOf(END_OF_OPTIONS);
        List<String> options = end < 0 ? args : args.subList(0, end);
        return option.names().stream().anyMatch(options::contains);
    }

    /**
     * Where the first word is that is neither an option nor its value; the end if there is none.
     */
    public static int firstWord(Grammar grammar, List<String> args) {
        Arguments common = new Arguments(grammar);
        for (int i = 0; i < args.size(); i++) {
            if (!isOption(args.get(i))) {
                return i;
            }
            Option option = common.find(args.get(i)).orElse(null);
            boolean isValueNext = option != null && option.takes() == Option.Takes.VALUE;
            i += isValueNext && args.get(i).indexOf('=') < 0 ? 1 : 0;
        }
        return args.size();
    }

    public boolean has(Option option) {
        return values.containsKey(option);
    }

    /** The value of an option, the last one where there are several. */
    public Optional<String> text(Option option) {
        List<String> all = texts(option);
        return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
    }

    /** All values of an option, in order. */
    public List<String> texts(Option option) {
        return values.getOrDefault(option, List.of());
    }

    /** The word for a parameter that must be there. */
    public String word(Parameter parameter) {
        return words(parameter).getFirst();
    }

    /** The words for a parameter. */
    public List<String> words(Parameter parameter) {
        return words.getOrDefault(parameter, List.of());
    }

    /** The word for a parameter that may be missing. */
    public Optional<String> optional(Parameter parameter) {
        return words(parameter).stream().findFirst();
    }

    // ---- options -------------------------------------------------------------------------------

    private List<String> withoutOptions(Iterator<String> args) {
        List<String> rest = new ArrayList<>();
        while (args.hasNext()) {
            String arg = args.next();
            if (arg.equals(END_OF_OPTIONS)) {
                args.forEachRemaining(rest::add);
            } else if (isOption(arg)) {
                take(arg, args);
            } else {
                rest.add(arg);
            }
        }
        return rest;
    }

    private static boolean isOption(String arg) {
        return arg.length() > 1 && arg.startsWith("-") && !arg.matches("-\\.?\\d.*");
    }

    private void take(String arg, Iterator<String> args) {
        Option option = find(arg).orElse(null);
        if (option == null) {
            takeFlags(arg);
            return;
        }
        int equals = arg.indexOf('=');
        if (equals >= 0 && option.takes() == Option.Takes.NOTHING) {
            throw refused("option " + option.name() + " takes no value: " + arg);
        }
        if (equals >= 0) {
            put(option, arg.substring(equals + 1));
        } else if (option.takes() == Option.Takes.VALUE) {
            String value = args.hasNext() ? args.next() : END_OF_OPTIONS;
            if (value.equals(END_OF_OPTIONS) || (isOption(value) && find(value).isPresent())) {
                throw refused("an option needs its value: " + option.synopsis());
            }
            put(option, value);
        } else {
            put(option, "");
        }
    }

    /** {@code -qv} is {@code -q -v}, where both are flags. */
    private void takeFlags(String arg) {
        List<Option> flags = new ArrayList<>();
        if (!arg.startsWith(END_OF_OPTIONS)) {
            arg.substring(1)
                    .chars()
                    .mapToObj(letter -> find("-" + (char) letter))
                    .forEach(found -> found.filter(Arguments::isFlag).ifPresent(flags::add));
        }
        if (flags.size() != arg.length() - 1) {
            String name = nameOf(arg);
            throw refused("there is no option " + name + Nearest.question(name, longNames()));
        }
        flags.forEach(flag -> put(flag, ""));
    }

    private static boolean isFlag(Option option) {
        return option.takes() == Option.Takes.NOTHING;
    }

    private Optional<Option> find(String arg) {
        String name = nameOf(arg);
        return grammar.options().stream().filter(o -> o.names().contains(name)).findFirst();
    }

    private static String nameOf(String arg) {
        int equals = arg.indexOf('=');
        return equals < 0 ? arg : arg.substring(0, equals);
    }

    private List<String> longNames() {
        return grammar.options().stream().map(Option::name).toList();
    }

    private void put(Option option, String value) {
        values.computeIfAbsent(option, none -> new ArrayList<>()).add(value);
    }

    // ---- words ---------------------------------------------------------------------------------

    /** Each parameter takes what it must have, then what those after it leave. */
    private void assign(List<String> rest) {
        int from = 0;
        int owed = grammar.parameters().stream().mapToInt(Parameter::min).sum();
        if (rest.size() < owed) {
            throw refused(grammar.name() + " needs " + missing(rest.size()));
        }
        for (Parameter parameter : grammar.parameters()) {
            owed -= parameter.min();
            int count = Math.min(parameter.max(), rest.size() - from - owed);
            words.put(parameter, List.copyOf(rest.subList(from, from + count)));
            from += count;
        }
        if (from < rest.size()) {
            throw refused(
                    grammar.name()
                            + " takes no more arguments: "
                            + String.join(" ", rest.subList(from, rest.size())));
        }
    }

    private String missing(int given) {
        return grammar.parameters().stream()
                .filter(parameter -> parameter.min() > 0)
                .skip(given)
                .map(Parameter::synopsis)
                .collect(Collectors.joining(" "));
    }

    private TuliException refused(String message) {
        return new TuliException(
                Failure.BAD_REQUEST, message + "\nSee: tuli help " + grammar.name());
    }
}
