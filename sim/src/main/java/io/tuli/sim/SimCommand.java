package io.tuli.sim;

import io.tuli.Nearest;
import java.io.PrintStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** {@code ./tuli sim}: runs seeds through the simulation and says which fail. */
public final class SimCommand {

    private static final int OK = 0;
    private static final int FAILED = 1;
    private static final int MISUSED = 2;
    private static final int FAILURES_TOLD_MOST = 10;

    private static final String HELP =
            """
            Runs whole clusters on one thread each, in virtual time, with faults, from seeds.

              tuli sim [--seeds <n>] [--seed <first>] [--bug <name>] [--json] [-v] [--narrate]

              --seeds <n>      how many seeds; 1000 unless said
              --seed <first>   the first of them; 1 unless said
              --bug <name>     plants a bug, to see that it is found; stops at the first failure
              --json           the last line is JSON
              -v               a line for each seed: its trace hash, and what it was made of
              --narrate        every frame that arrives, every entry applied: for one seed
              -h, --help       this text

            Exit code: 0 no seed failed, 1 one did, 2 the command is wrong.
            Bugs:""";

    private long seeds = 1_000;
    private long first = 1;
    private @Nullable Bug bug;
    private boolean isJson;
    private boolean isVerbose;
    private boolean isNarrated;
    private boolean isHelp;
    private int told;

    private SimCommand() {}

    public static void main(String[] args) {
        System.exit(run(System.out, System.err, args));
    }

    /** Runs the command and answers its exit code. */
    public static int run(PrintStream out, PrintStream err, String... args) {
        SimCommand command = new SimCommand();
        try {
            command.read(new ArrayDeque<>(List.of(args)));
        } catch (IllegalArgumentException wrong) {
            err.println("tuli sim: " + wrong.getMessage());
            return MISUSED;
        }
        if (command.isHelp) {
            out.println(HELP + " " + String.join(", ", bugNames()));
            return OK;
        }
        return command.run(out);
    }

    private int run(PrintStream out) {
        SwarmReport report =
                new Swarm(seeds, first, bug, bug != null, observer(out)).run(run -> tell(run, out));
        out.println(isJson ? report.json() : report.text());
        return report.failed() == 0 ? OK : FAILED;
    }

    private Consumer<SimCluster> observer(PrintStream out) {
        return cluster -> {
            if (isNarrated) {
                cluster.narrate(out::println);
            }
        };
    }

    private void tell(SwarmRun run, PrintStream out) {
        if (isVerbose) {
            out.println(
                    "seed "
                            + run.seed()
                            + " trace "
                            + String.format("%016x", run.traceHash())
                            + " "
                            + run.virtualNanos() / SimCluster.MILLI
                            + " ms "
                            + run.summary()
                            + " "
                            + run.plan());
        }
        Throwable failure = run.failure();
        if (failure == null || told++ >= FAILURES_TOLD_MOST) {
            return;
        }
        String planted = bug == null ? "" : " --bug " + name(bug);
        out.println("FAILED " + failure.getMessage());
        out.println("  replay: ./tuli sim --seeds 1 --seed " + run.seed() + planted + " -v");
        if (isVerbose) {
            failure.printStackTrace(out);
        }
    }

    // ---- arguments -----------------------------------------------------------------------------

    private void read(Deque<String> words) {
        while (!words.isEmpty()) {
            String word = words.remove();
            switch (word) {
                case "--seeds" -> seeds = number(word, words, 1);
                case "--seed" -> first = number(word, words, Long.MIN_VALUE);
                case "--bug" -> bug = bug(value(word, words));
                case "--json" -> isJson = true;
                case "-v", "--verbose" -> isVerbose = true;
                case "--narrate" -> isNarrated = true;
                case "-h", "--help" -> isHelp = true;
                default -> throw new IllegalArgumentException("no such option: " + word);
            }
        }
    }

    private static String value(String option, Deque<String> words) {
        if (words.isEmpty()) {
            throw new IllegalArgumentException(option + " needs a value");
        }
        return words.remove();
    }

    private static long number(String option, Deque<String> words, long least) {
        String text = value(option, words);
        try {
            long number = Long.parseLong(text);
            if (number >= least) {
                return number;
            }
        } catch (NumberFormatException ignored) {
            // Told below, like a number that is too small.
        }
        throw new IllegalArgumentException(option + " needs a number: " + text);
    }

    private static Bug bug(String name) {
        for (Bug each : Bug.values()) {
            if (name(each).equals(name)) {
                return each;
            }
        }
        throw new IllegalArgumentException(
                "no such bug: " + name + Nearest.question(name, bugNames()));
    }

    private static List<String> bugNames() {
        return Arrays.stream(Bug.values()).map(SimCommand::name).toList();
    }

    private static String name(Bug bug) {
        return bug.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
