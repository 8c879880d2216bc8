package io.tuli.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/behaviours.md} has each line of those that Tuli is measured by once, with tests that
 * exist, or a decision, or what is missing.
 */
class BehavioursTest {

    /** The lines that there are of each. */
    private static final Map<String, String> LINES =
            Map.of(
                    "FE", "1-30",
                    "FD", "1-86",
                    "FDX", "1-6",
                    "CO", "1-36",
                    "COX", "1-6",
                    "IR", "1-21",
                    "SP", "1-14",
                    "ZM", "1-14",
                    "NC", "1-14",
                    "PT", "1-17 20-23 30-43 50-58 60-64 70-78 80-86 90-93 95-99");

    /** What is not there yet. Each has a reason on the page. */
    private static final int NOT_YET = 4;

    private static final Pattern ROW =
            Pattern.compile("\\| ([A-Z]{2,3}-\\d\\d?) \\| (.*) \\|(.*) \\|");
    private static final Pattern NAMED =
            Pattern.compile("\\b([A-Z][A-Za-z]*Test)\\b(?:\\.([a-z][A-Za-z0-9]*))?");
    private static final Pattern KIT = Pattern.compile("\\bkit\\b");
    private static final Pattern LINE = Pattern.compile("\\b[A-Z]{2,3}-\\d\\d?\\b");

    private final Map<String, String> tests = new HashMap<>();
    private final Set<String> ofKit = new HashSet<>();
    private final Set<String> decided = new HashSet<>();
    private final List<Row> rows = new ArrayList<>();

    /** A line of a table of the page. */
    private record Row(String line, String behaviour, String shown) {

        boolean isMissing() {
            return shown.startsWith("not yet: ");
        }

        boolean isOtherwise() {
            return behaviour.endsWith("(otherwise)");
        }
    }

    @BeforeEach
    void read() throws IOException {
        for (TextFile file : Repository.textFiles()) {
            String name = file.name().substring(file.name().lastIndexOf('/') + 1);
            if (name.endsWith("Test.java")) {
                tests.merge(name.replace(".java", ""), file.text(), String::concat);
            } else if (file.name().startsWith("gateway/kit/test/")) {
                linesIn(file.text(), "(?:check|better|extra)\\('([^']*)'", ofKit);
            } else if (file.name().matches("docs/adr/.*-(where-tuli-differs|what-tuli-does).*")) {
                linesIn(file.text(), "(.*)", decided);
            } else if (file.name().equals("docs/behaviours.md")) {
                file.lines().forEach(this::readRow);
            }
        }
    }

    private static void linesIn(String text, String where, Set<String> lines) {
        Matcher places = Pattern.compile(where).matcher(text);
        while (places.find()) {
            Matcher each = LINE.matcher(places.group(1));
            while (each.find()) {
                lines.add(each.group());
            }
        }
    }

    private void readRow(String text) {
        Matcher row = ROW.matcher(text);
        if (row.matches()) {
            rows.add(new Row(row.group(1), row.group(2), row.group(3).strip()));
        }
    }

    @Test
    void eachLineIsThereOnceAndInItsOrder() {
        Map<String, List<String>> found = new LinkedHashMap<>();
        for (Row row : rows) {
            String of = row.line.substring(0, row.line.indexOf('-'));
            found.computeIfAbsent(of, none -> new ArrayList<>()).add(row.line);
        }

        assertThat(found.keySet()).isEqualTo(LINES.keySet());
        found.forEach((of, lines) -> assertThat(lines).isEqualTo(all(of, LINES.get(of))));
    }

    private static List<String> all(String of, String ranges) {
        String form = of + (of.endsWith("X") ? "-%d" : "-%02d");
        List<String> lines = new ArrayList<>();
        for (String range : ranges.split(" ")) {
            String[] ends = range.split("-");
            for (int i = Integer.parseInt(ends[0]); i <= Integer.parseInt(ends[1]); i++) {
                lines.add(form.formatted(i));
            }
        }
        return lines;
    }

    @Test
    void eachLineIsShownByTestsThatExistOrIsDecidedOtherwiseOrSaidToBeMissing() {
        assertThat(wrong()).isEmpty();
    }

    private List<String> wrong() {
        List<String> wrong = new ArrayList<>();
        for (Row row : rows) {
            boolean isShown = row.isMissing();
            Matcher named = NAMED.matcher(row.shown);
            while (named.find()) {
                isShown = true;
                String text = tests.get(named.group(1));
                String fact = named.group(2);
                if (text == null || (fact != null && !text.contains("void " + fact + "("))) {
                    wrong.add(row.line + ": there is no " + named.group());
                }
            }
            if (KIT.matcher(row.shown).find()) {
                isShown = true;
                if (!ofKit.contains(row.line)) {
                    wrong.add(row.line + ": the kit has no test of it");
                }
            }
            if (row.isOtherwise()) {
                isShown = true;
                if (!decided.contains(row.line)) {
                    wrong.add(row.line + ": no decision names it");
                }
            }
            if (!isShown) {
                wrong.add(row.line + ": nothing shows it");
            }
        }
        return wrong;
    }

    @Test
    void whatIsWrongWithALineIsFound() {
        rows.clear();
        readRow("| FD-01 | a test that is not there | `NobodysTest` |");
        readRow("| FD-05 | a fact that is not there | `DocsTest.ofNothing` kit |");
        readRow("| FD-07 | a test of the kit that is not there | kit |");
        readRow("| FD-09 | a decision that nobody took (otherwise) | `DocsTest` |");
        readRow("| FD-11 | nothing | |");

        assertThat(wrong())
                .containsExactly(
                        "FD-01: there is no NobodysTest",
                        "FD-05: there is no DocsTest.ofNothing",
                        "FD-07: the kit has no test of it",
                        "FD-09: no decision names it",
                        "FD-11: nothing shows it");
    }

    @Test
    void whatIsDecidedOtherwiseIsSaidOnThePage() {
        List<String> otherwise = rows.stream().filter(Row::isOtherwise).map(Row::line).toList();

        assertThat(decided)
                .filteredOn(line -> !line.startsWith("FE"))
                .allMatch(otherwise::contains);
    }

    @Test
    void whatIsMissingIsCounted() {
        assertThat(rows.stream().filter(Row::isMissing).map(Row::line)).hasSize(NOT_YET);
    }
}
