package io.tuli.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The simulation from a terminal, and its exit codes. */
class SimCommandTest {

    @Test
    void seedsThatFailNotAreZero() {
        Ran ran = Ran.of("sim", "--seeds", "1", "--seed", "5", "--json");

        assertThat(ran.out()).startsWith("{\"seeds\":1,\"failed\":0,\"firstFailingSeed\":null,");
        assertThat(ran.err()).isEmpty();
        assertThat(ran.code()).isZero();
    }

    @Test
    void aSeedThatFailsIsOne() {
        Ran ran = Ran.of("sim", "--seeds", "50", "--bug", "retries-with-a-new-id");

        assertThat(ran.out()).contains("replay: ./tuli sim --seeds 1 --seed ");
        assertThat(ran.code()).isEqualTo(1);
    }

    @Test
    void whatIsWrongIsExplained() {
        assertThat(Ran.of("sim", "--sedes", "1").err()).contains("did you mean --seed");
        assertThat(Ran.of("sim", "--seeds", "none").err())
                .contains("--seeds is a whole number: none");
        assertThat(Ran.of("sim", "--seeds", "0").code()).isEqualTo(2);
        assertThat(Ran.of("sim", "--bug", "retries-with-new-id").err())
                .contains("did you mean retries-with-a-new-id?")
                .contains("There are: ");
    }

    @Test
    void bugsAreListed() {
        Ran ran = Ran.of("sim", "--bugs");

        assertThat(ran.out()).contains("resumes-one-off");
        assertThat(ran.code()).isZero();
    }
}
