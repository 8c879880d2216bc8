package io.tuli.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What a comparison found: medians, ratios inside rounds, and what was not run and why. */
final class Comparison {

    /** Where to write is nobody else's business. */
    private static final Set<String> FILES = Set.of("json", "markdown");

    private final Options options;
    private final long seed;
    private final Map<Integer, List<Map<Contender, Measured>>> roundsBySize = new LinkedHashMap<>();
    private final Map<Integer, Map<String, Measured>> cold = new HashMap<>();
    private final Map<String, String> absent = new LinkedHashMap<>();
    private final List<Double> canaryMillis = new ArrayList<>();

    Comparison(Options options, long seed) {
        this.options = options;
        this.seed = seed;
    }

    void notRun(Contender contender) {
        absent.put(contender.name(), contender.missing());
    }

    void failed(Contender contender, String why) {
        absent.put(contender.name(), why);
    }

    void canary(long nanos) {
        canaryMillis.add(nanos / 1e6);
    }

    /** The first messages of processes just started. */
    void cold(int size, Contender contender, Measured figures) {
        cold.computeIfAbsent(size, none -> new HashMap<>()).put(contender.name(), figures);
    }

    void add(int size, Map<Contender, Measured> round) {
        roundsBySize.computeIfAbsent(size, none -> new ArrayList<>()).add(round);
    }

    void report(Report report) {
        Table table = new Table();
        roundsBySize.forEach((size, rounds) -> report(size, rounds, table, report));
        absent.forEach((name, why) -> table.note(name + " was not run: " + why));
        table.note(warmth());
        table.note(spread());
        String command = "./tuli bench compare" + said();
        table.note("Command: `" + command + "`, seed " + seed + ".");
        report.document("seed", seed);
        report.document("canaryMillis", canaryMillis);
        report.document("notRun", absent);
        report.tables(table.markdown());
    }

    private String said() {
        StringBuilder text = new StringBuilder();
        new TreeMap<>(options.values())
                .forEach(
                        (name, value) -> {
                            if (!FILES.contains(name)) {
                                text.append(" --" + name + " " + value);
                            }
                        });
        return text.toString();
    }

    private String warmth() {
        return String.format(
                Locale.ROOT,
                "Warm: %d s or %,d messages before the first round. Cold: the first %,d messages of"
                        + " the processes, once, a second.",
                options.number("warmup"),
                Bench.WARM_MESSAGES,
                options.number("count"));
    }

    private String spread() {
        List<Double> sorted = canaryMillis.stream().sorted().toList();
        return String.format(
                Locale.ROOT,
                "A fixed piece of arithmetic before each sample took %.0f to %.0f ms, median %.0f:"
                        + " the wider that is, the busier the machine was with other things.",
                sorted.getFirst(),
                sorted.getLast(),
                sorted.get(sorted.size() / 2));
    }

    private void report(
            int size, List<Map<Contender, Measured>> rounds, Table table, Report report) {
        for (Contender each : contenders(rounds)) {
            List<Measured> own = rounds.stream().map(round -> round.get(each)).toList();
            Measured median = Measured.median(own);
            String ratio = each.isOurs() ? "" : ratio(each, rounds, own);
            Measured first = cold.getOrDefault(size, Map.of()).getOrDefault(each.name(), median);
            table.row(size, each, median, new Shown(ratio, first.perSecond()));
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("system", each.name());
            facts.put("size", size);
            facts.put("level", each.level());
            facts.put("caveat", each.caveat());
            facts.put("comparedWith", each.rival());
            facts.put("tuliIsTimesAsFast", ratio);
            facts.put("cold", first.figures());
            report.result(each.name() + " " + size + " B", facts, own);
        }
    }

    /** Ours first, then the others as they are listed. */
    private static List<Contender> contenders(List<Map<Contender, Measured>> rounds) {
        return rounds.getFirst().keySet().stream()
                .sorted(
                        (one, other) ->
                                one.isOurs() == other.isOurs()
                                        ? one.name().compareTo(other.name())
                                        : one.isOurs() ? -1 : 1)
                .toList();
    }

    private static String ratio(
            Contender peer, List<Map<Contender, Measured>> rounds, List<Measured> own) {
        List<Double> ours = new ArrayList<>();
        for (Map<Contender, Measured> round : rounds) {
            round.forEach(
                    (each, figures) -> {
                        if (each.name().equals(peer.rival())) {
                            ours.add(figures.perSecond());
                        }
                    });
        }
        List<Double> theirs = own.stream().map(Measured::perSecond).toList();
        return ours.size() == theirs.size() ? Ratio.of(ours, theirs).toString() : "";
    }

    /** What a row shows beside its system's median. */
    private record Shown(String ratio, double coldPerSecond) {}

    /** The tables as Markdown. */
    private static final class Table {
        private static final String HEADING =
                "| system | bytes | messages/s | cold | CPU µs a message | Tuli is … times as fast"
                        + " | answered when | caveat |\n|---|---:|---:|---:|---:|---|---|---|\n";

        private final StringBuilder rows = new StringBuilder(HEADING);
        private final StringBuilder notes = new StringBuilder();

        void row(int size, Contender contender, Measured median, Shown shown) {
            rows.append(
                    String.format(
                            Locale.ROOT,
                            "| %s | %,d | %,.0f | %,.0f | %.2f | %s | %s | %s |%n",
                            contender.name(),
                            size,
                            median.perSecond(),
                            shown.coldPerSecond(),
                            median.cpuMicrosPerMessage(),
                            shown.ratio(),
                            contender.level(),
                            contender.caveat()));
        }

        void note(String text) {
            notes.append("- ").append(text).append('\n');
        }

        String markdown() {
            return rows + "\n" + notes;
        }
    }
}
