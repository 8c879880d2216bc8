package io.tuli.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuli.workload.Fault;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ChaosOptionsTest {

    @Test
    void everythingHasADefault() {
        ChaosOptions options = ChaosOptions.parse();

        assertThat(options.faults()).containsExactly(Fault.KILL);
        assertThat(options.workload()).isEqualTo("set");
        assertThat(options.members()).isEqualTo(5);
        assertThat(options.seconds()).isEqualTo(30);
    }

    @Test
    void valuesComeAfterASpaceOrAnEqualsSign() {
        ChaosOptions options =
                ChaosOptions.parse("--faults", "kill,partition", "--seconds=7", "--seed", "42");

        assertThat(options.faults()).containsExactly(Fault.KILL, Fault.PARTITION);
        assertThat(options.seconds()).isEqualTo(7);
        assertThat(options.seed()).isEqualTo(42);
        assertThat(ChaosOptions.parse("--faults", "none").faults()).isEmpty();
    }

    @Test
    void whatIsMisspeltIsAnsweredWithTheNearestName() {
        assertThatThrownBy(() -> ChaosOptions.parse("--second", "7"))
                .hasMessageContaining("did you mean --seconds?");
        assertThatThrownBy(() -> ChaosOptions.parse("--faults", "kil"))
                .hasMessageContaining("did you mean kill?");
        assertThatThrownBy(() -> ChaosOptions.parse("--workload", "sets"))
                .hasMessageContaining("did you mean set?");
        assertThatThrownBy(() -> ChaosOptions.parse("--members", "1"))
                .hasMessageContaining("--members must be a number in 2..9");
    }

    @Test
    void misspeltCommandsEndWithTwo() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();

        int code =
                Chaos.run(
                        System.out,
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        "--network",
                        "string");

        assertThat(code).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("namespaces or proxies");
    }
}
