package io.tuli.cli;

import io.tuli.terminal.Colour;
import io.tuli.terminal.Palette;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Explains a command: how it is written, what it takes, what it shares with all others. */
final class HelpText {

    private static final int WIDTH = 88;

    private final CommandSpec spec;
    private final Palette palette;
    private final List<String> lines = new ArrayList<>();

    private HelpText(CommandSpec spec, Palette palette) {
        this.spec = spec;
        this.palette = palette;
    }

    /** The whole text, ending in a line break. */
    static String of(CommandSpec spec, Palette palette) {
        HelpText help = new HelpText(spec, palette);
        help.build();
        return String.join("\n", help.lines) + "\n";
    }

    /** How the command is written: its name, arguments and options of its own. */
    static String synopsis(CommandSpec spec) {
        StringBuilder synopsis = new StringBuilder(spec.qualifiedName());
        if (spec.parent() == null) {
            return synopsis.append(" <command> [<option>…]").toString();
        }
        for (PositionalParamSpec parameter : spec.positionalParameters()) {
            synopsis.append(' ').append(label(parameter));
        }
        for (OptionSpec option : own(spec)) {
            synopsis.append(" [").append(label(option)).append(']');
        }
        return synopsis.toString();
    }

    /** Options that only this command has; above all commands those that all have. */
    static List<OptionSpec> own(CommandSpec spec) {
        return spec.options().stream()
                .filter(option -> !option.hidden())
                .filter(option -> spec.parent() == null || !option.inherited())
                .toList();
    }

    static String description(CommandSpec spec) {
        return String.join(" ", spec.usageMessage().description());
    }

    static String label(PositionalParamSpec parameter) {
        String label = parameter.paramLabel();
        if (parameter.hideParamSyntax()) {
            return label;
        }
        String repeated = parameter.arity().max() > 1 ? label + "…" : label;
        return parameter.arity().min() == 0 ? "[" + repeated + "]" : repeated;
    }

    /** All names of an option, the short one first, and what it takes. */
    static String label(OptionSpec option) {
        String names =
                Arrays.stream(option.names())
                        .sorted((a, b) -> Integer.compare(a.length(), b.length()))
                        .collect(Collectors.joining(", "));
        if (option.arity().max() == 0) {
            return names;
        }
        boolean isOptional = option.arity().min() == 0;
        return names + (isOptional ? "[=" : " ") + option.paramLabel() + (isOptional ? "]" : "");
    }

    private void build() {
        lines.add(description(spec));
        lines.add("");
        heading("Usage");
        wrap("  ", synopsis(spec), "      ");
        if (spec.parent() == null) {
            buildCommands();
        }
        section(
                "Arguments",
                spec.positionalParameters().stream()
                        .map(p -> new Entry(p.paramLabel(), String.join(" ", p.description())))
                        .toList());
        section(spec.parent() == null ? "Options of all commands" : "Options", entries(own(spec)));
        if (spec.parent() == null) {
            section(
                    "Exit codes",
                    Arrays.stream(Exit.values())
                            .map(exit -> new Entry(exit.code() + "", exit.meaning()))
                            .toList());
            lines.add("");
            lines.add(
                    "tuli help <command> explains one. Data goes to standard output, the rest to");
            lines.add("standard error. docs/cli.md says all of this with examples.");
        } else {
            lines.add("");
            lines.add("Options of all commands (--mesh, --peers, --json, --timeout, …): tuli help");
        }
    }

    private void buildCommands() {
        List<Entry> entries = new ArrayList<>();
        for (CommandLine command : spec.subcommands().values()) {
            CommandSpec sub = command.getCommandSpec();
            entries.add(new Entry(sub.name(), description(sub)));
        }
        section("Commands", entries);
    }

    private static List<Entry> entries(List<OptionSpec> options) {
        return options.stream()
                .map(option -> new Entry(label(option), String.join(" ", option.description())))
                .toList();
    }

    private void section(String title, List<Entry> entries) {
        if (entries.isEmpty()) {
            return;
        }
        lines.add("");
        heading(title);
        int width = entries.stream().mapToInt(entry -> entry.term().length()).max().orElse(0) + 4;
        for (Entry entry : entries) {
            String term = "  " + palette.paint(Colour.CYAN, entry.term());
            String gap = " ".repeat(width - entry.term().length() - 2);
            wrap(term + gap, entry.text(), " ".repeat(width));
        }
    }

    private void heading(String title) {
        lines.add(palette.paint(Colour.BOLD, title));
    }

    /** Breaks the text between words; later lines begin with the indent. */
    private void wrap(String first, String text, String indent) {
        StringBuilder line = new StringBuilder(first);
        int column = indent.length();
        boolean isFresh = true;
        for (String word : text.split(" ")) {
            if (!isFresh && column + 1 + word.length() > WIDTH) {
                lines.add(line.toString());
                line = new StringBuilder(indent);
                column = indent.length();
                isFresh = true;
            }
            line.append(isFresh ? "" : " ").append(word);
            column += word.length() + (isFresh ? 0 : 1);
            isFresh = false;
        }
        lines.add(line.toString());
    }

    private record Entry(String term, String text) {}
}
