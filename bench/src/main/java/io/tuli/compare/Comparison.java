package io.tuli.compare;

import io.tuli.run.Fleet;
import io.tuli.run.Launcher;
import io.tuli.run.Measured;
import io.tuli.run.Options;
import io.tuli.run.Report;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** What a comparison found: medians, ratios inside rounds, and what was not run and why. */
final class Comparison {

    private final Options options;
    private final long seed;
    private final Map<Integer, List<Map<Contender, Measured>>> roundsBySize = new LinkedHashMap<>();
    private final Map<Integer, Map<String, Measured>> cold = new HashMap<>();
    private final Map<String, String> absent = new LinkedHashMap<>();
    private final List<LeftOut> leftOut = new ArrayList<>();
    private final List<Double> canaryMillis = new ArrayList<>();
    private final List<Long> availableMebibytes = new ArrayList<>();

    Comparison(Options options, long seed) {
        this.options = options;
        this.seed = seed;
    }

    void notInstalled(Contender contender) {
        absent.put(contender.name(), contender.missing());
    }

    /** From now on; rounds it has finished are kept if they are enough for a ratio. */
    void leaveOut(LeftOut left) {
        absent.put(left.contender().name(), left.why());
        leftOut.add(left);
        if (!left.isKept()) {
            List<Map<Contender, Measured>> rounds =
                    roundsBySize.getOrDefault(left.size(), List.of());
            rounds.forEach(round -> round.remove(left.contender()));
        }
    }

    boolean isAbsent(Contender contender) {
        return absent.containsKey(contender.name());
    }

    /** How the machine was before a sample: its speed, and the memory nobody used. */
    void before(long canaryNanos, long mebibytes) {
        canaryMillis.add(canaryNanos / 1e6);
        availableMebibytes.add(mebibytes);
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
        Map<String, String> notRun = new LinkedHashMap<>(absent);
        leftOut.forEach(each -> notRun.remove(each.contender().name()));
        notRun.forEach((name, why) -> table.note(name + " was not run: " + why + "."));
        leftOut.forEach(each -> table.note(each.sentence() + "."));
        table.note(warmth());
        table.note(spread());
        if (options.is("pin")) {
            table.note("Pinned: " + Launcher.pinning(options) + ".");
        }
        table.note("Command: `./tuli bench " + options.typed() + "`, seed " + seed + ".");
        report.document("seed", seed);
        report.document("canaryMillis", canaryMillis);
        report.document("availableMebibytes", availableMebibytes);
        report.document("notRun", notRun);
        report.document("leftOut", leftOut.stream().map(Comparison::facts).toList());
        report.tables(table.markdown());
    }

    private static Map<String, Object> facts(LeftOut left) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("system", left.contender().name());
        facts.put("size", left.size());
        facts.put("round", left.round());
        facts.put("why", left.why());
        facts.put("finishedRounds", left.finishedRounds());
        facts.put("roundsAreKept", left.isKept());
        return facts;
    }

    private String warmth() {
        return String.format(
                Locale.ROOT,
                "Warm: %d s or %,d messages before the first round. Cold: the first %,d messages of"
                        + " the processes, once, a second.",
                options.number("warmup"),
                Fleet.WARM_MESSAGES,
                options.number("count"));
    }

    private String spread() {
        List<Double> sorted = canaryMillis.stream().sorted().toList();
        return String.format(
                Locale.ROOT,
                "A fixed piece of arithmetic before each sample took %.0f to %.0f ms, median %.0f:"
                        + " the wider that is, the busier the machine was with other things. At"
                        + " least %,d MiB of memory were left.",
                sorted.getFirst(),
                sorted.getLast(),
                sorted.get(sorted.size() / 2),
                Collections.min(availableMebibytes));
    }

    private void report(
            int size, List<Map<Contender, Measured>> rounds, Table table, Report report) {
        for (Contender each : contenders(rounds)) {
            List<Measured> own =
                    rounds.stream().map(round -> round.get(each)).filter(Objects::nonNull).toList();
            Measured median = Measured.median(own);
            String ratio = each.isOurs() ? "" : ratio(each, rounds);
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

    private static String ratio(Contender peer, List<Map<Contender, Measured>> rounds) {
        List<Double> ours = new ArrayList<>();
        List<Double> theirs = new ArrayList<>();
        for (Map<Contender, Measured> round : rounds) {
            Measured own = round.get(peer);
            for (Contender each : round.keySet()) {
                if (own != null && each.name().equals(peer.rival())) {
                    ours.add(round.get(each).perSecond());
                    theirs.add(own.perSecond());
                }
            }
        }
        return ours.isEmpty() ? "" : Ratio.of(ours, theirs).toString();
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
