package io.tuli.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompletionScriptTest {

    @TempDir private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh", "fish"})
    void scriptKnowsAllCommandsAndOptions(String shell) {
        Ran ran = Ran.of("completion", shell);

        assertThat(ran.out()).contains(Commands.WORDS).contains("mesh", "where", "drain-timeout");
        assertThat(ran.code()).isZero();
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "there is no bash")
    void bashCompletesCommandsAndTheirOptions() throws IOException, InterruptedException {
        assertThat(complete("wa")).containsExactly("watch");
        assertThat(complete("get", "--wh")).containsExactly("--where");
        assertThat(complete("--mesh", "x", "serve", "--ins")).containsExactly("--insecure");
    }

    private List<String> complete(String... words) throws IOException, InterruptedException {
        Path script = directory.resolve("completion.bash");
        Files.writeString(
                script,
                Ran.of("completion", "bash").out()
                        + "COMP_WORDS=(tuli "
                        + String.join(" ", words)
                        + ")\nCOMP_CWORD="
                        + words.length
                        + "\n_tuli\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n");
        Process bash =
                new ProcessBuilder("bash", script.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        String answer = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor(10, TimeUnit.SECONDS)).isTrue();
        return answer.lines().toList();
    }
}
