package io.tuli.bench;

import io.tuli.measure.ChildProcess;
import io.tuli.measure.Words;
import io.tuli.run.Fleet;
import io.tuli.run.Launcher;
import io.tuli.run.Measured;
import io.tuli.run.Options;
import io.tuli.run.Report;
import io.tuli.run.TuliFleet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.NullNode;

/**
 * Whether cost grows as the work grows: throughput of updates and of replies with more clients,
 * more services, more keys, more members. The processes of one table are started and warmed once;
 * then at each step they get what they lack, and the steps are measured one after the other.
 */
final class Sweep {

    private static final List<String> WORKS = List.of("update", "reply");

    /** Divided by every number of clients there is, so that each key has one writer. */
    private static final int KEYS = 128_000;

    private static final int FIRST_MESSAGES = 100_000;

    private final Options options;
    private final Report report;
    private final Path logs;

    Sweep(Options options, Report report, Path logs) {
        this.options = options.is("large") ? options.otherwise("heap", "6g") : options;
        this.report = report;
        this.logs = logs;
    }

    void run() {
        List<Dimension> over = over();
        Launcher.requireRoom(options);
        for (Dimension each : over) {
            new Table(each).run();
        }
    }

    /** {@code sweep keys} is {@code sweep --over keys}. */
    private List<Dimension> over() {
        List<String> words = options.words().subList(1, options.words().size());
        List<String> names = words.isEmpty() ? List.of(options.text("over").split(",")) : words;
        return names.stream()
                .map(name -> Dimension.of(name.trim(), options.is("large")))
                .map(all -> options.has("steps") ? all.with(options.numbers("steps")) : all)
                .toList();
    }

    /** One dimension: its processes, which grow. */
    private final class Table {
        private final Dimension dimension;
        private final int keys = options.has("keys") ? options.number("keys") : KEYS;
        private final TuliFleet starter;
        private final Map<String, Double> firsts = new HashMap<>();
        private long firstLive;

        Table(Dimension dimension) {
            this.dimension = dimension;
            // What the starter is told holds for the first step.
            starter = new TuliFleet(options.with("keys", 1).with("count", 1), logs);
        }

        void run() {
            Fleet fleet = starter.start("update");
            try {
                warm(fleet, dimension.steps().getFirst());
                int members = 1;
                for (int step : dimension.steps()) {
                    for (; members < Dimension.at("members", 1, dimension, step); members++) {
                        fleet = joined(fleet, members);
                    }
                    step(fleet, step);
                }
            } finally {
                fleet.close();
            }
        }

        /** All works, before any is measured: the first rows would be the coldest otherwise. */
        private void warm(Fleet fleet, int step) {
            for (String work : WORKS) {
                join(fleet, work, step);
                int count = Math.max(keysAt(step), FIRST_MESSAGES);
                long some = options.has("count") ? options.number("count") : count;
                fleet.warm(options.number("warmup"), some, Words.none());
            }
        }

        private Fleet joined(Fleet fleet, int number) {
            ChildProcess server = starter.server("server-" + number);
            Fleet more = fleet.with(server);
            server.answer("join", Fleet.PATIENCE);
            TuliFleet.awaitBalance(more.servers(), options);
            return more;
        }

        private void step(Fleet fleet, int step) {
            for (String work : WORKS) {
                join(fleet, work, step);
                row(fleet, work, step);
            }
        }

        /** Servers and client get what they lack, and the client its work. */
        private void join(Fleet fleet, String work, int step) {
            Words words = starter.words("client").with("work", work).with("keys", keysAt(step));
            for (String each : List.of("clients", "services")) {
                words = words.with(each, Dimension.at(each, 1, dimension, step));
            }
            for (ChildProcess server : fleet.servers()) {
                server.ask("serve", words, Fleet.PATIENCE);
            }
            fleet.client().ask("join", words, Fleet.PATIENCE);
        }

        private int keysAt(int step) {
            return Dimension.at("keys", keys, dimension, step);
        }

        private void row(Fleet fleet, String work, int step) {
            // Every key, once; and what the step added gets used to it.
            long every = work.equals("update") ? keysAt(step) : 0;
            long first = Math.max(every, options.has("count") ? 1 : FIRST_MESSAGES);
            fleet.measure(first, 1, Words.none());
            double perSecond = fleet.measure(first, 2, Words.none()).perSecond();
            long fitting = Math.round(perSecond * options.number("seconds"));
            long count = options.has("count") ? options.number("count") : fitting;
            long messages = dimension.isKeys() ? Math.max(count, every) : count;
            List<Measured> rounds = new ArrayList<>();
            for (int round = 0; round < options.number("rounds"); round++) {
                rounds.add(fleet.measure(Math.max(1, messages), round + 3, Words.none()));
            }
            say(fleet, work, step, rounds);
        }

        private void say(Fleet fleet, String work, int step, List<Measured> rounds) {
            double perSecond = Measured.median(rounds).perSecond();
            firsts.putIfAbsent(work, perSecond);
            long live =
                    fleet.servers()
                            .getFirst()
                            .ask("live", Words.none(), Fleet.PATIENCE)
                            .get("bytes")
                            .asLong();
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("work", work);
            facts.put("verified", true);
            facts.put("over", dimension.name());
            facts.put(dimension.name(), step);
            facts.put("window", options.number("window"));
            facts.put("size", options.number("size"));
            facts.put("link", options.text("link"));
            facts.put("ofFirst", perSecond / firsts.getOrDefault(work, perSecond));
            facts.put("liveBytes", live);
            facts.put("bytesPerKey", work.equals("update") ? perKey(step, live) : none());
            report.result(work + " " + dimension.name() + " " + step, facts, rounds);
        }

        /** Of the keys that were added since the first step. */
        private Object perKey(int step, long live) {
            int first = dimension.steps().getFirst();
            firstLive = step == first ? live : firstLive;
            return dimension.isKeys() && step > first
                    ? Math.round((double) (live - firstLive) / (step - first))
                    : none();
        }

        private static Object none() {
            return NullNode.getInstance();
        }
    }
}
