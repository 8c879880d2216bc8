package io.tuli.loop;

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
    void itIsAvoidedForTenMilliseconds() {
        crowd.met(0);

        assertThat(crowd.isThere(10 * MILLI - 1)).isTrue();
        assertThat(crowd.isThere(10 * MILLI)).isFalse();
    }

    @Test
    void whoMeetsItAgainSoonRestsTwiceAsLong() {
        crowd.met(0);
        crowd.met(15 * MILLI);

        assertThat(crowd.isThere(35 * MILLI - 1)).isTrue();
        assertThat(crowd.isThere(35 * MILLI)).isFalse();
    }

    @Test
    void noRestIsLongerThanAQuarterOfASecond() {
        for (int i = 0; i < 20; i++) {
            crowd.met(0);
        }

        assertThat(crowd.isThere(250 * MILLI)).isFalse();
    }

    @Test
    void afterAQuietTimeRestsAreShortAgain() {
        crowd.met(0);
        crowd.met(0);
        crowd.met(1_000 * MILLI);

        assertThat(crowd.isThere(1_010 * MILLI)).isFalse();
    }
}
