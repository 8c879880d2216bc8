package io.tuli.bench;

import io.tuli.measure.Canary;
import io.tuli.measure.Words;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import tools.jackson.databind.JsonNode;

/**
 * All systems on the same work, in one run: all are started, write every key while they are cold,
 * and are warmed; then in each round each runs once while the others are idle, in an order shuffled
 * by a printed seed. What is compared is what happened inside a round, as machines are not equally
 * fast from one minute to the next.
 */
final class Compare {

    private final Options options;
    private final Report report;
    private final Path logs;

    Compare(Options options, Report report, Path logs) {
        this.options = options;
        this.report = report;
        this.logs = logs;
    }

    /**
     * One system in a comparison.
     *
     * @param count messages of a round: as many as fill its time
     */
    private record Running(Contender contender, Fleet fleet, long count) {}

    void run() {
        long seed =
                options.text("seed").isEmpty()
                        ? System.nanoTime() & 0xffff
                        : options.number("seed");
        report.say("seed " + seed + ": the same order again with --seed " + seed);
        Comparison comparison = new Comparison(options, seed);
        List<Contender> all =
                options.text("work").equals("replicated")
                        ? Contenders.replicated()
                        : Contenders.of(options.text("peers"));
        all.stream().filter(each -> !each.isInstalled()).forEach(comparison::notRun);
        List<Contender> present = all.stream().filter(Contender::isInstalled).toList();
        for (int size : options.numbers("size")) {
            run(present, options.with("size", size), seed, comparison);
        }
        comparison.report(report);
    }

    private void run(List<Contender> contenders, Options one, long seed, Comparison comparison) {
        List<Running> running = new ArrayList<>();
        try {
            for (Contender each : contenders) {
                start(each, one, running, comparison);
            }
            Random random = new Random(seed);
            for (int round = 0; round < one.number("rounds"); round++) {
                Collections.shuffle(running, random);
                Map<Contender, Measured> measured = new LinkedHashMap<>();
                for (Running each : running) {
                    long canary = Canary.nanos();
                    Measured figures = each.fleet().measure(each.count(), round, Words.none());
                    measured.put(each.contender(), figures);
                    comparison.canary(canary);
                    report.row(
                            each.contender().name()
                                    + " "
                                    + one.number("size")
                                    + " B #"
                                    + (round + 1),
                            figures);
                }
                comparison.add(one.number("size"), measured);
            }
        } finally {
            running.forEach(each -> each.fleet().close());
        }
    }

    /** A system that cannot be started, or not do the work, is not run; the others are. */
    private void start(
            Contender contender, Options one, List<Running> running, Comparison comparison) {
        Fleet fleet = null;
        try {
            fleet = contender.starter().start(one, logs);
            long count = one.number("count");
            Fleet.Round cold = fleet.round(count, 0, Words.none());
            comparison.cold(one.number("size"), contender, cold.figures());
            JsonNode last = fleet.warm(one.number("warmup"), count, Words.none());
            double perNano = last.get("count").asDouble() / last.get("nanos").asDouble();
            long fitting = (long) (perNano * one.number("seconds") * 1e9);
            running.add(new Running(contender, fleet, Math.max(1, fitting)));
        } catch (IllegalStateException | BenchException failed) {
            if (fleet != null) {
                fleet.close();
            }
            report.say(contender.name() + " is not run: " + failed.getMessage());
            comparison.failed(contender, String.valueOf(failed.getMessage()));
        }
    }
}
