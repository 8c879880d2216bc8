package io.tuli.bench;

import io.tuli.load.BenchService;
import io.tuli.measure.ChildProcess;
import io.tuli.measure.Usage;
import io.tuli.measure.Words;
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
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/**
 * Twice as many messages as can be answered, at a fixed rate, whatever becomes of them: how many
 * are answered all the same, how soon the others are refused, and whether the server's memory stays
 * as it was. What can be answered - the peak - is measured just before, in the same processes.
 */
final class Overload {

    private static final int TIMES_THE_PEAK = 2;

    /** A message is not sent any more when it is due for so long: its sender was made to wait. */
    private static final int PATIENCE_MILLIS = 50;

    /** Few, so that what waits does not wait long. */
    private static final int CALLS = 4096;

    /** May run at once where each of them waits for something else. */
    private static final int HANDLERS = 1024;

    private final Options options;
    private final Report report;
    private final Path logs;

    Overload(Options options, Report report, Path logs) {
        this.options =
                options.otherwise("clients", 4)
                        .otherwise("calls", CALLS)
                        .otherwise("keys", 128_000)
                        .otherwise("seconds", 10);
        this.report = report;
        this.logs = logs;
    }

    void run() {
        update(options);
        waiting(options.with("handler", "waiting").with("calls", HANDLERS));
    }

    /** What limits it is the processor: senders are made to wait. */
    private void update(Options one) {
        try (Fleet fleet = new TuliFleet(one, logs).start("update")) {
            int count = one.number("count");
            fleet.warm(one.number("warmup"), count, Words.none());
            List<Measured> rounds = new ArrayList<>();
            for (int round = 0; round < one.number("rounds"); round++) {
                Measured measured = fleet.measure(count, round, Words.none());
                rounds.add(measured);
                report.row("update, peak #" + (round + 1), measured);
            }
            double peak = Measured.median(rounds).perSecond();
            report.result(pressed(fleet, "update", peak, one));
        }
    }

    /** What limits it is how many handlers may run at once: their owner refuses. */
    private void waiting(Options one) {
        double peak = (double) HANDLERS / BenchService.WAIT_MILLIS * 1000;
        try (Fleet fleet = new TuliFleet(one, logs).start("reply")) {
            Words even = Words.none().with("rate", Math.round(peak / 2)).with("patience", 10_000);
            long millis = TimeUnit.SECONDS.toMillis(one.number("warmup"));
            fleet.client().ask("arrivals", even.with("millis", millis), Fleet.PATIENCE);
            String what = "reply, each " + BenchService.WAIT_MILLIS + " ms";
            report.result(pressed(fleet, what, peak, one));
        }
    }

    private static Map<String, Object> pressed(
            Fleet fleet, String what, double peak, Options options) {
        ChildProcess server = fleet.servers().getFirst();
        long liveBefore = live(server);
        long rate = Math.max(1, Math.round(peak * TIMES_THE_PEAK));
        List<Long> pids = List.of(fleet.client().pid(), server.pid());
        double allocated = allocated(server);
        Usage before = Usage.of(pids);
        Words words =
                Words.none()
                        .with("rate", rate)
                        .with("patience", PATIENCE_MILLIS)
                        .with("millis", TimeUnit.SECONDS.toMillis(options.number("seconds")));
        JsonNode told = fleet.client().ask("arrivals", words, Fleet.PATIENCE);
        Usage used = Usage.of(pids).minus(before);
        double seconds = told.get("nanos").asDouble() / 1e9;
        double answered = told.get("answered").asDouble();
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("work", what);
        facts.put("clients", options.number("clients"));
        facts.put("callsInFlight", options.number("calls"));
        facts.put("peakPerSecond", Math.round(peak));
        facts.put("offeredPerSecond", rate);
        facts.put("perSecond", Math.round(answered / seconds));
        facts.put("ofPeak", rounded(answered / seconds / peak));
        for (String each : List.of("offered", "answered", "refused", "heldBack", "failed")) {
            facts.put(each, told.get(each).asLong());
        }
        facts.put("p50Micros", rounded(told.get("p50Nanos").asLong() / 1e3));
        facts.put("p99Micros", rounded(told.get("p99Nanos").asLong() / 1e3));
        facts.put("refusalP99Millis", rounded(told.get("refusalP99Nanos").asLong() / 1e6));
        facts.put("refusalMaxMillis", rounded(told.get("refusalMaxNanos").asLong() / 1e6));
        facts.put("serverBytesPerMessage", rounded((allocated(server) - allocated) / answered));
        facts.put("callsPerMessage", rounded(used.calls() / answered));
        facts.put("switchesPerMessage", rounded(used.switches() / answered));
        facts.put("cpuMicrosPerMessage", rounded(used.cpuMicros() / answered));
        facts.put("liveMiBBefore", mebibytes(liveBefore));
        facts.put("liveMiBAfter", mebibytes(live(server)));
        return facts;
    }

    private static double allocated(ChildProcess server) {
        return server.ask("allocated", Words.none(), Fleet.PATIENCE).get("bytes").asDouble();
    }

    private static double mebibytes(long bytes) {
        return rounded(bytes / 1048576.0);
    }

    private static double rounded(double value) {
        return Math.round(value * 100) / 100.0;
    }

    private static long live(ChildProcess server) {
        return server.ask("live", Words.none(), Fleet.PATIENCE).get("bytes").asLong();
    }
}
