package io.tuli.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Measures everything that is published, and writes the tables into {@code docs/performance.md}:
 * each between the two comments that bear its name. What stands around them is written by people.
 */
final class Publish {

    private final Options options;
    private final PrintStream out;
    private final Path logs;
    private final Path page;

    Publish(Options options, PrintStream out, Path logs) {
        this.options = options;
        this.out = out;
        this.logs = logs;
        page = Path.of(System.getProperty("bench.home", "bench"), "..", "docs/performance.md");
    }

    /** A section that fails leaves its old table; the others are written all the same. */
    void run() throws IOException {
        List<String> wanted = options.words().subList(1, options.words().size());
        for (String word : wanted) {
            if (Section.ALL.stream().noneMatch(each -> each.isMeantBy(word))) {
                throw new BenchException(
                        "there is no table "
                                + word
                                + "; there are "
                                + Section.ALL.stream().map(Section::name).toList());
            }
        }
        for (Section each : Section.ALL) {
            if (!wanted.isEmpty() && wanted.stream().noneMatch(each::isMeantBy)) {
                continue;
            }
            long began = System.nanoTime();
            try {
                out.println("\n== " + each.name());
                write(each.name(), measured(each).markdown(each.columns()));
                long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began);
                out.println(each.name() + " took " + seconds + " s");
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
        if (mine.has("json")) {
            Path all = Path.of(mine.text("json"));
            mine = mine.with("json", all.resolveSibling(section.name() + "-" + all.getFileName()));
        }
        Report report = new Report(out, mine);
        Bench.measure(section.work(), mine, report, logs);
        report.close();
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
