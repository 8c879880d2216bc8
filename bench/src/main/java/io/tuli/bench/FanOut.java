package io.tuli.bench;

import io.tuli.measure.ChildProcess;
import io.tuli.measure.Usage;
import io.tuli.measure.Words;
import io.tuli.run.Facts;
import io.tuli.run.Fleet;
import io.tuli.run.Options;
import io.tuli.run.Report;
import io.tuli.run.TuliFleet;
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

    private static final List<String> PROCESSES = List.of("listeners", "writer", "server");

    /** Of the writer, who alone shares out the keys. */
    private final Options options;

    private final int listeners;
    private final Report report;
    private final Path logs;

    FanOut(Options options, Report report, Path logs) {
        this.options = options.with("clients", 1);
        this.listeners = options.number("clients");
        this.report = report;
        this.logs = logs;
    }

    void run() {
        TuliFleet starter = new TuliFleet(options, logs);
        Words many = starter.words("listeners").with("clients", listeners);
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
                List<Usage> before = usages(pids);
                long began = System.nanoTime();
                heard = round(fleet, listeners, count, heard);
                long nanos = System.nanoTime() - began;
                say(nanos, before, usages(pids), allocated(fleet, listeners) - allocated);
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

    private static List<Usage> usages(List<Long> pids) {
        return pids.stream().map(pid -> Usage.of(List.of(pid))).toList();
    }

    /** On the heaps of writer, server and listeners. */
    private static long allocated(Fleet fleet, ChildProcess listeners) {
        return Stream.of(fleet.client(), fleet.servers().getFirst(), listeners)
                .map(each -> each.ask("allocated", Words.none(), Fleet.PATIENCE))
                .mapToLong(answer -> answer.get("bytes").asLong())
                .sum();
    }

    private void say(long nanos, List<Usage> before, List<Usage> after, long allocated) {
        double count = options.number("count");
        double deliveries = count * listeners;
        Map<String, Object> facts = new LinkedHashMap<>(Facts.of("fanout", options));
        facts.put("clients", listeners);
        facts.put("perSecond", Math.round(count / (nanos / 1e9)));
        facts.put("deliveriesPerSecond", Math.round(deliveries / (nanos / 1e9)));
        double cpuMicros = 0;
        double calls = 0;
        double switches = 0;
        for (int i = 0; i < PROCESSES.size(); i++) {
            Usage used = after.get(i).minus(before.get(i));
            facts.put(PROCESSES.get(i) + "CpuMicrosPerDelivery", used.cpuMicros() / deliveries);
            cpuMicros += used.cpuMicros();
            calls += used.calls();
            switches += used.switches();
        }
        facts.put("cpuMicrosPerDelivery", cpuMicros / deliveries);
        facts.put("cpuMicrosPerMessage", cpuMicros / count);
        facts.put("callsPerMessage", calls / count);
        facts.put("switchesPerMessage", switches / count);
        facts.put("allocatedBytesPerMessage", allocated / count);
        report.result(facts);
    }
}
