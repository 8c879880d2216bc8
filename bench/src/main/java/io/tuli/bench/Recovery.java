package io.tuli.bench;

import io.tuli.measure.ChildProcess;
import io.tuli.measure.Words;
import io.tuli.run.BenchException;
import io.tuli.run.Facts;
import io.tuli.run.Fleet;
import io.tuli.run.Options;
import io.tuli.run.Report;
import io.tuli.run.TuliFleet;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;

/** How soon things are well again: a fresh replica, and the keys of an owner that was killed. */
final class Recovery {

    private static final Duration BEFORE_THE_KILL = Duration.ofSeconds(3);
    private static final Duration PROBING = Duration.ofSeconds(12);
    private static final int PROBES = 256;

    private final Options options;
    private final Report report;
    private final Path logs;

    Recovery(Options options, Report report, Path logs) {
        this.options = options;
        this.report = report;
        this.logs = logs;
    }

    void freshReplicas() {
        for (int round = 0; round < options.number("rounds"); round++) {
            freshReplica();
        }
    }

    void killedOwners() {
        for (int round = 0; round < options.number("rounds"); round++) {
            killedOwner();
        }
    }

    /** Servers full of keys; then a client that holds nothing yet. */
    private void freshReplica() {
        TuliFleet starter = new TuliFleet(options, logs);
        try (Fleet fleet = starter.start("update")) {
            fleet.measure(options.keys(), 0, Words.none()); // every key, once
            long began = System.nanoTime();
            Words words = starter.words("fresh").with("replica", true).with("keys", 1);
            try (ChildProcess fresh = starter.client("fresh", words)) {
                long sinceExec = System.nanoTime() - began;
                JsonNode keys = fresh.ask("keys", Words.none(), Fleet.PATIENCE);
                if (keys.get("count").asInt() != options.keys()) {
                    throw new BenchException("a replica in sync holds " + keys);
                }
                Map<String, Object> facts = new LinkedHashMap<>(Facts.of("replica", options));
                facts.put("execToSyncMillis", TimeUnit.NANOSECONDS.toMillis(sinceExec));
                facts.put("useToSyncMillis", keys.get("syncMillis").asLong());
                report.result(facts);
            }
        }
    }

    /** Three servers, writes on two copies, and one kill -9. */
    private void killedOwner() {
        Options three = options.with("servers", 3).with("copies", 2).with("keys", 1);
        try (Fleet fleet = new TuliFleet(three, logs).start("update")) {
            Words words = Words.none().with("probes", PROBES).with("millis", PROBING.toMillis());
            fleet.client().tell("probe", words);
            LockSupport.parkNanos(BEFORE_THE_KILL.toNanos());
            fleet.servers().get(1).kill();
            JsonNode told = fleet.client().answer("probe", Fleet.PATIENCE);
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("work", "killed owner");
            told.properties().forEach(each -> facts.put(each.getKey(), each.getValue().asLong()));
            report.result(facts);
        }
    }
}
