package io.tuli.compare;

import io.tuli.measure.Canary;
import io.tuli.measure.Machine;
import io.tuli.measure.Words;
import io.tuli.run.Fleet;
import io.tuli.run.Launcher;
import io.tuli.run.Measured;
import io.tuli.run.Options;
import io.tuli.run.Report;
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
 *
 * <p>A peer that fails - at its start, in a round, or by an answer that does not come in time - is
 * left out from then on, and the table says so. Where Tuli fails there is nothing to compare with,
 * and the run ends.
 */
public final class Compare {

    private static final long MEBIBYTE = 1 << 20;

    private final List<Contender> all;
    private final Options options;
    private final Report report;
    private final Path logs;
    private final Comparison comparison;
    private final long seed;

    /**
     * @param all who may take part; those that are not installed are said to be absent
     */
    Compare(List<Contender> all, Options options, Report report, Path logs) {
        this.all = List.copyOf(all);
        this.options = options;
        this.report = report;
        this.logs = logs;
        seed = options.text("seed").isEmpty() ? System.nanoTime() & 0xffff : options.number("seed");
        comparison = new Comparison(options, seed);
    }

    /** The systems that the options name. */
    public static Compare of(Options options, Report report, Path logs) {
        List<Contender> all =
                options.text("work").equals("replicated")
                        ? Contenders.replicated()
                        : Contenders.of(options.text("peers"));
        return new Compare(all, options, report, logs);
    }

    /**
     * One system in a comparison.
     *
     * @param launcher of all its processes
     * @param count messages of a round: as many as fill its time
     */
    private record Running(Contender contender, Launcher launcher, Fleet fleet, long count) {}

    public void run() {
        report.say("seed " + seed + ": the same order again with --seed " + seed);
        all.stream().filter(each -> !each.isInstalled()).forEach(comparison::notInstalled);
        for (int size : options.numbers("size")) {
            run(options.with("size", size));
        }
        comparison.report(report);
    }

    private void run(Options one) {
        List<Running> running = new ArrayList<>();
        try {
            for (Contender each : all) {
                if (!comparison.isAbsent(each)) {
                    start(each, one, running);
                }
            }
            Random random = new Random(seed);
            for (int round = 0; round < one.number("rounds"); round++) {
                Collections.shuffle(running, random);
                round(one, round, running);
            }
        } finally {
            running.forEach(each -> each.launcher().close());
        }
    }

    private void round(Options one, int round, List<Running> running) {
        int size = one.number("size");
        Map<Contender, Measured> measured = new LinkedHashMap<>();
        for (Running each : List.copyOf(running)) {
            comparison.before(Canary.nanos(), Machine.availableBytes() / MEBIBYTE);
            try {
                Measured figures = each.fleet().measure(each.count(), round, Words.none());
                measured.put(each.contender(), figures);
                report.row(
                        "%s %d B #%d".formatted(each.contender().name(), size, round + 1), figures);
            } catch (RuntimeException failed) { // other people's code may fail in any way
                each.launcher().close();
                running.remove(each);
                leaveOut(new LeftOut(each.contender(), size, round + 1, reason(failed)), failed);
            }
        }
        comparison.add(size, measured);
    }

    private void start(Contender contender, Options one, List<Running> running) {
        Launcher launcher = new Launcher(one, logs);
        try {
            Launcher.requireRoom(one);
            Fleet fleet = contender.starter().start(launcher);
            long count = one.number("count");
            Fleet.Round cold = fleet.round(count, 0, Words.none());
            comparison.cold(one.number("size"), contender, cold.figures());
            JsonNode last = fleet.warm(one.number("warmup"), count, Words.none());
            double perNano = last.get("count").asDouble() / last.get("nanos").asDouble();
            long fitting = (long) (perNano * one.number("seconds") * 1e9);
            running.add(new Running(contender, launcher, fleet, Math.max(1, fitting)));
        } catch (RuntimeException failed) { // as above
            launcher.close();
            int size = one.number("size");
            leaveOut(new LeftOut(contender, size, LeftOut.AT_START, reason(failed)), failed);
        }
    }

    private static String reason(RuntimeException failed) {
        String message = failed.getMessage();
        return message == null ? failed.toString() : message;
    }

    private void leaveOut(LeftOut left, RuntimeException failed) {
        if (left.contender().isOurs()) {
            throw failed;
        }
        comparison.leaveOut(left);
        report.say(left.sentence());
    }
}
