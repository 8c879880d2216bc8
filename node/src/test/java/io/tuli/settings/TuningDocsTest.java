package io.tuli.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The table in docs/tuning.md is the table in the code. */
class TuningDocsTest {
    private static final String BEGIN = "<!-- settings: written by TuningDocsTest -->\n";
    private static final String END = "<!-- end of settings -->";

    @Test
    void tuningDocsAreCurrent() throws IOException {
        Path docs = root().resolve("docs/tuning.md");
        String text = Files.readString(docs);
        String current = withTable(text, SettingsTable.markdown());
        Path proposal = Path.of("target", "tuning.md");
        Files.createDirectories(proposal.toAbsolutePath().getParent());
        Files.writeString(proposal, current);

        assertThat(text)
                .as("docs/tuning.md is out of date: copy node/target/tuning.md over it")
                .isEqualTo(current);
    }

    private static String withTable(String text, String table) {
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END);
        assertThat(begin).as("docs/tuning.md keeps its marks").isNotNegative();
        assertThat(end).as("docs/tuning.md keeps its marks").isGreaterThan(begin);
        return text.substring(0, begin + BEGIN.length()) + table + text.substring(end);
    }

    private static Path root() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.exists(directory.resolve("docs/tuning.md"))) {
            directory = directory.getParent();
            assertThat(directory).as("tests run inside the repository").isNotNull();
        }
        return directory;
    }
}
