package io.tuli.examples;

import java.util.ArrayList;
import java.util.List;

/**
 * The shape of CHANGELOG.md: a title, {@code ## [Unreleased]}, then one section a release with its
 * date; in each, the groups Breaking, Added and Fixed, in this order, none empty, of bullets.
 */
final class ChangelogRules {
    private static final List<String> GROUPS = List.of("Breaking", "Added", "Fixed");

    private final TextFile file;
    private final List<Finding> findings = new ArrayList<>();
    private int releases;
    private int group = -1;
    private boolean groupIsEmpty;
    private int groupLine;

    private ChangelogRules(TextFile file) {
        this.file = file;
    }

    static List<Finding> check(TextFile changelog) {
        ChangelogRules rules = new ChangelogRules(changelog);
        rules.checkAll();
        return rules.findings;
    }

    private void checkAll() {
        List<String> lines = file.lines();
        if (lines.isEmpty() || !lines.getFirst().equals("# Changelog")) {
            report(1, "the first line must be `# Changelog`");
        }
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.startsWith("## ")) {
                startRelease(i + 1, line);
            } else if (line.startsWith("### ")) {
                startGroup(i + 1, line.substring("### ".length()));
            } else if (line.startsWith("- ")) {
                addChange(i + 1);
            }
        }
        endGroup();
        if (releases == 0) {
            report(1, "`## [Unreleased]` is missing");
        }
    }

    private void startRelease(int number, String line) {
        endGroup();
        releases++;
        group = -1;
        boolean first = releases == 1;
        String shape =
                first ? "## \\[Unreleased]" : "## \\[\\d+\\.\\d+\\.\\d+] - \\d{4}-\\d\\d-\\d\\d";
        if (!line.matches(shape)) {
            report(
                    number,
                    "must be `" + (first ? "## [Unreleased]" : "## [1.2.3] - 2027-01-31") + "`");
        }
    }

    private void startGroup(int number, String name) {
        endGroup();
        int next = GROUPS.indexOf(name);
        if (next <= group) {
            report(number, "groups are " + String.join(", ", GROUPS) + ", in this order");
        }
        group = Math.max(group, next);
        groupIsEmpty = true;
        groupLine = number;
    }

    private void addChange(int number) {
        if (group < 0) {
            report(number, "a change belongs to a group: " + String.join(", ", GROUPS));
        }
        groupIsEmpty = false;
    }

    private void endGroup() {
        if (groupIsEmpty) {
            report(groupLine, "an empty group says nothing: delete it");
        }
        groupIsEmpty = false;
    }

    private void report(int line, String message) {
        findings.add(new Finding(file.name(), line, message));
    }
}
