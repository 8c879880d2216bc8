package io.tuli.check;

import static io.tuli.check.Histories.failed;
import static io.tuli.check.Histories.ok;
import static io.tuli.check.Histories.unknown;
import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.check.CounterCheck.Increment;
import java.util.List;
import org.junit.jupiter.api.Test;

class CounterCheckTest {

    private static final List<Increment> INCREMENTS =
            List.of(
                    new Increment(3, ok(0, 1)),
                    new Increment(2, unknown(0, 1)),
                    new Increment(9, failed(0, 1)));

    @Test
    void theValueLiesBetweenWhatIsSureAndWhatMayBe() {
        assertThat(CounterCheck.check("c", INCREMENTS, 3)).isEqualTo(Verdict.GOOD);
        assertThat(CounterCheck.check("c", INCREMENTS, 5)).isEqualTo(Verdict.GOOD);
    }

    @Test
    void lessThanWasAcknowledgedIsALoss() {
        assertThat(CounterCheck.check("c", INCREMENTS, 2))
                .isEqualTo(
                        new Verdict(
                                1,
                                0,
                                1,
                                List.of(
                                        "lost: c is 2, of which 3 were acknowledged"
                                                + " and 2 are unknown")));
    }

    @Test
    void moreThanMayBeIsADuplicate() {
        assertThat(CounterCheck.check("c", INCREMENTS, 6).duplicated()).isEqualTo(1);
    }
}
