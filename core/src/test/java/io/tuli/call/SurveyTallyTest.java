package io.tuli.call;

import static io.tuli.call.SurveyTally.Became.ANSWERED;
import static io.tuli.call.SurveyTally.Became.FAILED;
import static io.tuli.call.SurveyTally.Became.SILENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuli.Failure;
import io.tuli.MemberId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What becomes of those whom a survey asks. */
class SurveyTallyTest {

    private static final MemberId ONE = new MemberId(1, 1);
    private static final MemberId TWO = new MemberId(2, 2);
    private static final MemberId THREE = new MemberId(3, 3);
    private static final List<MemberId> ALL = List.of(ONE, TWO, THREE);

    @Test
    @Tag("PT-20")
    void eachIsInOneOfTheThree() {
        SurveyTally tally = new SurveyTally(ALL, Integer.MAX_VALUE, 100);

        assertThat(tally.answered(TWO, 1)).isTrue();
        assertThat(tally.failed(ONE, Failure.HANDLER_FAILED)).isTrue();
        assertThat(tally.isOver()).isFalse();
        assertThat(tally.failed(THREE, Failure.TIMEOUT)).isTrue();

        assertThat(tally.isOver()).isTrue();
        assertThat(tally.of(ANSWERED)).containsExactly(TWO);
        assertThat(tally.of(FAILED)).containsExactly(ONE);
        assertThat(tally.of(SILENT)).containsExactly(THREE);
    }

    @Test
    @Tag("PT-21")
    void whatIsSaidTwiceOrLateOrUnaskedCountsForNothing() {
        SurveyTally tally = new SurveyTally(ALL, 2, 100);

        assertThat(tally.answered(new MemberId(9, 9), 1)).isFalse();
        assertThat(tally.answered(ONE, 1)).isTrue();
        assertThat(tally.answered(ONE, 1)).isFalse();
        assertThat(tally.failed(ONE, Failure.UNAVAILABLE)).isFalse();
        assertThat(tally.answered(TWO, 1)).isTrue();

        assertThat(tally.isOver()).isTrue();
        assertThat(tally.answered(THREE, 1)).isFalse();
        assertThat(tally.failed(THREE, Failure.CANCELLED)).isFalse();
        assertThat(tally.of(ANSWERED)).containsExactly(ONE, TWO);
        assertThat(tally.of(FAILED)).isEmpty();
        assertThat(tally.of(SILENT)).containsExactly(THREE);
    }

    @Test
    @Tag("PT-22")
    void whoHasNobodyToAskIsThroughAtOnce() {
        assertThat(new SurveyTally(List.of(), 1, 0).isOver()).isTrue();
        assertThatThrownBy(() -> new SurveyTally(ALL, 0, 0))
                .hasMessageContaining("at least one answer");
    }

    @Test
    @Tag("PT-23")
    void whatFindsNoRoomIsAFailureOfThatMember() {
        SurveyTally tally = new SurveyTally(ALL, Integer.MAX_VALUE, 10);

        assertThat(tally.answered(ONE, 8)).isTrue();
        assertThat(tally.answered(TWO, 3)).isFalse();
        assertThat(tally.answered(THREE, 2)).isTrue();

        assertThat(tally.of(ANSWERED)).containsExactly(ONE, THREE);
        assertThat(tally.of(FAILED)).containsExactly(TWO);
    }

    @Test
    @Tag("PT-20")
    void whateverHappensInWhateverOrderTheThreeAreAllThatWereAsked() {
        for (long seed = 0; seed < 1_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            List<MemberId> asked =
                    LongStream.range(0, random.nextInt(40))
                            .mapToObj(each -> new MemberId(each, each))
                            .toList();
            SurveyTally tally = new SurveyTally(asked, 1 + random.nextInt(40), 1_000);
            for (int i = 0; i < 1_000 && !tally.isOver(); i++) {
                MemberId member = new MemberId(random.nextInt(50), random.nextInt(50));
                if (random.nextBoolean()) {
                    tally.answered(member, random.nextInt(100));
                } else {
                    Failure[] all = Failure.values();
                    tally.failed(member, all[random.nextInt(all.length)]);
                }
            }
            if (!tally.isOver()) {
                asked.forEach(each -> tally.failed(each, Failure.TIMEOUT));
            }
            List<MemberId> told = new ArrayList<>(tally.of(ANSWERED));
            told.addAll(tally.of(FAILED));
            told.addAll(tally.of(SILENT));
            Set<MemberId> each = new HashSet<>(told);
            assertThat(each).as("seed %s", seed).hasSize(told.size()).isEqualTo(Set.copyOf(asked));
        }
    }
}
