package io.tuli.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What {@code ./tuli sim} says. */
class SimulationTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void theLastLineIsJson() {
        boolean isClean = run(new Simulation.Order(2, 1, "", Always.NOTHING, true, false, false));

        assertThat(isClean).isTrue();
        assertThat(said(out).lines().toList().getLast())
                .matches(
                        "\\{\"seeds\":2,\"failed\":0,\"firstFailingSeed\":null,.*"
                                + "\"virtualSecondsPerSecond\":[0-9.]+}");
    }

    @Test
    void aSeedThatFailsIsNamedWithHowToReplayIt() {
        boolean isClean =
                run(
                        new Simulation.Order(
                                50,
                                1,
                                "retries-with-a-new-id",
                                Always.NOTHING,
                                true,
                                false,
                                false));

        assertThat(isClean).isFalse();
        assertThat(said(out))
                .containsPattern("FAILED seed \\d+ at \\d+ ms: ")
                .containsPattern(
                        "replay: ./tuli sim --seeds 1 --seed \\d+ --bug retries-with-a-new-id -v")
                .containsPattern("\"failed\":[1-9]\\d*,\"firstFailingSeed\":\\d+");
    }

    @Test
    void eachSeedIsToldWhereWanted() {
        run(new Simulation.Order(1, 5, "", Always.NOTHING, false, true, false));

        assertThat(said(out)).containsPattern("seed 5 trace [0-9a-f]{16} \\d+ ms ok=\\d+ ");
    }

    @Test
    void aBugThatIsNotThereIsAnsweredWithTheNearestAndAll() {
        assertThatThrownBy(
                        () ->
                                run(
                                        new Simulation.Order(
                                                1,
                                                1,
                                                "retry-with-new-id",
                                                Always.NOTHING,
                                                false,
                                                false,
                                                false)))
                .hasMessageContaining("there is no bug retry-with-new-id to plant")
                .hasMessageContaining("did you mean retries-with-a-new-id?")
                .hasMessageContaining("There are: acknowledges-before-replication, ");
    }

    @Test
    void everyBugSaysWhatItIs() {
        assertThat(Simulation.bugs())
                .hasSizeGreaterThanOrEqualTo(10)
                .allSatisfy(line -> assertThat(line).matches("[a-z-]+ +[A-Z].*\\."));
    }

    @Test
    void aPersonSeesHowFarItIs() {
        run(new Simulation.Order(40, 1, "", Always.NOTHING, false, false, false));

        assertThat(said(err)).contains("of 40 seeds, 0 failed; ").endsWith("\r\033[K");
    }

    private boolean run(Simulation.Order order) {
        return new Simulation(printer(out), printer(err), true, order).isClean();
    }

    private static PrintStream printer(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private static String said(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
