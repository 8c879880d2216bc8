package io.tuli.bench;

import io.tuli.measure.ChildProcess;
import io.tuli.measure.Words;
import io.tuli.run.Fleet;
import io.tuli.run.Launcher;
import io.tuli.run.Options;
import io.tuli.run.Report;
import io.tuli.run.TuliFleet;
import io.tuli.web.GatewayMain;
import io.tuli.web.WebClientMain;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/**
 * What very many clients of Socket.IO cost a gateway: those that do nothing, in memory; and beside
 * them those that are logged in, call once a second, and hear every change of a record, in order.
 */
final class Connections {

    private static final int IDLE = 10_000;
    private static final int BUSY = 1_000;
    private static final int WARM = 500;
    private static final int SECONDS = 10;
    private static final int RATE = 20;

    private final Options options;
    private final Report report;
    private final Path logs;

    Connections(Options options, Report report, Path logs) {
        this.options = options;
        this.report = report;
        this.logs = logs;
    }

    void run() {
        int idle = number("count", IDLE);
        int busy = number("clients", BUSY);
        int seconds = number("seconds", SECONDS);
        try (Launcher launcher = new Launcher(options, logs)) {
            Words words =
                    Words.none()
                            .with("mesh", "gateway-" + UUID.randomUUID())
                            .with("heard", "members");
            ChildProcess service =
                    launcher.server("service", TuliFleet.ours(GatewayMain.class, options));
            service.ask("serve", words, Fleet.PATIENCE);
            ChildProcess gateway =
                    launcher.server("gateway", TuliFleet.ours(GatewayMain.class, options));
            int port = gateway.ask("open", words, Fleet.PATIENCE).get("port").asInt();
            ChildProcess client =
                    launcher.client("client", TuliFleet.ours(WebClientMain.class, options));
            client.ask("join", Words.none().with("port", port), Fleet.PATIENCE);
            client.ask("login", Words.none(), Fleet.PATIENCE);
            idle(client, Math.min(WARM, idle));
            idle(client, 0);

            long liveBefore = bytes(gateway, "live");
            long residentBefore = bytes(gateway, "resident");
            idle(client, idle);
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("work", "connections");
            facts.put("idle", idle);
            facts.put("heapBytesPerIdle", (bytes(gateway, "live") - liveBefore) / idle);
            facts.put("residentBytesPerIdle", (bytes(gateway, "resident") - residentBefore) / idle);
            facts.put("busy", busy);
            Words round =
                    Words.none()
                            .with("connections", busy)
                            .with("seconds", seconds)
                            .with("rate", RATE);
            JsonNode told = client.ask("busy", round, Fleet.PATIENCE.plusSeconds(seconds));
            told.propertyNames()
                    .forEach(
                            name ->
                                    facts.put(
                                            name,
                                            told.get(name).isNumber()
                                                    ? told.get(name).asLong()
                                                    : told.get(name).asString()));
            report.result(facts);
        }
    }

    private int number(String name, int otherwise) {
        return options.otherwise(name, otherwise).number(name);
    }

    private static void idle(ChildProcess client, int count) {
        JsonNode unused = client.ask("idle", Words.none().with("count", count), Fleet.PATIENCE);
    }

    private static long bytes(ChildProcess child, String what) {
        return child.ask(what, Words.none(), Fleet.PATIENCE).get("bytes").asLong();
    }
}
