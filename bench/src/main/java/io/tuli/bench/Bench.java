package io.tuli.bench;

import io.tuli.compare.Compare;
import io.tuli.error.Nearest;
import io.tuli.run.BenchException;
import io.tuli.run.Launcher;
import io.tuli.run.Options;
import io.tuli.run.Report;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The benchmarks' front door: one mode, its options, its result. */
public final class Bench {

    private static final String HELP =
            """
            Measures Tuli on this machine: client and servers are separate processes.

            Usage: ./tuli bench <benchmark> [--option value | --option=value]...

              update      an update, applied by its owner and answered
              reply       a message, answered by a handler
              replicated  an update on three servers, 2 copies and 3
              send        an update, taken over by the sender's own process
              ack         an update, in the owner's queue; and committed
              raw         the floor: the same frames over plain sockets
              latency     one at a time and at fixed rates, beside plain sockets
              fanout      one writer, and clients that hear of each change
              recovery    replica, then killed
              replica     a fresh replica, until it is in sync
              killed      writes after an owner is killed with -9
              memory      bytes a key costs
              cold        the first messages of fresh processes, and the warm ones
              startup     until one can work: a member alone, a second one, a command
              overload    twice as many messages as can be answered
              sweep       more and more of: clients, services, keys, members (sweep keys: one)
              gateway     REST, Socket.IO and events through a gateway, beside feathers-distributed
                          where it is installed; gateway connections: 10,000 idle ones, and 1,000
                          busy ones
              micro       codec, ring, changelog, state under JMH; all that follows is JMH's own
              compare     Tuli and its peers, in interleaved rounds; bench/install-peers.sh first
              publish     all that docs/performance.md says, measured and written there; or
                          the tables named: publish latency memory

            Try first:     ./tuli bench update --warmup 2 --rounds 2
            Then:          ./tuli bench compare --peers raw,unix --rounds 5
            What figures mean, and how they are taken: docs/performance.md.

            Options [default]. A benchmark ignores those that do not concern it; --size 10,100 and
            --rates take several numbers; --count 1_000_000 is a number too.
            """;

    /** All but those that are run elsewhere: micro and publish. */
    private static final List<String> BENCHMARKS =
            List.of(
                    "update",
                    "reply",
                    "replicated",
                    "send",
                    "ack",
                    "raw",
                    "latency",
                    "fanout",
                    "recovery",
                    "replica",
                    "killed",
                    "memory",
                    "cold",
                    "startup",
                    "overload",
                    "sweep",
                    "compare",
                    "gateway",
                    "micro",
                    "publish");

    /** Words after these say what of them. */
    private static final List<String> TAKE_WORDS = List.of("sweep", "publish", "gateway");

    private Bench() {}

    static String help() {
        return HELP + Options.explained();
    }

    /** Runs one benchmark; answers an exit code. */
    public static int run(List<String> arguments) {
        return run(arguments, Path.of(""));
    }

    /**
     * @param parent of the directory of this run; nothing for the machine's own place
     */
    static int run(List<String> arguments, Path parent) {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        if (arguments.isEmpty() || isHelp(arguments)) {
            out.print(help());
            return arguments.isEmpty() ? BenchException.USAGE : 0;
        }
        try {
            if (arguments.getFirst().equals("micro")) {
                return Micro.run(arguments.subList(1, arguments.size()));
            }
            Options options = Options.parse(arguments);
            requireSense(options);
            return run(options, out, parent);
        } catch (BenchException failed) {
            System.err.println("bench: " + failed.getMessage());
            return failed.exitCode();
        } catch (IOException failed) {
            System.err.println("bench: " + failed);
            return BenchException.FAILED;
        }
    }

    /** JMH has a help of its own. */
    private static boolean isHelp(List<String> arguments) {
        String first = arguments.getFirst();
        boolean isAsked = arguments.contains("--help") || arguments.contains("-h");
        return first.equals("help") || (isAsked && !first.equals("micro"));
    }

    /** What can be known to be wrong is said before anything is started. */
    private static void requireSense(Options options) {
        if (options.words().isEmpty()) {
            throw BenchException.usage("which benchmark? They are " + BENCHMARKS);
        }
        String mode = options.words().getFirst();
        if (!BENCHMARKS.contains(mode)) {
            throw BenchException.usage(
                    "there is no benchmark "
                            + mode
                            + Nearest.question(mode, BENCHMARKS)
                            + " ./tuli bench --help lists them");
        }
        if (options.words().size() > 1 && !TAKE_WORDS.contains(mode)) {
            throw BenchException.usage(
                    mode
                            + " takes options alone, and they begin with --: "
                            + options.words().get(1));
        }
        requireDirectory(options, "json");
        requireDirectory(options, "markdown");
        Launcher.requirePinning(options);
    }

    /** Nobody wants to learn after the last round that it cannot be written. */
    private static void requireDirectory(Options options, String name) {
        Path file = Path.of(options.text(name)).toAbsolutePath();
        Path directory = file.getParent();
        if (directory != null && options.has(name) && !Files.isWritable(directory)) {
            throw BenchException.usage(
                    "--" + name + " must be a file in a directory that can be written: " + file);
        }
    }

    private static int run(Options options, PrintStream out, Path parent) throws IOException {
        try (Logs logs = Logs.open(parent, options.is("keep"))) {
            try {
                String mode = options.words().getFirst();
                if (mode.equals("publish")) {
                    return new Publish(options, out, logs.directory(), Publish.page()).run()
                            ? 0
                            : BenchException.FAILED;
                }
                Report report = new Report(out, options);
                measure(mode, options, report, logs.directory());
                report.close();
                return 0;
            } catch (BenchException | IllegalStateException | UncheckedIOException failed) {
                System.err.println("bench: " + failed.getMessage());
                boolean isUsage =
                        failed instanceof BenchException wrong
                                && wrong.exitCode() == BenchException.USAGE;
                if (!isUsage) {
                    System.err.println("bench: " + logs.whereabouts());
                }
                return isUsage ? BenchException.USAGE : BenchException.FAILED;
            } finally {
                if (options.is("keep")) {
                    out.println(logs.whereabouts());
                }
            }
        }
    }

    /** Runs one benchmark. */
    static void measure(String mode, Options options, Report report, Path logs) {
        Throughput throughput = new Throughput(options, report, logs);
        switch (mode) {
            case "update" -> throughput.run("update", "update");
            case "reply" -> throughput.run("reply", "reply");
            case "replicated" -> replicated(options.otherwise("servers", 3), report, logs);
            case "send" -> throughput.run("send", "update", "burst");
            case "ack" -> {
                throughput.run("accepted", "accepted");
                throughput.run("committed", "committed");
            }
            case "raw" -> throughput.raw();
            case "latency" -> new Latency(options.otherwise("size", 32), report, logs).run();
            case "fanout" -> new FanOut(options.otherwise("clients", 10), report, logs).run();
            case "recovery" -> {
                new Recovery(options, report, logs).freshReplicas();
                new Recovery(options, report, logs).killedOwners();
            }
            case "replica" -> new Recovery(options, report, logs).freshReplicas();
            case "killed" -> new Recovery(options, report, logs).killedOwners();
            case "memory" -> new Memory(options, report, logs).run();
            case "cold" -> new Cold(options, report, logs).run();
            case "startup" -> new StartUp(options, report, logs).run();
            case "overload" -> new Overload(options, report, logs).run();
            case "sweep" -> new Sweep(options.otherwise("seconds", 1), report, logs).run();
            case "gateway" -> gateway(options, report, logs);
            case "compare" -> Compare.of(options.otherwise("rounds", 5), report, logs).run();
            default -> throw new AssertionError(mode);
        }
    }

    private static void gateway(Options options, Report report, Path logs) {
        List<String> words = options.words();
        if (words.size() == 1) {
            new GatewayBench(options, report, logs).run();
        } else if (words.equals(List.of("gateway", "connections"))) {
            new Connections(options, report, logs).run();
        } else {
            throw BenchException.usage("gateway, or gateway connections: " + words);
        }
    }

    private static void replicated(Options options, Report report, Path logs) {
        for (int copies : List.of(2, 3)) {
            new Throughput(options.with("copies", copies), report, logs)
                    .run("replicated", "update");
        }
    }
}
