package io.tuli.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Epoch;
import io.tuli.LogPosition;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineageTest {

    private static final Epoch COMMON = new Epoch(1, 1);
    private static final Epoch HERE = new Epoch(2, 1);
    private static final Epoch THERE = new Epoch(2, 2);

    private final Lineage here = new Lineage();
    private final Lineage there = new Lineage();

    private long fork(long hereEnd, long thereEnd) {
        return here.partsFrom(hereEnd, there.starts(), thereEnd);
    }

    @Test
    void logsPartWhereTheShorterRunOfTheLastCommonEpochEnds() {
        here.appended(COMMON, 0);
        here.appended(HERE, 10);
        there.appended(COMMON, 0);
        there.appended(THERE, 8);

        assertThat(fork(20, 20)).isEqualTo(8);
        assertThat(there.partsFrom(20, here.starts(), 20)).isEqualTo(8);
    }

    @Test
    void aLogThatIsAPrefixHasNotParted() {
        here.appended(COMMON, 0);
        there.appended(COMMON, 0);
        there.appended(THERE, 8);

        assertThat(fork(8, 20)).isEqualTo(8);
    }

    @Test
    void logsWithoutACommonEpochPartAtTheBeginning() {
        here.appended(HERE, 0);
        there.appended(THERE, 0);

        assertThat(fork(5, 5)).isZero();
    }

    @Test
    void anEpochIsListedOnce() {
        here.appended(COMMON, 0);
        here.appended(COMMON, 1);
        here.appended(HERE, 2);

        assertThat(here.starts())
                .isEqualTo(List.of(new LogPosition(COMMON, 0), new LogPosition(HERE, 2)));
    }

    @Test
    void onlyTheNewestEpochsAreKept() {
        for (int epoch = 1; epoch <= 2_000; epoch++) {
            here.appended(new Epoch(epoch, 1), epoch);
        }

        assertThat(here.starts()).hasSize(512);
        assertThat(here.starts().get(511).epoch().number()).isEqualTo(2_000);
    }

    @Test
    void aPlaceFurtherOnInTheNewestEpochOrALaterOneMayBeReached() {
        here.appended(COMMON, 0);
        here.appended(HERE, 10);

        assertThat(here.mayReach(new LogPosition(HERE, 21), 20)).isTrue();
        assertThat(here.mayReach(new LogPosition(THERE, 21), 20)).isTrue();
        assertThat(here.mayReach(new LogPosition(new Epoch(9, 1), 21), 20)).isTrue();
        assertThat(new Lineage().mayReach(new LogPosition(HERE, 1), 0)).isTrue();
    }

    @Test
    void aPlaceOfAnEpochPassedOverOrBeforeWhatIsCommittedIsNeverReached() {
        here.appended(COMMON, 0);
        here.appended(THERE, 10);

        assertThat(here.mayReach(new LogPosition(HERE, 21), 20)).isFalse();
        assertThat(here.mayReach(new LogPosition(COMMON, 21), 20)).isFalse();
        assertThat(here.mayReach(new LogPosition(new Epoch(9, 1), 20), 20)).isFalse();
    }

    @Test
    void whatIsNotCommittedMayGiveWayToMoreOfTheEpochBefore() {
        here.appended(COMMON, 0);
        here.appended(HERE, 10);

        assertThat(here.mayReach(new LogPosition(COMMON, 12), 8)).isTrue();
    }
}
