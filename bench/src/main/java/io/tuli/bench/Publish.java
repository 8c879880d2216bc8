package io.tuli.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Measures everything that is published, and writes the tables into {@code docs/performance.md}:
 * each between the two comments that bear its name. What stands around them is written by people.
 */
final class Publish {

    private static final List<Section> SECTIONS =
            List.of(
                    new Section("compare", "compare", List.of("--size", "10,100,1000"), List.of()),
                    new Section(
                            "replicated",
                            "compare",
                            List.of("--work", "replicated", "--count", "200000"),
                            List.of()),
                    new Section(
                            "latency",
                            "latency",
                            List.of("--rounds", "1"),
                            List.of(
                                    "system",
                                    "loop",
                                    "p50Micros",
                                    "p90Micros",
                                    "p99Micros",
                                    "p999Micros",
                                    "maxMicros")),
                    new Section(
                            "replica",
                            "replica",
                            List.of("--rounds", "3"),
                            List.of("keys", "execToSyncMillis", "useToSyncMillis")),
                    new Section(
                            "killed",
                            "killed",
                            List.of("--rounds", "3"),
                            List.of(
                                    "keysPaused",
                                    "firstMillis",
                                    "medianMillis",
                                    "lastMillis",
                                    "acknowledged",
                                    "failed",
                                    "lost")),
                    new Section(
                            "fanout",
                            "fanout",
                            List.of("--count", "200000", "--rounds", "3"),
                            List.of("clients", "deliveriesPerSecond", "cpuMicrosPerDelivery")),
                    new Section("memory", "memory", List.of(), List.of("keys", "bytesPerKey")));

    private final Options options;
    private final PrintStream out;
    private final Path logs;
    private final Path page;

    /**
     * A table of the page.
     *
     * @param work the benchmark it comes from
     * @param arguments of that benchmark
     * @param columns of its results; none for the tables of a comparison
     */
    private record Section(
            String name, String work, List<String> arguments, List<String> columns) {}

    Publish(Options options, PrintStream out, Path logs) {
        this.options = options;
        this.out = out;
        this.logs = logs;
        page = Path.of(System.getProperty("bench.home", "bench"), "..", "docs/performance.md");
    }

    /** A section that fails leaves its old table; the others are written all the same. */
    void run() throws IOException {
        List<String> wanted = options.words().subList(1, options.words().size());
        for (Section each : SECTIONS) {
            if (!wanted.isEmpty() && !wanted.contains(each.name())) {
                continue;
            }
            try {
                out.println("\n== " + each.name());
                write(each.name(), measured(each).markdown(each.columns()));
            } catch (BenchException | IllegalStateException failed) {
                out.println(each.name() + " is not published: " + failed.getMessage());
            }
        }
    }

    /** What was said wins, but for rounds: only comparisons need many. */
    private Report measured(Section section) {
        Options mine = Options.parse(section.arguments());
        for (var said : options.values().entrySet()) {
            boolean isOurs = said.getKey().equals("rounds") && mine.has("rounds");
            mine = isOurs ? mine : mine.with(said.getKey(), said.getValue());
        }
        Report report = new Report(out, mine);
        Bench.measure(section.work(), mine, report, logs);
        return report;
    }

    private void write(String name, String table) throws IOException {
        String text = Files.readString(page);
        String begin = "<!-- " + name + " -->\n";
        String end = "<!-- end of " + name + " -->";
        int from = text.indexOf(begin);
        int to = text.indexOf(end);
        if (from < 0 || to < from) {
            throw new BenchException("docs/performance.md has lost its marks of " + name);
        }
        Files.writeString(
                page, text.substring(0, from + begin.length()) + table + text.substring(to));
    }
}
