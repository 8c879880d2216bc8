package io.tuli.bench;

import io.tuli.error.Nearest;
import io.tuli.run.BenchException;
import io.tuli.run.Options;
import io.tuli.run.Report;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
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

    /**
     * @param page what is written to
     */
    Publish(Options options, PrintStream out, Path logs, Path page) {
        this.options = options;
        this.out = out;
        this.logs = logs;
        this.page = page;
    }

    /** The page of this repository. */
    static Path page() {
        return Path.of(System.getProperty("bench.home", "bench"), "..", "docs/performance.md")
                .normalize();
    }

    /**
     * A section that fails leaves its old table; the others are written all the same.
     *
     * @return whether none failed
     */
    boolean run() throws IOException {
        List<String> wanted = options.words().subList(1, options.words().size());
        wanted.forEach(Publish::requireTable);
        requireMarks();
        boolean areAllWritten = true;
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
            } catch (BenchException | IllegalStateException | UncheckedIOException failed) {
                out.println(each.name() + " is not published: " + failed.getMessage());
                areAllWritten = false;
            }
        }
        return areAllWritten;
    }

    private static void requireTable(String word) {
        if (Section.ALL.stream().noneMatch(each -> each.isMeantBy(word))) {
            List<String> names = Section.ALL.stream().map(Section::name).toList();
            String question = Nearest.question(word, names);
            throw BenchException.usage(
                    "there is no table "
                            + word
                            + question
                            + (question.isEmpty() ? ";" : "")
                            + " there are "
                            + String.join(", ", names));
        }
    }

    /** Before an hour is spent on what has no place. */
    private void requireMarks() throws IOException {
        String text = Files.readString(page);
        Section.ALL.forEach(each -> place(text, each.name()));
    }

    /** What was said wins, but for rounds: only comparisons need many. */
    private Report measured(Section section) throws IOException {
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
        try (Logs own = Logs.in(logs.resolve(section.name()), mine.is("keep"))) {
            Bench.measure(section.work(), mine, report, own.directory());
        }
        report.close();
        return report;
    }

    private void write(String name, String table) throws IOException {
        String text = Files.readString(page);
        Place place = place(text, name);
        Files.writeString(
                page, text.substring(0, place.from()) + table + text.substring(place.to()));
    }

    /** Between the marks of a table. */
    private record Place(int from, int to) {}

    private Place place(String text, String name) {
        String begin = "<!-- " + name + " -->\n";
        int from = text.indexOf(begin);
        int to = text.indexOf("<!-- end of " + name + " -->");
        if (from < 0 || to < from) {
            throw new BenchException("there must be two marks of " + name + " in " + page);
        }
        return new Place(from + begin.length(), to);
    }
}
