package io.tuli.bench;

import io.tuli.compare.Ratio;
import io.tuli.measure.ChildProcess;
import io.tuli.measure.Words;
import io.tuli.run.Fleet;
import io.tuli.run.Launcher;
import io.tuli.run.Options;
import io.tuli.run.Report;
import io.tuli.run.TuliFleet;
import io.tuli.web.GatewayMain;
import io.tuli.web.WebClientMain;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a gateway does with a service behind it, each a process: Tuli's, and beside it that of
 * feathers-distributed where it is installed, asked by the same client in interleaved rounds. Each
 * round is a time, in which each connection asks again as soon as it is answered.
 */
final class GatewayBench {

    private static final String TULI = "Tuli";
    private static final String PEER = "feathers-distributed";
    private static final int CONNECTIONS = 32;
    private static final int HEARERS = 1_000;
    private static final int ROUNDS = 5;
    private static final int WARMUP_SECONDS = 10;
    private static final double MICROS = 1_000.0;
    private static final double SECOND = 1e9;

    private final Options options;
    private final Report report;
    private final Path logs;

    /** What is measured: its name, and as the client knows it. */
    private enum Row {
        GET("REST get", "get"),
        CREATE("REST create", "create"),
        CALL("Socket.IO call", "call"),
        EVENT("event to sockets", "event");

        private final String title;
        private final String what;

        Row(String title, String what) {
            this.title = title;
            this.what = what;
        }
    }

    /**
     * A gateway that is there.
     *
     * @param client that asks it
     * @param seen of the row that is measured
     */
    private record Running(String name, ChildProcess client, List<Seen> seen) {

        Running(String name, ChildProcess client) {
            this(name, client, new ArrayList<>());
        }
    }

    /** What a client saw of one round. */
    private record Seen(double perSecond, double p50Micros, double p99Micros) {

        static Seen of(JsonNode sample) {
            return new Seen(
                    sample.get("count").asLong() * SECOND / sample.get("nanos").asLong(),
                    sample.get("p50Nanos").asLong() / MICROS,
                    sample.get("p99Nanos").asLong() / MICROS);
        }
    }

    GatewayBench(Options options, Report report, Path logs) {
        this.options = options;
        this.report = report;
        this.logs = logs;
    }

    void run() {
        long seed =
                options.text("seed").isEmpty()
                        ? System.nanoTime() & 0xffff
                        : options.number("seed");
        report.say("seed " + seed + ": the same order again with --seed " + seed);
        Launcher launcher = new Launcher(options, logs);
        try {
            List<Running> running = new ArrayList<>();
            running.add(tuli(launcher));
            if (Files.isDirectory(original().resolve("node_modules"))) {
                running.add(peer(launcher));
            } else {
                report.say(PEER + " is not installed: bench/install-peers.sh npm");
            }
            Random random = new Random(seed);
            for (Row row : Row.values()) {
                measure(row, running, random);
            }
        } finally {
            launcher.close();
        }
    }

    private void measure(Row row, List<Running> running, Random random) {
        running.forEach(each -> each.seen().clear());
        int warmup = number("warmup", WARMUP_SECONDS);
        for (Running each : List.copyOf(running)) {
            if (warmup > 0 && round(row, each, warmup) == null) {
                running.remove(each);
            }
        }
        for (int round = 0; round < number("rounds", ROUNDS); round++) {
            List<Running> order = new ArrayList<>(running);
            Collections.shuffle(order, random);
            for (Running each : order) {
                Seen seen = round(row, each, options.number("seconds"));
                if (seen == null) {
                    running.remove(each);
                } else {
                    each.seen().add(seen);
                }
            }
        }
        List<Seen> ours = running.getFirst().seen();
        running.forEach(each -> result(row, each.name(), each.seen(), ours));
    }

    /**
     * Null where a peer has failed, which is left out from then on; Tuli's failure ends the run.
     */
    private @Nullable Seen round(Row row, Running of, int seconds) {
        int clients = row == Row.EVENT ? HEARERS : CONNECTIONS;
        Words words =
                Words.none()
                        .with("what", row.what)
                        .with("connections", number("clients", clients))
                        .with("seconds", seconds);
        Duration within = Fleet.PATIENCE.plusSeconds(seconds);
        try {
            return Seen.of(of.client().ask("round", words, within));
        } catch (RuntimeException failed) { // other people's code may fail in any way
            if (of.name().equals(TULI)) {
                throw failed;
            }
            report.say(of.name() + " is left out from here: " + row.title + ": " + failed);
            return null;
        }
    }

    private int number(String name, int otherwise) {
        return options.otherwise(name, otherwise).number(name);
    }

    private void result(Row row, String name, List<Seen> rounds, List<Seen> ours) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("work", row.title);
        facts.put("system", name);
        facts.put("perSecond", median(rounds.stream().map(Seen::perSecond).toList()));
        facts.put("p50Micros", median(rounds.stream().map(Seen::p50Micros).toList()));
        facts.put("p99Micros", median(rounds.stream().map(Seen::p99Micros).toList()));
        if (!name.equals(TULI)) {
            facts.put(
                    "tuliIsFaster",
                    Ratio.of(
                                    ours.stream().map(Seen::perSecond).toList(),
                                    rounds.stream().map(Seen::perSecond).toList())
                            .toString());
            facts.put(
                    "tulisP99OfItsP50",
                    Ratio.of(
                                    ours.stream().map(Seen::p99Micros).toList(),
                                    rounds.stream().map(Seen::p50Micros).toList())
                            .toString());
        }
        report.result(facts);
    }

    private static long median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return Math.round(sorted.get(sorted.size() / 2));
    }

    // ---- the processes -------------------------------------------------------------------------

    private Running tuli(Launcher launcher) {
        Words words = Words.none().with("mesh", "gateway-" + UUID.randomUUID());
        ChildProcess service =
                launcher.server("service", TuliFleet.ours(GatewayMain.class, options));
        service.ask("serve", words, Fleet.PATIENCE);
        ChildProcess gateway =
                launcher.server("gateway", TuliFleet.ours(GatewayMain.class, options));
        int port = gateway.ask("open", words, Fleet.PATIENCE).get("port").asInt();
        return new Running(TULI, client(launcher, "client", port));
    }

    private ChildProcess client(Launcher launcher, String name, int port) {
        ChildProcess client = launcher.client(name, TuliFleet.ours(WebClientMain.class, options));
        client.ask("join", Words.none().with("port", port), Fleet.PATIENCE);
        return client;
    }

    /** The reference application of the gateway's kit, as it runs on the original. */
    private static Path original() {
        return Path.of(System.getProperty("bench.home", "bench"))
                .toAbsolutePath()
                .resolveSibling("gateway")
                .resolve("kit/original");
    }

    private Running peer(Launcher launcher) {
        int port = freePort();
        int cote = freePort();
        for (String script : List.of("backend.mjs", "gateway.mjs")) {
            ProcessBuilder builder =
                    new ProcessBuilder("node", original().resolve(script).toString());
            builder.environment().put("NODE_ENV", "production");
            builder.environment().put("PORT", String.valueOf(port));
            builder.environment().put("COTE_PORT", String.valueOf(cote));
            builder.redirectErrorStream(true);
            builder.redirectOutput(logs.resolve(script + ".log").toFile());
            Process unused = launcher.stranger(builder);
        }
        return new Running(PEER, client(launcher, "peer-client", port));
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException none) {
            throw new IllegalStateException(none);
        }
    }
}
