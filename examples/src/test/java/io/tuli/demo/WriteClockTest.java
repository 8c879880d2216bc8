package io.tuli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WriteClockTest {

    private static final long MILLI = 1_000_000L;

    private final WriteClock clock = new WriteClock(4, 0);

    @Test
    void gapIsBetweenTwoAcknowledgedWrites() {
        clock.acknowledged(0, 0, 500 * MILLI);
        clock.acknowledged(1, 0, 530 * MILLI);
        clock.acknowledged(2, 0, 540 * MILLI);

        assertThat(clock.longestGapMillis()).isEqualTo(30);
    }

    @Test
    void writesArePerSecondSinceTheStart() {
        clock.acknowledged(0, 0, 500 * MILLI);
        clock.acknowledged(1, 0, 1000 * MILLI);

        assertThat(clock.acknowledged()).isEqualTo(2);
        assertThat(clock.perSecond()).isEqualTo(2);
    }

    @Test
    void writeTakesFromWhenItWasDue() {
        for (int i = 0; i < 4; i++) {
            clock.acknowledged(i, i * MILLI, (10 + 2 * i) * MILLI);
        }

        assertThat(clock.percentileMillis(0.5)).isEqualTo(11);
        assertThat(clock.percentileMillis(1)).isEqualTo(13);
    }
}
