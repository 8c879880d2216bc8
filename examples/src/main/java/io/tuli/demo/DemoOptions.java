package io.tuli.demo;

import io.tuli.error.Nearest;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/**
 * What is wanted, as said on the command line.
 *
 * @param kill whether a member is killed with -9 rather than asked to leave
 * @param durable whether members keep on disk what they have, and all of them are killed at once
 * @param json whether the result is printed as one last line of JSON
 * @param help whether only the options are to be explained
 * @param members member processes at the beginning
 * @param rate flights a second the loader tries to send
 */
record DemoOptions(
        boolean kill, boolean durable, boolean json, boolean help, int members, int rate) {

    static final String HELP =
            """
            Usage: tuli demo [--kill | --durable] [--json] [--members=N] [--rate=N | --seconds=N]

            Streams 20,000 real flights through member processes on this machine. Half-way one more
            member joins and one leaves; at the end every member's copy is compared with the file.

              --kill         kill a member with -9 instead of asking it to leave
              --durable      members keep on disk what they have; instead of one that joins and one
                             that leaves, all are killed with -9 at once, and started again
              --json         print the result once more, as one last line of JSON
              --members=N    member processes at the beginning, 2..8 (3)
              --rate=N       flights a second, 100..100000 (1600)
              --seconds=N    or: how long the stream is to last, 1..200

            The exit code is 0 if nothing was lost, doubled or wrong, 1 if anything was, 2 if this
            command was misspelt.
            """;

    private static final int FLIGHTS = 20_000;
    private static final List<String> NAMES =
            List.of("--kill", "--durable", "--json", "--help", "--members", "--rate", "--seconds");

    /**
     * Reads the command line.
     *
     * @throws IllegalArgumentException with a sentence for people
     */
    static DemoOptions parse(String... args) {
        DemoOptions options = new DemoOptions(false, false, false, false, 3, 1600);
        Queue<String> rest = new ArrayDeque<>(List.of(args));
        while (!rest.isEmpty()) {
            options = options.with(rest.remove(), rest);
        }
        return options;
    }

    private DemoOptions with(String arg, Queue<String> rest) {
        int equals = arg.indexOf('=');
        String name = equals < 0 ? arg : arg.substring(0, equals);
        if (equals >= 0) {
            rest = new ArrayDeque<>(List.of(arg.substring(equals + 1)));
        }
        return switch (name) {
            case "--kill" -> new DemoOptions(true, durable, json, help, members, rate);
            case "--durable" -> new DemoOptions(kill, true, json, help, members, rate);
            case "--json" -> new DemoOptions(kill, durable, true, help, members, rate);
            case "--help", "-h" -> new DemoOptions(kill, durable, json, true, members, rate);
            case "--members" -> withMembers(number(name, rest, 2, 8));
            case "--rate" -> withRate(number(name, rest, 100, 100_000));
            case "--seconds" -> withRate(FLIGHTS / number(name, rest, 1, 200));
            default ->
                    throw new IllegalArgumentException(
                            "there is no option %s%s; tuli demo --help lists them"
                                    .formatted(name, Nearest.question(name, NAMES)));
        };
    }

    private DemoOptions withMembers(int count) {
        return new DemoOptions(kill, durable, json, help, count, rate);
    }

    private DemoOptions withRate(int perSecond) {
        return new DemoOptions(kill, durable, json, help, members, perSecond);
    }

    private static int number(String name, Queue<String> rest, int least, int most) {
        String text = rest.isEmpty() ? "" : rest.remove();
        if (text.matches("\\d{1,9}")) {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        }
        throw new IllegalArgumentException(
                "%s must be a number in %d..%d: it is \"%s\"".formatted(name, least, most, text));
    }
}
