package io.tuli.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Seeds that failed once, each for a reason of its own, which is mended. */
class SeedsTest {

    /**
     * Both sides of a split folded one request; the side that stayed had more to remember than it
     * may, and did not say that the other's may count twice.
     */
    private static final long FOLDS_FORGOTTEN = 947_358;

    /** The source executed a request twice, its caller being forgotten: those are two changes. */
    private static final long EXECUTED_ANEW = 31_010_521;

    /** A request was executed anew in a later epoch, its caller being forgotten. */
    private static final long ANEW_IN_ANOTHER_EPOCH = 77_000_021;

    /** A write was made when all had ended, by somebody who repeated one of a dead caller. */
    private static final long WRITTEN_LATE = 31_015_577;

    /** A tunnel was begun whose opener had gone while it waited for its turn; nobody ended it. */
    private static final long BEGUN_FOR_NOBODY = 575;

    /**
     * A change was rejected on the side that lost a split; the owner that merged it gave the
     * partition away before it had written so, and nobody listed it.
     */
    private static final long REJECTED_BEYOND_A_SPLIT = 133;

    @ParameterizedTest
    @ValueSource(
            longs = {
                FOLDS_FORGOTTEN,
                EXECUTED_ANEW,
                WRITTEN_LATE,
                BEGUN_FOR_NOBODY,
                REJECTED_BEYOND_A_SPLIT
            })
    void whatFailedOnceKeepsEveryPromise(long seed) {
        assertThat(SwarmRun.of(seed).failure()).isNull();
    }

    /** A client that had been paused heard of a second fold before it heard of its source. */
    @Test
    void aFoldIsJudgedByWhoHasItsSource() {
        Always splits = new Always(true, true, false);

        assertThat(SwarmRun.of(8_201_275, null, splits, cluster -> {}).failure()).isNull();
    }

    /** The last call of a bystander was refused for want of room, and nobody asked again. */
    @Test
    void aBystanderThatWasRefusedAsksAgain() {
        Always hostile = new Always(true, false, true);

        assertThat(SwarmRun.of(8_300_280, null, hostile, cluster -> {}).failure()).isNull();
    }

    /**
     * Without a split a request was executed anew: a slow link held a call up for longer than the
     * dedup window while another member's call of the same id was executed, and forgotten.
     */
    private static final long HELD_UP = 77_014_603;

    @ParameterizedTest
    @ValueSource(longs = {ANEW_IN_ANOTHER_EPOCH, HELD_UP})
    void whatFailedOnceWithFoldsInAllKeepsEveryPromise(long seed) {
        Always folds = new Always(true, false, false);

        assertThat(SwarmRun.of(seed, null, folds, cluster -> {}).failure()).isNull();
    }

    /** Views parted for a network that had been healed before anybody was missed. */
    private static final long PARTED_AFTER_HEALING = 34_000_008;

    /** A call waited for longer than the dedup window before it was sent. */
    private static final long SENT_LATE = 34_000_416;

    /** A copy that counted had been given up, and merged, where another side's owner was. */
    private static final long COUNTED_WHERE_MERGED = 34_000_953;

    /** The source executed a request twice, where whoever judged its folds lagged. */
    private static final long JUDGED_BY_WHO_LAGS = 35_000_994;

    @ParameterizedTest
    @ValueSource(
            longs = {PARTED_AFTER_HEALING, SENT_LATE, COUNTED_WHERE_MERGED, JUDGED_BY_WHO_LAGS})
    void whatFailedOnceWithFoldsAndSplitsInAllKeepsEveryPromise(long seed) {
        Always both = new Always(true, true, false);

        assertThat(SwarmRun.of(seed, null, both, cluster -> {}).failure()).isNull();
    }

    /** A small request was refused beside one that was larger than the changelog may be. */
    private static final long REFUSED_BESIDE_A_LARGE_ONE = 705_622;

    private static final long REFUSED_AS_THE_LAST = 21_001_854;

    /** A paused client's request went three times on one wire: it had been told of none of them. */
    private static final long SENT_ON_A_WIRE_UNTOLD = 51_009_787;

    /** The answer to what was asked on a link that is lost came on the next. */
    private static final long TOLD_ON_ANOTHER_LINK = 100_005_881;

    /**
     * What only its owner had was told OK, and lost with it, before the caller's replica had it.
     */
    private static final long LOST_WITH_ITS_OWNER = 110_000_717;

    /** What a link had brought to a paused member was read after the end of that link. */
    private static final long READ_AFTER_ITS_LINK = 400_019_413;

    /** A feed that went on elsewhere did not know what both sides of a split had executed. */
    private static final long TOLD_AGAIN_ELSEWHERE = 400_027_967;

    @ParameterizedTest
    @ValueSource(
            longs = {
                REFUSED_BESIDE_A_LARGE_ONE,
                REFUSED_AS_THE_LAST,
                SENT_ON_A_WIRE_UNTOLD,
                TOLD_ON_ANOTHER_LINK,
                LOST_WITH_ITS_OWNER,
                READ_AFTER_ITS_LINK,
                TOLD_AGAIN_ELSEWHERE
            })
    void whatFailedOnceWithSomebodyHostileKeepsEveryPromise(long seed) {
        Always hostile = new Always(true, false, true);

        assertThat(SwarmRun.of(seed, null, hostile, cluster -> {}).failure()).isNull();
    }

    /** A server that had nothing came when all had stopped, and began before those who had it. */
    private static final long BEGAN_ANEW = 730_000_251;

    /** Of two servers each went on alone in its turn, and a request was executed by both. */
    private static final long ALONE_IN_TURN = 730_000_652;

    /** A repeat was told a place of its owner's epoch, though it was appended in another. */
    private static final long NAMED_ANOTHER_EPOCH = 27;

    /** A new owner counted its disk for entries that had just taken the place of others there. */
    private static final long COUNTED_BEFORE_IT_WAS_KEPT = 750_001_903;

    @ParameterizedTest
    @ValueSource(
            longs = {BEGAN_ANEW, ALONE_IN_TURN, COUNTED_BEFORE_IT_WAS_KEPT, NAMED_ANOTHER_EPOCH})
    void whatFailedOnceWithDisksKeepsEveryPromise(long seed) {
        Always durable = new Always(false, false, false, false, true);

        assertThat(SwarmRun.of(seed, null, durable, cluster -> {}).failure()).isNull();
    }
}
