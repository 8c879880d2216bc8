package io.tuli.bench;

import io.tuli.measure.ChildProcess;
import io.tuli.measure.Words;
import io.tuli.run.Fleet;
import io.tuli.run.Measured;
import io.tuli.run.Options;
import io.tuli.run.Report;
import io.tuli.run.TuliFleet;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/**
 * How soon one can work: a member that is alone, a second one that joins it, a server of the
 * operator's terminal until it is ready, and a command from its beginning to its end. Members are
 * plain JVMs, and then JVMs with a cache of what a first start has loaded and linked (JEP 514).
 */
final class StartUp {

    private static final int JDK_WITH_CACHE = 25;
    private static final Duration CACHE_PATIENCE = Duration.ofMinutes(1);

    private final Options options;
    private final Report report;
    private final Path logs;

    StartUp(Options options, Report report, Path logs) {
        this.options = options.otherwise("rounds", 5);
        this.report = report;
        this.logs = logs;
    }

    /**
     * One start.
     *
     * @param join from the call of join until it returned
     * @param usable from there until the first answer of an owner
     * @param exec from the start of the JVM until that answer
     */
    private record Start(double join, double usable, double exec) {}

    void run() {
        members("", options.with("servers", 1));
        if (Runtime.version().feature() >= JDK_WITH_CACHE) {
            Path cache = logs.resolve("members.aot");
            rehearse(flagged("-XX:AOTCacheOutput=" + cache));
            members(", with a cache", flagged("-XX:AOTCache=" + cache));
        }
        new Terminal(options, logs).run(report);
    }

    private Options flagged(String flag) {
        return options.with("servers", 1).with("flags", options.text("flags") + " " + flag);
    }

    /** A second member writes the cache when it ends. */
    private void rehearse(Options writing) {
        TuliFleet plain = new TuliFleet(options.with("servers", 1), logs);
        try (ChildProcess first = plain.server("first")) {
            first.answer("join", Fleet.PATIENCE);
            ChildProcess second = plain.with(writing).server("rehearsal");
            started(second, System.nanoTime());
            second.close(CACHE_PATIENCE);
        }
    }

    private void members(String with, Options how) {
        List<Start> alone = new ArrayList<>();
        List<Start> second = new ArrayList<>();
        for (int round = 0; round < options.number("rounds"); round++) {
            TuliFleet starter = new TuliFleet(how, logs);
            long began = System.nanoTime();
            try (ChildProcess first = starter.server("alone-" + round)) {
                alone.add(started(first, began));
                long again = System.nanoTime();
                try (ChildProcess other = starter.server("second-" + round)) {
                    second.add(started(other, again));
                }
            }
        }
        say("a member, alone" + with, alone);
        say("a second member" + with, second);
    }

    private static Start started(ChildProcess member, long began) {
        JsonNode joined = member.answer("join", Fleet.PATIENCE);
        JsonNode first = member.ask("first", Words.none(), Fleet.PATIENCE);
        double exec = System.nanoTime() - began;
        double usable = joined.get("inSyncNanos").asDouble() + first.get("nanos").asDouble();
        return new Start(joined.get("joinNanos").asDouble(), usable, exec);
    }

    private void say(String who, List<Start> starts) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("work", "startup");
        facts.put("who", who);
        facts.put("starts", starts.size());
        facts.put("joinMillis", millis(Measured.median(starts, Start::join)));
        facts.put("usableMillis", millis(Measured.median(starts, Start::usable)));
        facts.put("processMillis", millis(Measured.median(starts, Start::exec)));
        double longest = starts.stream().mapToDouble(Start::exec).max().orElseThrow();
        facts.put("processMaxMillis", millis(longest));
        report.result(facts);
    }

    static long millis(double nanos) {
        return Math.round(nanos / 1e6);
    }

    /** What a row says of a figure it does not have. */
    static Object none() {
        return NullNode.getInstance();
    }
}
