package io.tuli.ask;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Failure;
import io.tuli.Key;
import io.tuli.LogPosition;
import io.tuli.MemberId;
import io.tuli.Outcome;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.protocol.Extensions;
import io.tuli.protocol.Frame;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a server does with asks. */
class IntakeTest {

    private static final int SERVICE = 7;
    private static final long MILLI = 1_000_000;
    private static final int ANY_NUMBER = Integer.MAX_VALUE;
    private static final MemberId ONE = new MemberId(1, 1);
    private static final MemberId TWO = new MemberId(2, 2);

    private final List<Said> said = new ArrayList<>();
    private final Intake intake =
            new Intake(SERVICE, 2, 1, "2.1", (to, frame) -> said.add(new Said(to, frame)));

    private record Said(MemberId to, Frame frame) {}

    private static Frame.Ask ask(MemberId from, long number) {
        return ask(from, number, number << 6, "1");
    }

    private static Frame.Ask ask(MemberId from, long number, long call, String body) {
        return new Frame.Ask(
                SERVICE,
                call,
                new RequestId(from.incarnation(), number),
                1_000,
                "GO",
                Key.NONE,
                Payload.json(body),
                new TreeMap<>());
    }

    private boolean asked(MemberId from, long number, long now) {
        return intake.asked(from, ask(from, number), ANY_NUMBER, now);
    }

    private static Frame.Ask askOf(String versions, long number) {
        return ask(ONE, number).with(Extensions.NONE.servedAs(versions));
    }

    @Test
    void whatIsForOtherVersionsIsRefusedUnseen() {
        assertThat(intake.asked(ONE, askOf("2.x", 1), ANY_NUMBER, 0)).isTrue();
        assertThat(intake.asked(ONE, askOf(">=2.2", 2), ANY_NUMBER, 0)).isFalse();
        assertThat(intake.asked(ONE, askOf("of no form", 3), ANY_NUMBER, 0)).isFalse();

        assertThat(intake.running()).isEqualTo(1);
        assertThat(said)
                .extracting(Said::frame)
                .containsExactly(
                        new Frame.Unseen(
                                2 << 6,
                                Failure.NOT_FOUND,
                                "this member serves another version: 2.1"),
                        new Frame.Unseen(
                                3 << 6,
                                Failure.NOT_FOUND,
                                "this member serves another version: 2.1"));
    }

    private Intake.Job answered(MemberId from, long number, long now) {
        Frame.Ask ask = ask(from, number);
        Frame.Result result =
                new Frame.Result(
                        ask.call(),
                        Outcome.OK,
                        null,
                        "",
                        LogPosition.START,
                        0,
                        false,
                        Payload.json("\"done\""));
        return intake.answered(from, ask, result, now);
    }

    private List<Frame> saidTo(MemberId member) {
        List<Frame> frames =
                said.stream().filter(each -> each.to().equals(member)).map(Said::frame).toList();
        said.removeIf(each -> each.to().equals(member));
        return frames;
    }

    private static Frame.Unseen full(long call) {
        return new Frame.Unseen(
                call, Failure.OVERLOADED, "a server takes so many at once: running and waiting=3");
    }

    @Test
    @Tag("PT-06")
    void soManyRunSoManyWaitAndOneMoreIsRefusedUnseen() {
        assertThat(asked(ONE, 1, 0)).isTrue();
        assertThat(asked(ONE, 2, 0)).isTrue();
        assertThat(asked(ONE, 3, 0)).isFalse();
        assertThat(saidTo(ONE)).isEmpty();
        assertThat(asked(ONE, 4, 0)).isFalse();

        assertThat(saidTo(ONE)).containsExactly(full(4 << 6));
        assertThat(intake.running()).isEqualTo(2);
        assertThat(intake.waiting()).isEqualTo(1);
        assertThat(answered(ONE, 1, 0).ask().id().sequence()).isEqualTo(3);
    }

    @Test
    @Tag("PT-07")
    void whoWasRefusedIsOfferedRoomInTurnAndItIsKeptForIt() {
        asked(ONE, 1, 0);
        asked(ONE, 2, 0);
        asked(ONE, 3, 0);
        asked(ONE, 4, 0);
        asked(TWO, 1, 0);
        said.clear();

        answered(ONE, 1, MILLI);

        assertThat(saidTo(ONE)).contains(new Frame.Room(4 << 6, SERVICE, 1));
        assertThat(saidTo(TWO)).isEmpty();
        assertThat(asked(TWO, 2, 2 * MILLI)).isFalse();
        assertThat(saidTo(TWO)).containsExactly(full(2 << 6));
        assertThat(asked(ONE, 5, 3 * MILLI)).as("it waits in the place kept").isFalse();
        assertThat(saidTo(ONE))
                .as("it has had what it was refused")
                .containsExactly(new Frame.Room(4 << 6, SERVICE, 0));

        answered(ONE, 2, 4 * MILLI);
        assertThat(saidTo(TWO)).containsExactly(new Frame.Room(1 << 6, SERVICE, 1));
    }

    @Test
    @Tag("PT-07")
    void whoLetsItsRoomPassIsOwedNothingMoreAndOthersHaveIt() {
        asked(ONE, 1, 0);
        asked(ONE, 2, 0);
        asked(ONE, 3, 0);
        asked(ONE, 4, 0);
        answered(ONE, 1, 0);
        said.clear();

        intake.tick(19 * MILLI);
        assertThat(said).isEmpty();
        intake.tick(20 * MILLI);

        assertThat(saidTo(ONE)).containsExactly(new Frame.Room(4 << 6, SERVICE, 0));
        assertThat(asked(TWO, 1, 21 * MILLI)).as("it waits").isFalse();
        assertThat(saidTo(TWO)).isEmpty();
    }

    @Test
    @Tag("PT-07")
    void roomThatOneLetsPassIsOfferedToTheNextThoughNothingEnds() {
        for (int number = 1; number <= 4; number++) {
            asked(ONE, number, 0);
        }
        asked(TWO, 1, 0);
        answered(ONE, 1, 0);
        said.clear();

        intake.tick(20 * MILLI);

        assertThat(saidTo(TWO)).containsExactly(new Frame.Room(1 << 6, SERVICE, 1));
    }

    @Test
    @Tag("PT-07")
    void roomOfferedToWhoIsGoneIsForOthers() {
        for (int number = 1; number <= 4; number++) {
            asked(ONE, number, 0);
        }
        asked(TWO, 1, 0);
        answered(ONE, 1, 0);
        said.clear();

        intake.linkDown(ONE, MILLI);

        assertThat(saidTo(TWO)).containsExactly(new Frame.Room(1 << 6, SERVICE, 1));
    }

    @Test
    @Tag("PT-13")
    @Tag("IR-06")
    @Tag("FD-42")
    void whatExpiresWhileItWaitsIsNeverRun() {
        asked(ONE, 1, 0);
        asked(ONE, 2, 0);
        asked(ONE, 3, 0);

        assertThat(answered(ONE, 1, 1_000 * MILLI)).isNull();

        assertThat(saidTo(ONE))
                .anySatisfy(
                        frame ->
                                assertThat(frame)
                                        .isInstanceOfSatisfying(
                                                Frame.Unseen.class,
                                                unseen ->
                                                        assertThat(unseen.failure())
                                                                .isEqualTo(Failure.TIMEOUT)));
    }

    @Test
    @Tag("PT-13")
    void whatIsCancelledWhileItWaitsIsNeverRunAndWhatRunsIsTold() {
        asked(ONE, 1, 0);
        asked(ONE, 2, 0);
        asked(ONE, 3, 0);

        intake.cancelled(ONE, 3 << 6, 0);
        intake.cancelled(ONE, 1 << 6, 0);

        assertThat(intake.waiting()).isZero();
        assertThat(intake.isCancelled(ONE, ask(ONE, 1))).isTrue();
        assertThat(intake.isCancelled(ONE, ask(ONE, 2))).isFalse();
        assertThat(answered(ONE, 1, 0)).isNull();
    }

    @Test
    @Tag("PT-10")
    void aRepeatJoinsWhatRunsAndGetsWhatWasAnswered() {
        asked(ONE, 1, 0);
        assertThat(intake.asked(ONE, ask(ONE, 1, 640, "1"), ANY_NUMBER, MILLI)).isFalse();

        answered(ONE, 1, 2 * MILLI);

        assertThat(saidTo(ONE))
                .extracting(frame -> ((Frame.Result) frame).call())
                .containsExactly(64L, 640L);
        assertThat(intake.asked(ONE, ask(ONE, 1, 704, "1"), ANY_NUMBER, 9_000 * MILLI)).isFalse();
        assertThat(saidTo(ONE))
                .extracting(frame -> ((Frame.Result) frame).body())
                .containsExactly(Payload.json("\"done\""));
    }

    @Test
    @Tag("PT-10")
    void anIdIsOneRequestsAndOneCallers() {
        asked(ONE, 1, 0);
        assertThat(intake.asked(ONE, ask(ONE, 1, 640, "2"), ANY_NUMBER, 0)).isFalse();
        assertThat(intake.asked(TWO, ask(ONE, 1, 640, "1"), ANY_NUMBER, 0)).isTrue();

        assertThat(saidTo(ONE))
                .extracting(frame -> ((Frame.Result) frame).failure())
                .containsExactly(Failure.CONFLICT);
    }

    @Test
    @Tag("PT-10")
    void answersAreKeptForTenSecondsAndSoManyOfACaller() {
        asked(ONE, 1, 0);
        answered(ONE, 1, 0);
        intake.tick(10_000 * MILLI);
        assertThat(asked(ONE, 1, 10_000 * MILLI)).as("forgotten, so it runs").isTrue();
        answered(ONE, 1, 10_000 * MILLI);

        for (int number = 2; number <= 1_025; number++) {
            asked(ONE, number, 10_000 * MILLI);
            answered(ONE, number, 10_000 * MILLI);
        }

        assertThat(asked(ONE, 2, 10_000 * MILLI)).as("remembered").isFalse();
        assertThat(asked(ONE, 1, 10_000 * MILLI)).as("one too many").isTrue();
    }

    @Test
    @Tag("PT-10")
    void answersTakeSoManyBytesInAll() {
        String big = "\"" + "x".repeat(1 << 20) + "\"";
        for (int number = 1; number <= 20; number++) {
            Frame.Ask ask = ask(ONE, number, number << 6, big);
            intake.asked(ONE, ask, ANY_NUMBER, 0);
            Frame.Result result =
                    new Frame.Result(
                            ask.call(),
                            Outcome.OK,
                            null,
                            "",
                            LogPosition.START,
                            0,
                            false,
                            Payload.NONE);
            intake.answered(ONE, ask, result, 0);
        }

        assertThat(intake.asked(ONE, ask(ONE, 20, 64, big), ANY_NUMBER, 0)).isFalse();
        assertThat(intake.asked(ONE, ask(ONE, 1, 64, big), ANY_NUMBER, 0)).isTrue();
    }

    @Test
    @Tag("PT-14")
    void whoClosesRefusesUnseenAndAnswersWhatRuns() {
        asked(ONE, 1, 0);
        asked(ONE, 2, 0);
        asked(ONE, 3, 0);

        intake.close();
        asked(TWO, 1, 0);

        assertThat(saidTo(ONE))
                .extracting(frame -> ((Frame.Unseen) frame).failure())
                .containsExactly(Failure.CLOSED);
        assertThat(saidTo(TWO))
                .extracting(frame -> ((Frame.Unseen) frame).failure())
                .containsExactly(Failure.CLOSED);
        answered(ONE, 1, 0);
        assertThat(saidTo(ONE)).hasOnlyElementsOfType(Frame.Result.class);
        assertThat(intake.running()).isEqualTo(1);
    }

    @Test
    void oneMemberHasNoMoreThanItsPartAndIsOfferedRoomWhenItHasLess() {
        Intake wide = new Intake(SERVICE, 100, 0, "", (to, frame) -> said.add(new Said(to, frame)));
        Frame.Ask first = ask(ONE, 1);
        assertThat(wide.asked(ONE, first, 1, 0)).isTrue();
        assertThat(wide.asked(ONE, ask(ONE, 2), 1, 0)).isFalse();
        assertThat(wide.asked(TWO, ask(TWO, 1), 1, 0)).isTrue();
        said.clear();

        Frame.Unseen why = new Frame.Unseen(first.call(), Failure.CLOSED, "");
        wide.unseen(ONE, first, why, 0);

        assertThat(saidTo(ONE)).containsExactly(why, new Frame.Room(2 << 6, SERVICE, 1));
    }

    @Test
    @Tag("PT-63")
    void aTunnelWhoseOpenerHasGoneWhileItWaitedIsNeverBegun() {
        asked(ONE, 1, 0);
        asked(ONE, 2, 0);
        Frame.Ask tunnel =
                ask(TWO, 3).with(Extensions.NONE.opening(new Extensions.Opening(64_000, 1_000)));
        assertThat(intake.asked(TWO, tunnel, ANY_NUMBER, 0)).isFalse();
        assertThat(intake.waiting()).isEqualTo(1);

        intake.linkDown(TWO, 0);

        assertThat(intake.waiting()).isZero();
        assertThat(answered(ONE, 1, 0)).isNull();
    }
}
