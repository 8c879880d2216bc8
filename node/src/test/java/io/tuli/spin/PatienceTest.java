package io.tuli.spin;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PatienceTest {
    private static final long MOST = 80;
    private static final long SOON = 50;
    private static final long NEAR = 300;
    private static final long LATE = 5_000;
    private static final long REST = 10_000_000;

    private final Patience patience = new Patience(MOST);
    private long now;

    @Test
    void thereIsNoneBeforeAnythingWasLearnt() {
        assertThat(patience.nanos()).isZero();
    }

    @Test
    void whatASleeperWaitedForNotMuchTooLongIsWorthATrial() {
        waited(NEAR);

        assertThat(patience.nanos()).isEqualTo(MOST);
    }

    @Test
    void whereWorkIsSeldomNobodyLooksOut() {
        for (int i = 0; i < 10; i++) {
            waited(LATE);
            assertThat(patience.nanos()).isZero();
        }
    }

    @Test
    void aTrialInVainIsFollowedByRest() {
        waited(NEAR);
        for (int i = 0; i < 8; i++) {
            assertThat(patience.nanos()).isPositive();
            waited(NEAR);
        }
        assertThat(patience.nanos()).isZero();

        now += REST - 1;
        waited(SOON);
        assertThat(patience.nanos()).isZero();

        now += 1;
        waited(SOON);
        assertThat(patience.nanos()).isPositive();
    }

    @Test
    void eachTrialInVainMakesTheRestTwiceAsLong() {
        tryInVain();
        now += REST;
        tryInVain();

        now += REST;
        waited(NEAR);
        assertThat(patience.nanos()).isZero();

        now += REST;
        waited(NEAR);
        assertThat(patience.nanos()).isPositive();
    }

    @Test
    void oneTickBetweenManyMessagesDoesNotEndIt() {
        waited(SOON);
        for (int i = 0; i < 100; i++) {
            waited(i % 2 == 0 ? LATE : SOON);
        }

        assertThat(patience.nanos()).isPositive();
    }

    @Test
    void whoMayNotLookOutNeverLearnsTo() {
        Patience none = new Patience(0);

        none.waited(0, 0);
        none.waited(SOON, SOON);

        assertThat(none.nanos()).isZero();
    }

    private void tryInVain() {
        waited(NEAR);
        for (int i = 0; i < 8; i++) {
            waited(NEAR);
        }
    }

    private void waited(long nanos) {
        patience.waited(nanos, now);
    }
}
