package io.tuli.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Outcome;
import io.tuli.check.Span;
import io.tuli.workload.Answer;
import io.tuli.workload.ChaosRequest;
import io.tuli.workload.Fault;
import io.tuli.workload.Operation;
import java.util.List;
import org.junit.jupiter.api.Test;

class AvailabilityTest {

    private static final long MILLI = 1_000_000;

    @Test
    void aGapIsTheTimeBetweenAcknowledgementsThatSomebodyWaitedFor() {
        Availability availability =
                new Availability(
                        List.of(write("a", 0, 10), write("a", 5, 500), write("a", 600, 620)));

        assertThat(availability.longestMillis()).isEqualTo(490);
    }

    @Test
    void timeInWhichNobodyAskedDoesNotCount() {
        Availability availability =
                new Availability(List.of(write("a", 0, 10), write("a", 900, 920)));

        assertThat(availability.longestMillis()).isEqualTo(20);
    }

    @Test
    void lanesAreMeasuredEachByItself() {
        Availability availability =
                new Availability(
                        List.of(write("a", 0, 10), write("a", 11, 300), write("b", 100, 110)));

        assertThat(availability.longestMillis()).isEqualTo(289);
    }

    @Test
    void onlyGapsThatOverlapAFaultHaveToDoWithIt() {
        Availability availability =
                new Availability(List.of(write("a", 0, 100), write("a", 150, 160)));

        assertThat(
                        availability.longestMillis(
                                List.of(new Injected(Fault.KILL, 155 * MILLI, 400 * MILLI))))
                .isEqualTo(10);
    }

    @Test
    void ofAGapOnlyWhatLiesInATimeCounts() {
        Availability availability =
                new Availability(
                        List.of(write("a", 0, 100), write("a", 110, 900), write("a", 910, 980)));

        assertThat(availability.longestMillisIn(700 * MILLI, Long.MAX_VALUE)).isEqualTo(200);
        assertThat(availability.longestMillisIn(700 * MILLI, 750 * MILLI)).isEqualTo(50);
        assertThat(availability.longestMillisIn(950 * MILLI, Long.MAX_VALUE)).isEqualTo(30);
        assertThat(availability.longestMillisIn(2_000 * MILLI, Long.MAX_VALUE)).isZero();
    }

    @Test
    void aGapThatNeverEndsIsOne() {
        Availability availability =
                new Availability(List.of(write("a", 0, 10), write("a", 20, 800, Outcome.UNKNOWN)));

        assertThat(availability.longestMillis()).isEqualTo(780);
    }

    @Test
    void nobodyWaitsBetweenARequestThatFailedAndOneMuchLater() {
        Availability availability =
                new Availability(
                        List.of(
                                write("a", 0, 10),
                                write("a", 20, 800, Outcome.UNKNOWN),
                                write("a", 900, 950, Outcome.UNKNOWN),
                                write("a", 9_000, 9_010)));

        assertThat(availability.longestMillis()).isEqualTo(930);
    }

    private static Operation write(String lane, long begunMillis, long endedMillis) {
        return write(lane, begunMillis, endedMillis, Outcome.OK);
    }

    private static Operation write(
            String lane, long begunMillis, long endedMillis, Outcome outcome) {
        return new Operation(
                1,
                "w",
                ChaosRequest.of("update", lane + "-1.x", 1),
                new Answer(outcome, "", endedMillis - begunMillis),
                new Span(begunMillis * MILLI, endedMillis * MILLI, outcome));
    }
}
