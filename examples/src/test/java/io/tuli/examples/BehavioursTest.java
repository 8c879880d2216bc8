package io.tuli.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/behaviours.md} names a test for each behaviour, and only tests that exist. */
class BehavioursTest {

    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Pattern ROW = Pattern.compile("\\| (FE-\\d\\d) \\| (.*) \\| (.*) \\|");
    private static final Pattern TEST = Pattern.compile("[A-Z][A-Za-z]*Test");
    private static final int BEHAVIOURS = 30;

    @Test
    void everyBehaviourNamesTestsThatExist() throws IOException {
        Set<String> tests = testClasses();
        List<String> missing = new ArrayList<>();
        int rows = 0;
        for (String line : Files.readAllLines(ROOT.resolve("docs/behaviours.md"))) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                rows++;
                Matcher named = TEST.matcher(row.group(3));
                boolean isNamed = false;
                while (named.find()) {
                    isNamed = true;
                    if (!tests.contains(named.group())) {
                        missing.add(row.group(1) + ": " + named.group());
                    }
                }
                if (!isNamed && !row.group(3).contains("not built yet")) {
                    missing.add(row.group(1) + ": no test");
                }
            }
        }
        assertThat(missing).isEmpty();
        assertThat(rows).isEqualTo(BEHAVIOURS);
    }

    private static Set<String> testClasses() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(file -> file.toString().contains("src/test/java"))
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith("Test.java"))
                    .map(name -> name.substring(0, name.length() - ".java".length()))
                    .collect(Collectors.toSet());
        }
    }
}
