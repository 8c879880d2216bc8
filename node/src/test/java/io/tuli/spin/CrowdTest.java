package io.tuli.spin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CrowdTest {
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private final Crowd crowd = new Crowd();

    @Test
    void thereIsNoneUntilOneIsMet() {
        assertThat(crowd.isThere(Long.MIN_VALUE)).isFalse();
        assertThat(crowd.isThere(0)).isFalse();
    }

    @Test
    void itIsAvoidedForTwentyTimesWhatItCost() {
        crowd.met(0, MILLI);

        assertThat(crowd.isThere(20 * MILLI - 1)).isTrue();
        assertThat(crowd.isThere(20 * MILLI)).isFalse();
    }

    @Test
    void noRestIsLongerThanAQuarterOfASecond() {
        crowd.met(0, 1_000 * MILLI);

        assertThat(crowd.isThere(250 * MILLI)).isFalse();
    }

    @Test
    void itIsForgottenUntilItIsMetAgain() {
        crowd.met(0, MILLI);

        assertThat(crowd.isThere(30 * MILLI)).isFalse();
        assertThat(crowd.isThere(0)).isFalse();

        crowd.met(40 * MILLI, MILLI);
        assertThat(crowd.isThere(41 * MILLI)).isTrue();
    }
}
