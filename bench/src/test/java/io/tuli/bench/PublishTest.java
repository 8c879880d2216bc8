package io.tuli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.run.Options;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublishTest {

    @TempDir private Path directory;

    private final ByteArrayOutputStream terminal = new ByteArrayOutputStream();
    private Path page;

    @BeforeEach
    void copyThePage() throws IOException {
        page = Files.copy(Path.of("../docs/performance.md"), directory.resolve("page.md"));
    }

    private boolean published(String... words) throws IOException {
        PrintStream out = new PrintStream(terminal, true, StandardCharsets.UTF_8);
        return new Publish(Options.parse(List.of(words)), out, directory, page).run();
    }

    /** The page but for one table. */
    private static String around(String text, String name) {
        int from = text.indexOf("<!-- " + name + " -->");
        return text.substring(0, from) + text.substring(text.indexOf("<!-- end of " + name));
    }

    @Test
    @Tag("slow")
    void oneTableIsWrittenAndNoOther() throws IOException {
        String before = Files.readString(page);

        boolean isWritten = published("publish", "memory", "--count", "777", "--heap", "128m");

        String after = Files.readString(page);
        assertThat(isWritten).isTrue();
        assertThat(after).contains("| 777 |");
        assertThat(around(after, "memory")).isEqualTo(around(before, "memory"));
    }

    @Test
    @Tag("slow")
    void aTableThatFailsLeavesTheOldOne() throws IOException {
        String before = Files.readString(page);

        boolean isWritten = published("publish", "memory", "--flags", "-XX:+NoSuchFlag");

        assertThat(isWritten).isFalse();
        assertThat(Files.readString(page)).isEqualTo(before);
        assertThat(terminal.toString(StandardCharsets.UTF_8))
                .contains("memory is not published: ", "NoSuchFlag");
    }
}
