package io.tuli.run;

import io.tuli.measure.Machine;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.NullNode;

/** Says what was measured: a line at once for people, and all of it as JSON in the end. */
public final class Report {

    private static final String COLUMNS =
            "%-34s %12s %9s %9s %8s %8s %8s %8s %8s%n"
                    .formatted(
                            "",
                            "perSecond",
                            "p50 us",
                            "p99 us",
                            "cpu us",
                            "calls",
                            "switches",
                            "client B",
                            "server B");

    private final PrintStream out;
    private final Options options;
    private final Map<String, Object> document = new LinkedHashMap<>();
    private final List<Map<String, Object>> results = new ArrayList<>();
    private String tables = "";
    private boolean hasHeading;

    public Report(PrintStream out, Options options) {
        this.out = out;
        this.options = options;
        document.put("command", String.join(" ", options.words()));
        document.put("options", options.values());
        document.put("machine", Machine.facts());
        document.put("flags", options.flags());
        document.put("pinned", Launcher.pinning(options));
        document.put("results", results);
        out.println(Machine.facts());
        if (options.is("pin")) {
            out.println("pinned: " + Launcher.pinning(options));
        }
    }

    public void say(String line) {
        out.println(line);
    }

    public void row(String what, Measured figures) {
        if (!hasHeading) {
            out.print(COLUMNS);
            hasHeading = true;
        }
        out.printf(
                Locale.ROOT,
                "%-34s %12s %9s %9s %8s %8s %8s %8s %8s%n",
                what,
                shown("%,.0f", figures.perSecond()),
                shown("%,.0f", figures.p50Micros()),
                shown("%,.0f", figures.p99Micros()),
                shown("%.3f", figures.cpuMicrosPerMessage()),
                shown("%.4f", figures.callsPerMessage()),
                shown("%.4f", figures.switchesPerMessage()),
                shown("%.1f", figures.clientBytesPerMessage()),
                shown("%.1f", figures.serverBytesPerMessage()));
    }

    private static String shown(String format, double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, format, value);
    }

    /** The rounds of one work; the medians are its result. */
    public void result(String what, Map<String, Object> facts, List<Measured> rounds) {
        Measured median = Measured.median(rounds);
        row(what + " median", median);
        Map<String, Object> result = new LinkedHashMap<>(facts);
        result.putAll(median.figures());
        result.put("rounds", rounds.stream().map(Measured::figures).toList());
        results.add(result);
    }

    /** A result that is no round of messages. */
    public void result(Map<String, Object> facts) {
        results.add(facts);
        StringBuilder text = new StringBuilder();
        facts.forEach((name, value) -> text.append(name).append(' ').append(value).append("  "));
        out.println(text.toString().strip());
    }

    public void document(String name, Object value) {
        document.put(name, value);
    }

    /** The tables of a comparison: for people, and for the file that was asked for. */
    public void tables(String markdown) {
        tables = markdown;
        out.println();
        out.print(markdown);
        write(options.text("markdown"), markdown);
    }

    /** The tables of a comparison; or, of the results that have all these columns, one table. */
    public String markdown(List<String> columns) {
        if (columns.isEmpty()) {
            return tables;
        }
        StringBuilder text = new StringBuilder("| " + String.join(" | ", columns) + " |\n");
        text.append("|---".repeat(columns.size())).append("|\n");
        for (Map<String, Object> each : results) {
            if (each.keySet().containsAll(columns)) {
                columns.forEach(column -> text.append("| ").append(cell(each.get(column))));
                text.append(" |\n");
            }
        }
        return text.toString();
    }

    private static String cell(@Nullable Object value) {
        return switch (value) {
            case Double small when Math.abs(small) < 10 ->
                    String.format(Locale.ROOT, "%.2f ", small);
            case Double number -> String.format(Locale.ROOT, "%,.1f ", number);
            case Number number -> String.format(Locale.ROOT, "%,d ", number.longValue());
            case NullNode none -> "– ";
            case null, default -> value + " ";
        };
    }

    /** Writes the file that was asked for, if one was. */
    public void close() {
        JsonMapper json = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
        write(options.text("json"), json.writeValueAsString(document) + "\n");
    }

    private static void write(String file, String text) {
        if (file.isEmpty()) {
            return;
        }
        try {
            Files.writeString(Path.of(file), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
