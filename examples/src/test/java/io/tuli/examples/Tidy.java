package io.tuli.examples;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Checks files against the rules of STYLE.md that a machine can read. There are no exemptions. */
final class Tidy {
    private Tidy() {}

    static List<Finding> check(List<TextFile> files) throws IOException {
        List<TextFile> javaFiles = files.stream().filter(TextFile::isJava).toList();
        List<Finding> findings = new ArrayList<>();
        files.forEach(file -> findings.addAll(TextRules.check(file)));
        findings.addAll(SyntaxRules.check(javaFiles));
        findings.addAll(PackageRules.check(javaFiles));
        files.stream()
                .filter(file -> file.name().equals("CHANGELOG.md"))
                .forEach(file -> findings.addAll(ChangelogRules.check(file)));
        return findings;
    }
}
