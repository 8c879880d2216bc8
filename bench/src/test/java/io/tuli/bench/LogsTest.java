package io.tuli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.run.BenchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogsTest {

    @TempDir private Path parent;

    private List<Path> left() throws IOException {
        try (Stream<Path> each = Files.list(parent)) {
            return each.toList();
        }
    }

    @Test
    void whatWasWrittenIsDeletedWithTheRun() throws IOException {
        try (Logs logs = Logs.open(parent, false)) {
            Path deep = Files.createDirectories(logs.directory().resolve("broker/partition"));
            Files.writeString(deep.resolve("segment"), "bytes");
        }

        assertThat(left()).isEmpty();
    }

    @Test
    void whatIsToBeKeptIsKept() throws IOException {
        Path directory;
        try (Logs logs = Logs.open(parent, true)) {
            directory = logs.directory();
            Files.writeString(directory.resolve("server.log"), "a line");

            assertThat(logs.whereabouts()).contains(directory.toString());
        }

        assertThat(directory.resolve("server.log")).exists();
    }

    @Test
    @Tag("slow")
    void aRunThatFailsLeavesNothingBehind() throws IOException {
        List<String> impossible =
                List.of("raw", "--flags", "-XX:+NoSuchFlag", "--warmup", "0", "--count", "1");

        assertThat(Bench.run(impossible, parent)).isEqualTo(BenchException.FAILED);
        assertThat(left()).isEmpty();
    }
}
