package io.tuli.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RatioTest {

    @Test
    void ratiosAreTakenInsideEachRound() {
        Ratio ratio = Ratio.of(List.of(10.0, 20.0, 30.0), List.of(5.0, 5.0, 60.0));

        assertThat(ratio.median()).isEqualTo(2.0);
        assertThat(ratio.ahead()).isEqualTo(2);
        assertThat(ratio.rounds()).isEqualTo(3);
        assertThat(ratio.low()).isEqualTo(0.5);
        assertThat(ratio.high()).isEqualTo(4.0);
    }
}
