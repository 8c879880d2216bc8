package io.tuli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class DemoOptionsTest {

    @Test
    void nothingSaidMeansThreeMembersWhoLeaveKindly() {
        assertThat(DemoOptions.parse())
                .isEqualTo(new DemoOptions(false, false, false, false, 3, 1600));
    }

    @Test
    void valuesComeAfterSpaceOrEquals() {
        assertThat(DemoOptions.parse("--kill", "--json", "--members", "5", "--rate=300"))
                .isEqualTo(new DemoOptions(true, false, true, false, 5, 300));
    }

    @Test
    void secondsAreAnotherWayToSayTheRate() {
        assertThat(DemoOptions.parse("--seconds", "10").rate()).isEqualTo(2000);
    }

    @Test
    void unknownOptionNamesTheNearest() {
        assertThatThrownBy(() -> DemoOptions.parse("--memebers=3"))
                .hasMessageContaining("there is no option --memebers; did you mean --members?");
    }

    @Test
    void numberOutOfBoundsNamesTheBounds() {
        assertThatThrownBy(() -> DemoOptions.parse("--members", "1"))
                .hasMessage("--members must be a number in 2..8: it is \"1\"");
        assertThatThrownBy(() -> DemoOptions.parse("--rate"))
                .hasMessage("--rate must be a number in 100..100000: it is \"\"");
    }
}
