package io.tuli.bench;

import io.tuli.measure.ChildProcess;
import io.tuli.measure.Usage;
import io.tuli.measure.Words;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * One writer, and clients with live replicas whose feeds are told of every change: deliveries a
 * second until the last client has heard the last change. All listeners live in one process.
 */
final class FanOut {

    private final Options options;
    private final Report report;
    private final Path logs;

    FanOut(Options options, Report report, Path logs) {
        this.options = options;
        this.report = report;
        this.logs = logs;
    }

    void run() {
        TuliFleet starter = new TuliFleet(options.with("clients", 1), logs);
        Words many = starter.words("listeners").with("clients", options.number("clients"));
        try (Fleet fleet = starter.start("update");
                ChildProcess listeners = starter.client("listeners", many.with("replica", true))) {
            listeners.ask("listen", Words.none(), Fleet.PATIENCE);
            long count = options.number("count");
            long heard = round(fleet, listeners, count, 0);
            for (int round = 0; round < options.number("rounds"); round++) {
                List<Long> pids =
                        List.of(
                                listeners.pid(),
                                fleet.client().pid(),
                                fleet.servers().getFirst().pid());
                long allocated = allocated(fleet, listeners);
                Usage before = Usage.of(pids);
                long began = System.nanoTime();
                heard = round(fleet, listeners, count, heard);
                long nanos = System.nanoTime() - began;
                Usage used = Usage.of(pids).minus(before);
                say(count, nanos, used, allocated(fleet, listeners) - allocated);
            }
        }
    }

    /** Answers how many changes each listener has heard by now. */
    private static long round(Fleet fleet, ChildProcess listeners, long count, long heard) {
        fleet.round(count, 0, Words.none());
        long all = heard + count;
        listeners.ask("heard", Words.none().with("count", all), Fleet.PATIENCE);
        return all;
    }

    /** On the heaps of writer, server and listeners. */
    private static long allocated(Fleet fleet, ChildProcess listeners) {
        return Stream.of(fleet.client(), fleet.servers().getFirst(), listeners)
                .map(each -> each.ask("allocated", Words.none(), Fleet.PATIENCE))
                .mapToLong(answer -> answer.get("bytes").asLong())
                .sum();
    }

    private void say(long count, long nanos, Usage used, long allocated) {
        long deliveries = count * options.number("clients");
        Map<String, Object> facts = new LinkedHashMap<>(Facts.of("fanout", options));
        facts.put("perSecond", Math.round(count / (nanos / 1e9)));
        facts.put("deliveriesPerSecond", Math.round(deliveries / (nanos / 1e9)));
        facts.put("cpuMicrosPerDelivery", (double) used.cpuMicros() / deliveries);
        facts.put("cpuMicrosPerMessage", (double) used.cpuMicros() / count);
        facts.put("callsPerMessage", (double) used.calls() / count);
        facts.put("switchesPerMessage", (double) used.switches() / count);
        facts.put("allocatedBytesPerMessage", (double) allocated / count);
        report.result(facts);
    }
}
