package io.tuli.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the documents call their proof is there: each test they name, and each of its facts. */
class DocsTest {

    private static final Pattern NAMED =
            Pattern.compile("`([A-Z][A-Za-z]*Test)(?:\\.([a-z][A-Za-z0-9]*))?`");
    private static final int NAMED_MIN = 30;

    @Test
    void everyTestThatADocumentNamesExists() throws IOException {
        List<TextFile> files = Repository.textFiles();
        Map<String, String> tests = new HashMap<>();
        for (TextFile file : files) {
            if (file.name().endsWith("Test.java")) {
                String name = file.name().substring(file.name().lastIndexOf('/') + 1);
                tests.merge(name.replace(".java", ""), file.text(), String::concat);
            }
        }
        List<String> missing = new ArrayList<>();
        int named = 0;
        for (TextFile file : files) {
            Matcher matcher = NAMED.matcher(isDocument(file) ? file.text() : "");
            while (matcher.find()) {
                named++;
                String text = tests.get(matcher.group(1));
                String fact = matcher.group(2);
                if (text == null || (fact != null && !text.contains("void " + fact + "("))) {
                    missing.add(file.name() + ": " + matcher.group());
                }
            }
        }

        assertThat(missing).isEmpty();
        assertThat(named).isGreaterThan(NAMED_MIN);
    }

    private static boolean isDocument(TextFile file) {
        return file.name().endsWith(".md") && !file.name().contains("docs/adr/");
    }
}
