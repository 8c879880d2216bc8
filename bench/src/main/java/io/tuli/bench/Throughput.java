package io.tuli.bench;

import io.tuli.measure.Words;
import io.tuli.run.Facts;
import io.tuli.run.Fleet;
import io.tuli.run.Launcher;
import io.tuli.run.Measured;
import io.tuli.run.Options;
import io.tuli.run.RawFleet;
import io.tuli.run.Report;
import io.tuli.run.TuliFleet;
import java.nio.file.Path;
import java.util.ArrayList;
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
        run(name, work, "pipeline");
    }

    /**
     * @param how pipeline, or burst
     */
    void run(String name, String work, String how) {
        for (int size : options.numbers("size")) {
            run(name, work, Words.none().with("how", how), options.with("size", size));
        }
    }

    /** The floor, in the same frames. */
    void raw() {
        for (int size : options.numbers("size")) {
            Options one = options.with("size", size);
            try (Fleet fleet = RawFleet.start(new Launcher(one, logs))) {
                rounds("raw", fleet, Words.none(), one);
            }
        }
    }

    private void run(String name, String work, Words how, Options one) {
        try (Fleet fleet = new TuliFleet(one, logs).start(work)) {
            rounds(name, fleet, how, one);
        }
    }

    private void rounds(String name, Fleet fleet, Words how, Options one) {
        String what = name + " " + one.number("size") + " B";
        if (one.number("servers") > 1) {
            what += " x" + one.number("servers") + " copies(" + one.number("copies") + ")";
        }
        int count = one.number("count");
        List<Measured> rounds = new ArrayList<>();
        fleet.warm(one.number("warmup"), count, how);
        for (int round = 0; round < one.number("rounds"); round++) {
            Measured measured = fleet.measure(count, round, how);
            rounds.add(measured);
            report.row(what + " #" + (round + 1), measured);
        }
        Map<String, Object> facts = Facts.of(name, one);
        facts.put(
                "percentilesOf", how.text("how", "message").equals("burst") ? "burst" : "message");
        report.result(what, facts, rounds);
    }
}
