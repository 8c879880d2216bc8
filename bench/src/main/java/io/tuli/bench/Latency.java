package io.tuli.bench;

import io.tuli.measure.Words;
import io.tuli.run.Fleet;
import io.tuli.run.Launcher;
import io.tuli.run.Options;
import io.tuli.run.RawFleet;
import io.tuli.run.Report;
import io.tuli.run.TuliFleet;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * How long one message takes: one at a time, and at fixed rates from the moment each was due. For
 * handlers on the loop and on virtual threads, over TCP and Unix-domain sockets, and for plain
 * sockets of both kinds beside them.
 */
final class Latency {

    /** Rounds at a rate last so long. */
    private static final int SECONDS = 5;

    private static final List<String> FIGURES =
            List.of("p50", "p90", "p99", "p999", "p9999", "max");

    private final Options options;
    private final Report report;
    private final Path logs;

    Latency(Options options, Report report, Path logs) {
        this.options = options;
        this.report = report;
        this.logs = logs;
    }

    void run() {
        boolean isUnix = options.text("link").equals("unix");
        for (String link : isUnix ? List.of("unix") : List.of("tcp", "unix")) {
            Options linked = options.with("link", link);
            String by = link.equals("unix") ? ", Unix socket" : "";
            for (String handler : handlers(link)) {
                Options one = linked.with("handler", handler);
                try (Fleet fleet = new TuliFleet(one, logs).start("reply")) {
                    run("tuli " + handler + by, fleet);
                }
            }
            try (Fleet fleet = RawFleet.start(new Launcher(linked, logs))) {
                run("raw" + by, fleet);
            }
        }
    }

    private static List<String> handlers(String link) {
        return link.equals("unix") ? List.of("inline") : List.of("inline", "virtual");
    }

    private void run(String system, Fleet fleet) {
        Words closed = Words.none().with("how", "closed");
        long count = options.otherwise("count", 50_000).number("count");
        fleet.warm(options.number("warmup"), Math.min(count, 10_000), closed);
        for (int round = 0; round < options.number("rounds"); round++) {
            say(system, "closed", fleet.round(count, round, closed));
        }
        for (int rate : options.numbers("rates")) {
            Words open = Words.none().with("how", "open").with("rate", rate);
            int seconds = options.otherwise("seconds", SECONDS).number("seconds");
            fleet.warm(1, rate, open);
            for (int round = 0; round < options.number("rounds"); round++) {
                say(system, "open " + rate, fleet.round((long) seconds * rate, round, open));
            }
        }
    }

    private void say(String system, String loop, Fleet.Round round) {
        JsonNode sample = round.sample();
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("work", "latency");
        facts.put("system", system);
        facts.put("loop", loop);
        facts.put("size", options.number("size"));
        FIGURES.forEach(
                each ->
                        facts.put(
                                each + "Micros",
                                Math.round(sample.get(each + "Nanos").asDouble() / 100) / 10.0));
        round.figures().figures().forEach(facts::putIfAbsent);
        report.result(facts);
    }
}
