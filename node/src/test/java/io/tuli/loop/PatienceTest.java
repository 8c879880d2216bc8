package io.tuli.loop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PatienceTest {
    private static final long MOST = 80;
    private static final long SOON = 50;
    private static final long LATE = 5_000;

    private final Patience patience = new Patience(MOST);

    @Test
    void thereIsNoneBeforeAnythingWasLearnt() {
        assertThat(patience.nanos()).isZero();
    }

    @Test
    void workThatComesSoonMakesItGrowToTheMost() {
        patience.waited(SOON);
        assertThat(patience.nanos()).isEqualTo(MOST / 8);

        for (int i = 0; i < 10; i++) {
            patience.waited(SOON);
        }
        assertThat(patience.nanos()).isEqualTo(MOST);
    }

    @Test
    void fourWaitsInVainEndIt() {
        for (int i = 0; i < 10; i++) {
            patience.waited(SOON);
        }

        for (int i = 0; i < 4; i++) {
            assertThat(patience.nanos()).isPositive();
            patience.waited(LATE);
        }

        assertThat(patience.nanos()).isZero();
    }

    @Test
    void oneTickBetweenManyMessagesDoesNotEndIt() {
        for (int i = 0; i < 10; i++) {
            patience.waited(SOON);
        }

        patience.waited(LATE);

        assertThat(patience.nanos()).isEqualTo(MOST / 2);
    }

    @Test
    void whoMayNotLookOutNeverLearnsTo() {
        Patience none = new Patience(0);

        none.waited(0);
        none.waited(SOON);

        assertThat(none.nanos()).isZero();
    }
}
