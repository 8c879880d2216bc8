package io.tuli.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

    @Test
    void anUsualDurationIsWhatItIs() {
        assertThat(Durations.nanos(Duration.ofSeconds(20))).isEqualTo(20_000_000_000L);
        assertThat(Durations.millis(Duration.ofSeconds(20))).isEqualTo(20_000);
        assertThat(Durations.intMillis(Duration.ofSeconds(20))).isEqualTo(20_000);
        assertThat(Durations.nanos(Duration.ZERO)).isZero();
        assertThat(Durations.nanos(Duration.ofNanos(-7))).isEqualTo(-7);
        assertThat(Durations.millis(Duration.ofNanos(999_999))).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {365 * 37, 365 * 300, 365 * 300_000, 106_751_991_167_300L})
    void whatIsLongerThan36YearsIsForEver(long days) {
        Duration endless = Duration.ofDays(days);

        assertThat(Durations.nanos(endless)).isEqualTo(Durations.NANOS_MOST);
        assertThat(Durations.nanos(endless.negated())).isEqualTo(-Durations.NANOS_MOST);
        assertThat(Durations.millis(endless)).isEqualTo(Durations.NANOS_MOST / 1_000_000);
        assertThat(Durations.intMillis(endless)).isEqualTo(Integer.MAX_VALUE);
        assertThat(System.nanoTime() + 4 * Durations.nanos(endless)).isPositive();
    }

    /** Each call asks for its deadline. */
    @Test
    void nothingIsMadeToReadOne() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Duration usual = Duration.ofSeconds(20);
        int calls = 1_000;
        long sum = Durations.nanos(usual);
        long before = threads.getCurrentThreadAllocatedBytes();

        for (int i = 0; i < calls; i++) {
            sum += Durations.nanos(usual);
        }

        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(calls);
        assertThat(sum).isPositive();
    }
}
