package io.tuli.run;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * An option of the command line.
 *
 * @param name without its dashes
 * @param otherwise its value where it is not said; empty where that depends on the benchmark
 * @param meaning one line of help
 * @param isSwitch whether saying it without a value means yes
 * @param rule of a value, what it breaks; empty where it breaks nothing
 */
public record Option(
        String name,
        String otherwise,
        String meaning,
        boolean isSwitch,
        UnaryOperator<String> rule) {

    public static final String YES = "true";

    private static final Pattern HEAP = Pattern.compile("[1-9][0-9]*[kmgKMG]");
    private static final List<String> SWITCH = List.of(YES, "false");

    /** The smallest value that leaves a byte beside header and key. */
    private static final int SIZE_LEAST = 10;

    /** A group of the help, and its options. */
    record Group(String title, List<Option> options) {}

    public static final List<Group> GROUPS =
            List.of(
                    new Group("The work", work()),
                    new Group("The processes", processes()),
                    new Group("Rounds", rounds()),
                    new Group("Of some benchmarks only", some()),
                    new Group("What is left of a run", left()));

    public static final List<Option> ALL =
            GROUPS.stream().flatMap(each -> each.options().stream()).toList();

    private static List<Option> work() {
        return List.of(
                numbers(
                        "size",
                        "100",
                        SIZE_LEAST,
                        "Bytes of a record: header 3, key 6, value the rest; latency: 32."),
                number(
                        "count",
                        "1000000",
                        1,
                        "Messages of a round; latency: 50000, one at a time."),
                number("keys", "", 1, "Distinct keys; as many as messages unless said."),
                number("partitions", "256", 1, "Partitions of the service."),
                number("window", "16384", 1, "Messages unanswered at most."),
                number("copies", "1", 1, "Servers that must have a write before it is told OK."),
                one(
                        "handler",
                        List.of("inline", "virtual", "waiting"),
                        "inline, virtual, or waiting: on virtual threads, 20 ms each."),
                toggle("replica", "The client holds a live replica."),
                number("calls", "", 1, "calls.in.flight of all members; Tuli's default."));
    }

    private static List<Option> processes() {
        return List.of(
                number(
                        "clients",
                        "1",
                        1,
                        "Client members, a thread each, one process; fanout: 10."),
                number("servers", "1", 1, "Server processes; replicated: 3."),
                one(
                        "link",
                        List.of("tcp", "unix", "tls"),
                        "tcp, as the peers have; unix, Tuli's own choice here; tls."),
                toggle("pin", "Clients on processor 0 and servers on 1, by taskset."),
                new Option(
                        "heap",
                        "2g",
                        "Heap of each JVM.",
                        false,
                        value ->
                                HEAP.matcher(value).matches()
                                        ? ""
                                        : "must be a size like 512m or 2g"),
                text("flags", "", "More flags for the JVMs, separated by blanks."));
    }

    private static List<Option> rounds() {
        return List.of(
                number("warmup", "10", 0, "Seconds of it, or 20 million messages."),
                number("rounds", "3", 1, "Rounds; figures are the medians; compare, startup: 5."),
                number(
                        "seconds",
                        "3",
                        1,
                        "Of a round not bounded by --count; sweep 1, latency 5."));
    }

    private static List<Option> some() {
        return List.of(
                text(
                        "peers",
                        "raw,unix,tls,fero,redis,nats,kafka,jeromq,hazelcast",
                        "compare: systems beside Tuli."),
                one(
                        "work",
                        List.of("single", "replicated"),
                        "compare: single, or replicated on three servers."),
                number("seed", "", 0, "compare: of the order of systems; printed."),
                numbers("rates", "1000,10000,50000", 1, "latency: messages a second, open loop."),
                text(
                        "over",
                        "clients,services,keys,members",
                        "sweep: what there is more and more of."),
                numbers("steps", "", 1, "sweep: how many of them, from few to many."),
                toggle("large", "memory, sweep: 10,000,000 keys, with 6g heaps unless said."));
    }

    private static List<Option> left() {
        return List.of(
                text("json", "", "A file for the results."),
                text("markdown", "", "A file for the tables of compare."),
                toggle("keep", "Keep the directory with logs and data of the processes."));
    }

    private static Option text(String name, String otherwise, String meaning) {
        return new Option(
                name,
                otherwise,
                meaning,
                false,
                value -> value.isBlank() ? "must not be empty" : "");
    }

    private static Option number(String name, String otherwise, int least, String meaning) {
        return new Option(name, otherwise, meaning, false, value -> broken(value, least));
    }

    private static Option numbers(String name, String otherwise, int least, String meaning) {
        return new Option(
                name,
                otherwise,
                meaning,
                false,
                value ->
                        List.of(value.split(",", -1)).stream()
                                .map(each -> broken(each, least))
                                .filter(each -> !each.isEmpty())
                                .findFirst()
                                .map(each -> each + ", or several with commas between")
                                .orElse(""));
    }

    private static String broken(String value, int least) {
        try {
            if (Integer.parseInt(digits(value)) >= least) {
                return "";
            }
        } catch (NumberFormatException notOne) {
            // Said below, as for one that is too small.
        }
        return "must be a whole number from " + least + " on";
    }

    /** A number as people write it: {@code 1,000,000} and {@code 1_000_000} too. */
    static String digits(String value) {
        return value.replace("_", "").replace(",", "");
    }

    /** The first is the default. */
    private static Option one(String name, List<String> known, String meaning) {
        return new Option(
                name,
                known.getFirst(),
                meaning,
                false,
                value -> known.contains(value) ? "" : "must be " + String.join(" or ", known));
    }

    /** Said without a value, or with {@code =true} and {@code =false}. */
    private static Option toggle(String name, String meaning) {
        return new Option(
                name,
                "false",
                meaning,
                true,
                value -> SWITCH.contains(value) ? "" : "must be said without a value");
    }

    /** As it stands in the help. */
    String line() {
        String shown = otherwise.isEmpty() || isSwitch ? "" : " [" + otherwise + "]";
        return "  --%-9s %s%s%n".formatted(name, meaning, shown);
    }
}
