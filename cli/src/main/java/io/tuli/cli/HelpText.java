package io.tuli.cli;

import io.tuli.command.Catalogue;
import io.tuli.command.Exit;
import io.tuli.command.Invocation;
import io.tuli.terminal.Colour;
import io.tuli.terminal.Grammar;
import io.tuli.terminal.Option;
import io.tuli.terminal.Palette;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Explains a command, or all: how it is written, what it takes. One thread builds it, once. */
final class HelpText {

    private static final int WIDTH = 88;

    private final Palette palette;
    private final Catalogue commands;
    private final List<String> lines = new ArrayList<>();

    private HelpText(Palette palette, Catalogue commands) {
        this.palette = palette;
        this.commands = commands;
    }

    /** The whole text, ending in a line break; of all commands where the word is empty. */
    static String of(String word, Palette palette, Catalogue commands) {
        HelpText help = new HelpText(palette, commands);
        if (word.isEmpty()) {
            help.explainAll();
        } else {
            help.explain(commands.grammar(word));
        }
        return String.join("\n", help.lines) + "\n";
    }

    private void explainAll() {
        begin(Invocation.COMMON, "<command> [<option>…]");
        section(
                "Commands",
                commands.words().stream()
                        .map(word -> new Entry(word, commands.grammar(word).description()))
                        .toList());
        section("Options of all commands", entries(Invocation.COMMON.options()));
        section(
                "Exit codes",
                Arrays.stream(Exit.values())
                        .map(exit -> new Entry(Integer.toString(exit.code()), exit.meaning()))
                        .toList());
        lines.add("");
        lines.add("tuli help <command> explains one. Data goes to standard output, the rest to");
        lines.add("standard error. docs/cli.md says all of this with examples.");
    }

    private void explain(Grammar grammar) {
        begin(grammar, grammar.synopsis());
        section(
                "Arguments",
                grammar.parameters().stream()
                        .map(parameter -> new Entry(parameter.label(), parameter.description()))
                        .toList());
        section("Options", entries(grammar.options()));
        lines.add("");
        lines.add("Options of all commands (--mesh, --peers, --json, --timeout, …): tuli help");
    }

    private void begin(Grammar grammar, String synopsis) {
        lines.add(grammar.description());
        lines.add("");
        heading("Usage");
        wrap("  ", "tuli " + synopsis, "      ");
    }

    private static List<Entry> entries(List<Option> options) {
        return options.stream()
                .map(option -> new Entry(option.synopsis(), option.description()))
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
        for (String word : text.split(" (?!<)")) {
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
