package io.tuli.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Rounds of one pipelined work, for each size asked for. */
final class Throughput {

    private final Options options;
    private final Report report;
    private final Path logs;

    Throughput(Options options, Report report, Path logs) {
        this.options = options;
        this.report = report;
        this.logs = logs;
    }

    /**
     * @param name what it is called
     * @param work what the client sends
     */
    void run(String name, String work) {
        for (int size : options.numbers("size")) {
            run(name, work, options.with("size", size));
        }
    }

    private void run(String name, String work, Options one) {
        String what = name + " " + one.number("size") + " B";
        if (one.number("servers") > 1) {
            what += " x" + one.number("servers") + " copies(" + one.number("copies") + ")";
        }
        int count = one.number("count");
        List<Measured> rounds = new ArrayList<>();
        try (Fleet fleet = new TuliFleet(one, logs).start(work)) {
            fleet.warm(one.number("warmup"), count);
            for (int round = 0; round < one.number("rounds"); round++) {
                Measured measured = fleet.measure(count, round);
                rounds.add(measured);
                report.row(what + " #" + (round + 1), measured);
            }
        }
        report.result(what, facts(name, one), rounds);
    }

    private static Map<String, Object> facts(String name, Options one) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("work", name);
        facts.put("verified", true);
        for (String option :
                List.of("size", "count", "window", "clients", "servers", "copies", "warmup")) {
            facts.put(option, one.number(option));
        }
        facts.put("keys", one.keys());
        facts.put("handler", one.text("handler"));
        facts.put("replica", one.text("replica"));
        return facts;
    }
}
