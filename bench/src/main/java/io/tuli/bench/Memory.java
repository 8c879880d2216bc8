package io.tuli.bench;

import io.tuli.measure.ChildProcess;
import io.tuli.measure.Words;
import io.tuli.run.Facts;
import io.tuli.run.Fleet;
import io.tuli.run.Launcher;
import io.tuli.run.Options;
import io.tuli.run.Report;
import io.tuli.run.TuliFleet;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a key costs a server that holds it, collected garbage excluded: keys of 16 characters,
 * values of 100 bytes, each written once.
 */
final class Memory {

    private static final String PREFIX = "account-0-";
    private static final int VALUE_BYTES = 100;
    private static final int OVERHEAD_BYTES = 9;

    private final Options options;
    private final Report report;
    private final Path logs;

    Memory(Options options, Report report, Path logs) {
        Options much = options.is("large") ? Dimension.large(options) : options;
        this.options = much.with("size", VALUE_BYTES + OVERHEAD_BYTES);
        this.report = report;
        this.logs = logs;
    }

    void run() {
        Launcher.requireRoom(options);
        int keys = options.keys();
        // The fleet's own client sends nothing: it needs no keys.
        TuliFleet starter = new TuliFleet(options.with("keys", 1).with("count", 1), logs);
        Words words = starter.words("client").with("keys", keys).with("prefix", PREFIX);
        try (Fleet fleet = starter.start("update");
                ChildProcess client = starter.client("loader", words)) {
            ChildProcess server = fleet.servers().getFirst();
            long before = live(server);
            Words load = Words.none().with("count", keys).with("round", 0);
            client.ask("run", load, Fleet.patience(keys));
            long after = live(server);
            Map<String, Object> facts = new LinkedHashMap<>(Facts.of("memory", options));
            facts.put("liveBytesBefore", before);
            facts.put("liveBytesAfter", after);
            facts.put("bytesPerKey", Math.round((double) (after - before) / keys));
            report.result(facts);
        }
    }

    private static long live(ChildProcess server) {
        return server.ask("live", Words.none(), Fleet.PATIENCE).get("bytes").asLong();
    }
}
