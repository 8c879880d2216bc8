package io.tuli.bench;

import io.tuli.measure.Words;
import io.tuli.run.Facts;
import io.tuli.run.Fleet;
import io.tuli.run.Measured;
import io.tuli.run.Options;
import io.tuli.run.Report;
import io.tuli.run.TuliFleet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The first messages of processes that have just been started, and those of the same processes when
 * they are warm. Each round has processes of its own; only the last are warmed.
 */
public final class Cold {

    private final Options options;
    private final Report report;
    private final Path logs;

    Cold(Options options, Report report, Path logs) {
        this.options = options;
        this.report = report;
        this.logs = logs;
    }

    void run() {
        run("update");
        run("reply");
    }

    private void run(String work) {
        int rounds = options.number("rounds");
        int count = options.number("count");
        List<Measured> cold = new ArrayList<>();
        List<Measured> warm = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            try (Fleet fleet = new TuliFleet(options, logs).start(work)) {
                cold.add(fleet.measure(count, 0, Words.none()));
                report.row(work + " cold #" + (i + 1), cold.getLast());
                if (i == rounds - 1) {
                    fleet.warm(options.number("warmup"), count, Words.none());
                    for (int round = 1; round <= rounds; round++) {
                        warm.add(fleet.measure(count, round, Words.none()));
                    }
                }
            }
        }
        report.result(work + " cold", facts(work, "cold"), cold);
        report.result(work + " warm", facts(work, "warm"), warm);
    }

    private Map<String, Object> facts(String work, String processes) {
        Map<String, Object> facts = new LinkedHashMap<>(Facts.of(work, options));
        facts.put("processes", processes);
        return facts;
    }
}
