package io.tuli.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("FE-19")
class BackoffTest {
    private final SplittableRandom random = new SplittableRandom(1);

    @Test
    void waitsTwiceAsLongEachTimeUpToTheCap() {
        Backoff exact = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(60), 0);

        assertThat(exact.delayNanos(0, random)).isEqualTo(Duration.ofMillis(100).toNanos());
        assertThat(exact.delayNanos(3, random)).isEqualTo(Duration.ofMillis(800).toNanos());
        assertThat(exact.delayNanos(10, random)).isEqualTo(Duration.ofSeconds(60).toNanos());
        assertThat(exact.delayNanos(Integer.MAX_VALUE, random))
                .isEqualTo(Duration.ofSeconds(60).toNanos());
    }

    @Test
    void halfOfTheWaitIsRandom() {
        Backoff backoff = Backoff.defaults();

        for (int i = 0; i < 1_000; i++) {
            assertThat(Duration.ofNanos(backoff.delayNanos(1, random)))
                    .isBetween(Duration.ofMillis(100), Duration.ofMillis(200));
        }
    }
}
