package io.tuli.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The benchmarks' front door: one mode, its options, its result. */
public final class Bench {

    /** After so many messages a process is warm, however few seconds they took. */
    static final long WARM_MESSAGES = 20_000_000;

    private static final String HELP =
            """
            Measures Tuli on this machine: client and servers are separate processes.

              ./tuli bench update      an update, applied by its owner and answered
              ./tuli bench reply       a message, answered by a handler
              ./tuli bench replicated  an update on three servers, 2 copies and 3
              ./tuli bench send        an update, taken over by the sender's own process
              ./tuli bench ack         an update, in the owner's queue; and committed
              ./tuli bench raw         the floor: the same frames over plain sockets
              ./tuli bench latency     one at a time and at fixed rates, beside plain sockets
              ./tuli bench fanout      one writer, and clients that hear of each change
              ./tuli bench recovery    a fresh replica in sync; writes after an owner is killed
              ./tuli bench memory      bytes a key costs
              ./tuli bench cold        the first messages of fresh processes, and the warm ones
              ./tuli bench startup     until one can work: a member alone, a second one, a command
              ./tuli bench overload    twice as many messages as can be answered
              ./tuli bench sweep       more clients, services, keys, members: is it a straight line?
              ./tuli bench micro       codec, ring, changelog, state under JMH; JMH's own options
              ./tuli bench compare     Tuli and its peers, in interleaved rounds
              ./tuli bench publish     all that docs/performance.md says, measured and written there

            Options [default]:
            """;

    private Bench() {}

    /** Runs one benchmark; answers an exit code. */
    public static int run(List<String> arguments) {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        if (arguments.isEmpty() || arguments.contains("--help")) {
            out.print(HELP + Options.explained());
            return arguments.isEmpty() ? 2 : 0;
        }
        try {
            if (arguments.getFirst().equals("micro")) {
                return Micro.run(arguments.subList(1, arguments.size()));
            }
            run(Options.parse(arguments), out);
            return 0;
        } catch (BenchException | IllegalStateException | IOException failed) {
            System.err.println("bench: " + failed.getMessage());
            return 1;
        }
    }

    private static void run(Options options, PrintStream out) throws IOException {
        String mode = options.words().getFirst();
        Path logs = Files.createTempDirectory("tuli-bench-");
        if (mode.equals("publish")) {
            new Publish(options, out, logs).run();
            return;
        }
        Report report = new Report(out, options);
        measure(mode, options, report, logs);
        report.close();
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
            case "compare" -> new Compare(options.otherwise("rounds", 5), report, logs).run();
            default -> throw new BenchException("there is no benchmark " + mode + "; try --help");
        }
    }

    private static void replicated(Options options, Report report, Path logs) {
        for (int copies : List.of(2, 3)) {
            new Throughput(options.with("copies", copies), report, logs)
                    .run("replicated", "update");
        }
    }
}
