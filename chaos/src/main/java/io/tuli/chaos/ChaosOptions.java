package io.tuli.chaos;

import io.tuli.error.Nearest;
import io.tuli.workload.Fault;
import io.tuli.workload.Workloads;
import java.util.ArrayDeque;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What is wanted, as said on the command line.
 *
 * @param seconds how long writers write and faults are injected
 * @param faults which
 * @param members servers in the beginning
 * @param workload its name
 * @param seed of what is drawn: faults, victims, keys
 * @param rate requests a second, of all writers together
 * @param network how members are connected
 * @param json whether only the result is printed
 * @param help whether only the options are to be explained
 */
record ChaosOptions(
        int seconds,
        Set<Fault> faults,
        int members,
        String workload,
        long seed,
        int rate,
        Wiring network,
        boolean json,
        boolean help) {

    /** How members are connected. */
    enum Wiring {
        /** Namespaces for a split where they can be made, else proxies; else the loopback. */
        AUTO,
        NAMESPACES,
        PROXIES
    }

    static final String HELP =
            """
            Usage: tuli chaos [--seconds N] [--faults LIST] [--members N] [--workload NAME]
                              [--seed S] [--rate N] [--network NAME] [--json]

            Starts real member processes on this machine, writes to them through two client
            processes while members are killed, paused, cut off, joined and sent away, and then
            judges the history of all that was asked and answered.

              --seconds N      how long, 5..86400 (30)
              --faults LIST    of kill, pause, partition, join, leave, with commas between them;
                               or none (kill)
              --members N      member processes in the beginning, 2..9 (5)
              --workload NAME  set, log, counter, dedup, watch or register (set)
              --seed S         the same seed draws the same faults and requests; timing differs
              --rate N         requests a second, 10..5000 (200)
              --network NAME   how a network is split: namespaces (of Linux, needs root) or proxies;
                               auto takes namespaces where it may (auto)
              --json           print nothing but one line of JSON

            The history is a file of JSON lines, whose name is printed.

            The exit code is 0 if the history is what is promised for the workload, 1 if not, 2 if
            this command was misspelt, 5 if the processes could not be started.
            """;

    private static final List<String> NAMES =
            List.of(
                    "--seconds",
                    "--faults",
                    "--members",
                    "--workload",
                    "--seed",
                    "--rate",
                    "--network",
                    "--json",
                    "--help");

    /**
     * Reads the command line.
     *
     * @throws IllegalArgumentException with a sentence for people
     */
    static ChaosOptions parse(String... args) {
        Draft draft = new Draft();
        Queue<String> rest = new ArrayDeque<>();
        for (String arg : args) {
            int equals = arg.indexOf('=');
            if (arg.startsWith("--") && equals > 0) {
                rest.add(arg.substring(0, equals));
                rest.add(arg.substring(equals + 1));
            } else {
                rest.add(arg);
            }
        }
        while (!rest.isEmpty()) {
            draft.take(rest.remove(), rest);
        }
        return draft.done();
    }

    private static final class Draft {
        private int seconds = 30;
        private Set<Fault> faults = EnumSet.of(Fault.KILL);
        private int members = 5;
        private String workload = "set";
        private long seed = ThreadLocalRandom.current().nextLong(1, 1_000_000);
        private int rate = 200;
        private Wiring network = Wiring.AUTO;
        private boolean json;
        private boolean help;

        void take(String name, Queue<String> rest) {
            switch (name) {
                case "--seconds" -> seconds = (int) number(name, rest, 5, 86_400);
                case "--faults" -> faults = Fault.parse(value(name, rest));
                case "--members" -> members = (int) number(name, rest, 2, 9);
                case "--workload" -> workload = value(name, rest);
                case "--seed" -> seed = number(name, rest, 0, Long.MAX_VALUE);
                case "--rate" -> rate = (int) number(name, rest, 10, 5_000);
                case "--network" -> network = wiring(value(name, rest));
                case "--json" -> json = true;
                case "--help", "-h" -> help = true;
                default ->
                        throw new IllegalArgumentException(
                                "there is no option %s%s; tuli chaos --help lists them"
                                        .formatted(name, Nearest.question(name, NAMES)));
            }
        }

        ChaosOptions done() {
            Workloads.named(workload);
            return new ChaosOptions(
                    seconds, faults, members, workload, seed, rate, network, json, help);
        }

        private static String value(String name, Queue<String> rest) {
            if (rest.isEmpty()) {
                throw new IllegalArgumentException(name + " needs a value");
            }
            return rest.remove();
        }

        private static Wiring wiring(String word) {
            for (Wiring each : Wiring.values()) {
                if (each.name().equalsIgnoreCase(word)) {
                    return each;
                }
            }
            throw new IllegalArgumentException(
                    "--network is auto, namespaces or proxies: it is \""
                            + word.toLowerCase(Locale.ROOT)
                            + "\"");
        }

        private static long number(String name, Queue<String> rest, long least, long most) {
            String text = value(name, rest);
            if (text.matches("\\d{1,18}")) {
                long number = Long.parseLong(text);
                if (number >= least && number <= most) {
                    return number;
                }
            }
            throw new IllegalArgumentException(
                    "%s must be a number in %d..%d: it is \"%s\""
                            .formatted(name, least, most, text));
        }
    }
}
