package io.tuli.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What {@code ./tuli sim} says, and with which exit code. */
class SimCommandTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void theLastLineIsJson() {
        int code = run("--seeds", "2", "--json");

        assertThat(code).isZero();
        assertThat(said(out).lines().toList().getLast())
                .matches(
                        "\\{\"seeds\":2,\"failed\":0,\"firstFailingSeed\":null,.*"
                                + "\"virtualSecondsPerSecond\":[0-9.]+}");
    }

    @Test
    void aSeedThatFailsIsNamedWithHowToReplayIt() {
        int code = run("--seeds", "50", "--bug", "retries-with-a-new-id", "--json");

        assertThat(code).isEqualTo(1);
        assertThat(said(out))
                .containsPattern("FAILED seed \\d+ at \\d+ ms: ")
                .containsPattern(
                        "replay: ./tuli sim --seeds 1 --seed \\d+ --bug retries-with-a-new-id -v")
                .containsPattern("\"failed\":[1-9]\\d*,\"firstFailingSeed\":\\d+");
    }

    @Test
    void eachSeedIsToldWhereWanted() {
        int code = run("--seeds", "1", "--seed", "5", "-v");

        assertThat(code).isZero();
        assertThat(said(out)).containsPattern("seed 5 trace [0-9a-f]{16} \\d+ ms ok=\\d+ ");
    }

    @Test
    void whatIsWrongIsExplained() {
        assertThat(run("--sedes", "1")).isEqualTo(2);
        assertThat(run("--seeds", "none")).isEqualTo(2);
        assertThat(run("--seeds")).isEqualTo(2);
        assertThat(run("--bug", "retries-with-new-id")).isEqualTo(2);

        assertThat(said(err))
                .contains("no such option: --sedes")
                .contains("--seeds needs a number: none")
                .contains("--seeds needs a value")
                .contains("retries-with-a-new-id");
    }

    @Test
    void helpNamesEveryBug() {
        assertThat(run("--help")).isZero();
        assertThat(said(out)).contains("--seeds <n>").contains("retries-with-a-new-id");
    }

    private int run(String... args) {
        return SimCommand.run(printer(out), printer(err), args);
    }

    private static PrintStream printer(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private static String said(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
