package io.tuli.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The protocol's examples. A file is a transcript: {@code >} begins a command, the lines below it
 * are all the core did. {@code -Dtuli.rewrite=true} writes the effects as they are now; the diff
 * shows what has changed.
 */
class ScenarioTest {

    private static final Path SCENARIOS = Path.of("src/test/resources/scenarios");

    static Stream<String> files() throws IOException {
        try (Stream<Path> files = Files.list(SCENARIOS)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void doesWhatTheTranscriptSays(String name) throws IOException {
        Path file = SCENARIOS.resolve(name);
        List<String> expected = Files.readAllLines(file);
        List<String> actual = replay(expected);
        if (Boolean.getBoolean("tuli.rewrite")) {
            Files.write(file, actual);
        }
        assertThat(actual).isEqualTo(expected);
    }

    private static List<String> replay(List<String> transcript) {
        Scenario scenario = new Scenario(transcript);
        List<String> replayed = new ArrayList<>();
        for (String line : transcript) {
            if (line.startsWith(">")) {
                replayed.add(line);
                scenario.command(line.substring(1)).forEach(effect -> replayed.add("  " + effect));
            } else if (line.isBlank() || line.startsWith("#")) {
                replayed.add(line);
            }
        }
        return replayed;
    }
}
