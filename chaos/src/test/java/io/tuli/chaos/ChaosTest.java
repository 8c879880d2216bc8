package io.tuli.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Two minutes of chaos: real processes, killed, paused, cut off, joined and sent away. Another seed
 * with {@code -Dtuli.seed=42}.
 */
@Tag("slow")
@Timeout(240)
class ChaosTest {

    private final String seed = Long.toString(Long.getLong("tuli.seed", System.nanoTime() % 1000));

    @Test
    void nothingAcknowledgedIsLostWhileMembersAreKilledPausedJoinedAndSentAway() {
        Ran ran = run("set", "kill,pause,join,leave", "17");

        assertThat(ran.code).as(ran.text).isZero();
        assertThat(ran.text)
                .contains("\"lost\":0,\"duplicated\":0,\"violations\":0,\"faults\":{\"kill\":")
                .contains("\"longestUnavailableMs\":");
    }

    @Test
    void bothSidesOfASplitCountAndTheSumIsRight() {
        Ran ran = run("counter", "partition", "12");

        assertThat(ran.code).as(ran.text).isZero();
        assertThat(ran.text).doesNotContain("\"partition\":0");
    }

    @Test
    void noCallFailsWhileMembersJoinAndLeave() {
        Ran ran = run("dedup", "leave,join", "13");

        assertThat(ran.code).as(ran.text).isZero();
        assertThat(ran.text).contains("\"failed\":0,\"unknown\":0,");
    }

    /** With a seed that puts two members on one side and three on the other, for long enough. */
    @Test
    void aSplitIsSeenToBreakLinearizability() {
        Ran ran = run("register", "partition", "14", "--network=proxies", "--seed=16");

        assertThat(ran.code).as(ran.text).isEqualTo(1);
        assertThat(ran.text).doesNotContain("\"violations\":0");
    }

    @Test
    void withoutFaultsRegistersAreLinearizable() {
        Ran ran = run("register", "none", "6");

        assertThat(ran.code).as(ran.text).isZero();
    }

    private record Ran(int code, String text) {}

    private Ran run(String workload, String faults, String seconds, String... others) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
        List<String> args = new ArrayList<>();
        args.addAll(List.of("--workload=" + workload, "--faults=" + faults));
        args.addAll(List.of("--seconds=" + seconds, "--seed=" + seed, "--rate=150", "--json"));
        args.addAll(List.of(others));
        int code = Chaos.run(out, out, args.toArray(String[]::new));
        String text = "-Dtuli.seed=" + seed + "\n" + said.toString(StandardCharsets.UTF_8);
        System.out.println(text.strip());
        return new Ran(code, text);
    }
}
