package io.tuli.examples;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The rules that need no grammar: sizes, line lengths, open ends, and words of one machine. */
final class TextRules {
    static final int MAIN_LINES_MAX = 500;
    static final int TEST_LINES_MAX = 600;
    static final int COLUMNS_MAX = 100;
    static final int JAVA_BYTES_MAX = 256 * 1024;

    private static final Pattern OPEN_END = Pattern.compile("\\b(TODO|FIXME|XXX)\\b");
    private static final Pattern ISSUE = Pattern.compile("#\\d+");

    /** Written in pieces, because this file is checked too. */
    private static final Pattern MACHINE_PATH =
            Pattern.compile("(?<![\\w.:/~-])/(" + "work|root|home" + ")/\\w");

    private static final Pattern REGISTRY_HOST =
            Pattern.compile(
                    "\\b(repo1?\\.maven\\.(apache\\.)?org|central\\.sonatype\\.com|registry\\.npmjs"
                            + "\\.org|(deb|security)\\.debian\\.org|pypi\\.org)\\b");

    private TextRules() {}

    static List<Finding> check(TextFile file) {
        List<Finding> findings = new ArrayList<>();
        List<String> lines = file.lines();
        if (file.isJava() || file.isScript()) {
            checkSize(file, lines.size(), findings);
        }
        for (int i = 0; i < lines.size(); i++) {
            checkLine(file, i + 1, lines.get(i), findings);
        }
        return findings;
    }

    private static void checkSize(TextFile file, int lines, List<Finding> findings) {
        int linesMax = file.isTest() ? TEST_LINES_MAX : MAIN_LINES_MAX;
        if (lines > linesMax) {
            findings.add(finding(file, 0, "split this file", "lines", lines, linesMax));
        }
        int bytes = file.text().getBytes(StandardCharsets.UTF_8).length;
        if (bytes > JAVA_BYTES_MAX) {
            findings.add(finding(file, 0, "split this file", "bytes", bytes, JAVA_BYTES_MAX));
        }
    }

    private static void checkLine(TextFile file, int number, String line, List<Finding> findings) {
        if (file.isJava()) {
            int columns = line.codePointCount(0, line.length());
            if (columns > COLUMNS_MAX) {
                findings.add(finding(file, number, "wrap", "columns", columns, COLUMNS_MAX));
            }
            Matcher openEnd = OPEN_END.matcher(line);
            if (openEnd.find() && !isAboutOpenEnds(file)) {
                checkOpenEnd(file, number, line, openEnd.group(), findings);
            }
        }
        if (MACHINE_PATH.matcher(line).find()) {
            findings.add(new Finding(file.name(), number, "a path of one machine is banned"));
        }
        if (REGISTRY_HOST.matcher(line).find()) {
            findings.add(new Finding(file.name(), number, "a registry's host name is banned"));
        }
    }

    private static void checkOpenEnd(
            TextFile file, int number, String line, String word, List<Finding> findings) {
        if (!word.equals("TODO")) {
            String message = "`" + word + "` is banned: fix it, or open an issue";
            findings.add(new Finding(file.name(), number, message));
        } else if (!ISSUE.matcher(line).find()) {
            findings.add(new Finding(file.name(), number, "a TODO needs its issue, like #123"));
        }
    }

    /** The rules and their test name the words that they ban. */
    private static boolean isAboutOpenEnds(TextFile file) {
        return file.name().endsWith("/TextRules.java") || file.name().endsWith("/TidyTest.java");
    }

    private static Finding finding(
            TextFile file, int line, String action, String unit, int found, int max) {
        return new Finding(file.name(), line, action + ": " + unit + "=" + found + " max=" + max);
    }
}
