package io.tuli.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuli.Failure;
import io.tuli.TuliException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AmountTest {

    @ParameterizedTest
    @CsvSource({"500ms,500", "5s,5000", "1.5s,1500", "2m,120000", "1h,3600000"})
    void durationHasANumberAndAUnit(String text, long millis) {
        assertThat(Amount.duration(text)).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "s", "-1s", "0s", "5d", "25h", "1e3s", "99999999999s"})
    void whatIsNoDurationIsRefusedWithAnExample(String text) {
        assertThatThrownBy(() -> Amount.duration(text))
                .isInstanceOfSatisfying(
                        TuliException.class,
                        e -> assertThat(e.failure()).isEqualTo(Failure.BAD_REQUEST))
                .hasMessageContaining("try 5s");
    }

    @ParameterizedTest
    @CsvSource({"500ms,500", "30s,30000", "7d,604800000", "36500d,3153600000000"})
    void aLifeIsUpToAHundredYears(String text, long millis) {
        assertThat(Amount.lifetime(text)).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "never", "-1s", "0s", "0.5ms", "36501d", "9999999999d"})
    void whatIsNoLifeIsRefusedWithAnExample(String text) {
        assertThatThrownBy(() -> Amount.lifetime(text))
                .isInstanceOf(TuliException.class)
                .hasMessageContaining("try 30s");
    }

    @ParameterizedTest
    @CsvSource({"0,0s", "59999,59s", "61000,1m1s", "8040000,2h14m", "273600000,3d4h"})
    void upTimeHasTwoUnitsAtMost(long millis, String text) {
        assertThat(Amount.upTime(millis)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"0,0.0", "9.94,9.9", "9.96,10", "412.3,412", "41234,41.2k", "2500000,2.5M"})
    void rateStaysNarrow(double perSecond, String text) {
        assertThat(Amount.rate(perSecond)).isEqualTo(text);
    }

    @Test
    void countHasItsThousandsApart() {
        assertThat(Amount.count(1_204_551)).isEqualTo("1,204,551");
    }

    @Test
    void onlyOneIsSingular() {
        assertThat(Amount.of(1, "member")).isEqualTo("1 member");
        assertThat(Amount.of(0, "member")).isEqualTo("0 members");
    }

    @Test
    void percentOfNothingIsNothing() {
        assertThat(Amount.percent(85, 256)).isEqualTo("33.2 %");
        assertThat(Amount.percent(1, 0)).isEqualTo("0.0 %");
    }
}
