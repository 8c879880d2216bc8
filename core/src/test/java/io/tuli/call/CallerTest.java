package io.tuli.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Epoch;
import io.tuli.Failure;
import io.tuli.Key;
import io.tuli.LogPosition;
import io.tuli.MemberId;
import io.tuli.Outcome;
import io.tuli.Payload;
import io.tuli.protocol.Frame;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class CallerTest {

    private static final long MILLI = 1_000_000;
    private static final long DEADLINE = 1_000 * MILLI;
    private static final LogPosition PLACE = new LogPosition(new Epoch(1, 1), 5);

    private final DrawnRoutes routes = new DrawnRoutes();
    private final Caller caller = new Caller(2, routes, Duration.ofMillis(400));
    private final MemberId one = routes.member(1);
    private final MemberId two = routes.member(2);

    @Test
    void asksTheRingsOwnerAndTellsEachMilestone() {
        routes.ringOwner = one;
        RecordedCall call = RecordedCall.of(1, DEADLINE);

        caller.start(call, 0);
        caller.accepted(one, new long[] {call.number()});
        caller.answered(one, ok(call), 0);

        assertThat(request().timeoutMillis()).isEqualTo(1_000);
        assertThat(call.told).containsExactly("accepted", "committed 2", "reply 9");
        assertThat(caller.inFlight()).isZero();
        assertThat(Caller.loopOf(call.number())).isEqualTo(2);
    }

    @Test
    void whatIsToldOfACallWithALongKeyIsStillADetailAndEndsWithTheFacts() {
        routes.ringOwner = one;
        RecordedCall call = RecordedCall.at(Key.of("k".repeat(60_000)), DEADLINE);

        caller.start(call, 0);
        caller.tick(DEADLINE);

        assertThat(call.told).containsExactly("UNKNOWN TIMEOUT");
        assertThat(call.detail).hasSizeLessThan(1_000).contains("kkk").endsWith("commit=safe");
    }

    @Test
    void prefersTheEpochsOwnerToTheRings() {
        routes.ringOwner = one;
        routes.known = new Epoch(3, 2);

        caller.start(RecordedCall.of(1, DEADLINE), 0);

        assertThat(routes.last().to()).isEqualTo(two);
    }

    @Test
    @Tag("FE-04")
    void followsARedirectWithTheSameIdentity() {
        routes.ringOwner = one;
        RecordedCall call = RecordedCall.of(1, DEADLINE);
        caller.start(call, 0);
        Frame.Request first = request();

        caller.answered(one, new Frame.Redirect(call.number(), new Epoch(2, 2)), 0);

        assertThat(routes.last().to()).isEqualTo(two);
        assertThat(request().id()).isEqualTo(first.id());
        assertThat(request().attempt()).isEqualTo(1);
    }

    @Test
    void followsARedirectToALowEpochWhereTheOwnerOfTheHigherOneIsGone() {
        routes.ringOwner = one;
        routes.known = new Epoch(7, 9);
        RecordedCall first = RecordedCall.of(1, DEADLINE);
        caller.start(first, 0);

        caller.answered(one, new Frame.Redirect(first.number(), new Epoch(1, 2)), 0);
        caller.answered(two, ok(first), 0);
        caller.start(RecordedCall.of(2, DEADLINE), 0);

        assertThat(routes.sent).extracting(DrawnRoutes.Sent::to).containsExactly(one, two, two);
    }

    @Test
    void repeatsNothingThatIsNotSureToBeRecognised() {
        routes.ringOwner = one;
        RecordedCall call = RecordedCall.of(1, DEADLINE);
        caller.start(call, 0);

        caller.linkDown(one, 150 * MILLI);
        caller.linkDown(one, 250 * MILLI);

        assertThat(routes.sent).hasSize(2);
        assertThat(call.told).containsExactly("UNKNOWN DEDUP_EXPIRED");
    }

    @Test
    void aForgottenIdentityIsUnknownToWhoRepeatsAndFailedToWhoNamedIt() {
        routes.ringOwner = one;
        RecordedCall first = RecordedCall.of(1, DEADLINE);
        RecordedCall repeated = RecordedCall.of(2, DEADLINE);
        caller.start(first, 0);
        caller.start(repeated, 0);
        caller.answered(one, forgotten(first), 0);
        caller.linkDown(one, MILLI);

        caller.answered(one, forgotten(repeated), MILLI);

        assertThat(first.told).containsExactly("FAILED DEDUP_EXPIRED");
        assertThat(repeated.told).containsExactly("UNKNOWN DEDUP_EXPIRED");
    }

    private static Frame.Result forgotten(RecordedCall call) {
        return new Frame.Result(
                call.number(),
                Outcome.FAILED,
                Failure.DEDUP_EXPIRED,
                "",
                LogPosition.START,
                0,
                false,
                Payload.NONE);
    }

    /** Another of its id may have been executed, and forgotten, by the time it could be sent. */
    @Test
    void whatOthersMayNameIsSentWhileItIsRecognisedOrNotAtAll() {
        RecordedCall late = RecordedCall.named(1, DEADLINE);
        RecordedCall numbered = RecordedCall.of(2, DEADLINE);
        caller.start(late, 0);
        caller.start(numbered, 0);
        routes.ringOwner = one;

        caller.routesChanged(201 * MILLI);

        assertThat(late.told).containsExactly("FAILED DEDUP_EXPIRED");
        assertThat(numbered.told).isEmpty();
        assertThat(routes.sent).hasSize(1);
    }

    @Test
    void asksTheOwnerItWasRedirectedToAtOnceTheNextTime() {
        routes.ringOwner = one;
        RecordedCall first = RecordedCall.of(1, DEADLINE);
        caller.start(first, 0);
        caller.answered(one, new Frame.Redirect(first.number(), new Epoch(2, 2)), 0);
        caller.answered(two, ok(first), 0);

        caller.start(RecordedCall.of(2, DEADLINE), 0);
        assertThat(routes.last().to()).isEqualTo(two);

        routes.members.remove(2L);
        caller.start(RecordedCall.of(3, DEADLINE), 0);
        assertThat(routes.last().to()).isEqualTo(one);
    }

    @Test
    void followsASuggestionForOneStep() {
        routes.ringOwner = one;
        RecordedCall call = RecordedCall.of(1, DEADLINE);
        caller.start(call, 0);

        caller.answered(one, new Frame.Redirect(call.number(), new Epoch(0, 2)), 0);
        assertThat(routes.last().to()).isEqualTo(two);
        caller.answered(two, new Frame.Redirect(call.number(), Epoch.ZERO), 0);

        assertThat(routes.last().to()).isEqualTo(one);
    }

    @Test
    void waitsALittleWhenNobodyElseIsKnown() {
        routes.ringOwner = one;
        RecordedCall call = RecordedCall.of(1, DEADLINE);
        caller.start(call, 0);

        caller.answered(one, new Frame.Redirect(call.number(), Epoch.ZERO), 0);
        assertThat(routes.sent).hasSize(1);
        caller.tick(1 * MILLI);
        assertThat(routes.sent).hasSize(1);
        caller.tick(6 * MILLI);

        assertThat(routes.sent).hasSize(2);
        assertThat(routes.last().to()).isEqualTo(one);
    }

    @Test
    void waitsForAnOwnerUntilTheRingKnowsOne() {
        RecordedCall call = RecordedCall.of(1, DEADLINE);
        caller.start(call, 0);
        assertThat(routes.sent).isEmpty();

        routes.ringOwner = two;
        caller.routesChanged(MILLI);

        assertThat(routes.last().to()).isEqualTo(two);
    }

    @Test
    void waitsForALinkAndKeepsTheOrder() {
        routes.ringOwner = one;
        routes.open.clear();
        RecordedCall first = RecordedCall.of(1, DEADLINE);
        RecordedCall second = RecordedCall.of(2, DEADLINE);
        caller.start(first, 0);
        caller.start(second, 0);

        routes.open.add(one);
        caller.routesChanged(MILLI);

        assertThat(routes.sent)
                .extracting(sent -> ((Frame.Request) sent.frame()).id())
                .containsExactly(first.spec().id(), second.spec().id());
    }

    @Test
    @Tag("U1")
    void whatWasNeverSentFailsAtItsDeadline() {
        RecordedCall call = RecordedCall.of(1, DEADLINE);
        caller.start(call, 0);

        caller.tick(DEADLINE - 1);
        assertThat(call.told).isEmpty();
        caller.tick(DEADLINE);

        assertThat(call.told).containsExactly("FAILED UNAVAILABLE");
        assertThat(caller.inFlight()).isZero();
    }

    @Test
    @Tag("U1")
    void whatWasSentIsUnknownAtItsDeadlineAndCancelledAtTheOwner() {
        routes.ringOwner = one;
        RecordedCall call = RecordedCall.of(1, DEADLINE);
        caller.start(call, 0);

        caller.tick(DEADLINE);

        assertThat(call.told).containsExactly("UNKNOWN TIMEOUT");
        assertThat(routes.last().frame()).isEqualTo(new Frame.Cancel(call.number()));
    }

    @Test
    @Tag("M3")
    void aLostLinkRepeatsWithTheSameIdentity() {
        routes.ringOwner = one;
        RecordedCall call = RecordedCall.of(1, DEADLINE);
        caller.start(call, 0);
        Frame.Request first = request();

        routes.open.remove(one);
        routes.ringOwner = two;
        caller.linkDown(one, MILLI);

        assertThat(routes.last().to()).isEqualTo(two);
        assertThat(request().id()).isEqualTo(first.id());
    }

    @Test
    @Tag("M1")
    void aLostLinkLeavesAnAtMostOnceCallUnknown() {
        routes.ringOwner = one;
        RecordedCall call = RecordedCall.atMostOnce(1, DEADLINE);
        caller.start(call, 0);

        caller.linkDown(one, MILLI);

        assertThat(call.told).containsExactly("UNKNOWN UNAVAILABLE");
    }

    @Test
    @Tag("M1")
    void anAtMostOnceCallThatNeverLeftWaitsOn() {
        routes.ringOwner = one;
        routes.open.remove(one);
        RecordedCall call = RecordedCall.atMostOnce(1, DEADLINE);
        caller.start(call, 0);

        caller.linkDown(one, MILLI);
        routes.open.add(one);
        caller.routesChanged(2 * MILLI);

        assertThat(call.told).isEmpty();
        assertThat(routes.sent).hasSize(1);
    }

    @Test
    @Tag("FE-06")
    void theReplyWaitsUntilTheReplicaShowsTheWrite() {
        routes.ringOwner = one;
        routes.shown = LogPosition.START;
        RecordedCall call = RecordedCall.of(1, DEADLINE);
        caller.start(call, 0);

        caller.answered(one, ok(call), 0);
        caller.settle();
        assertThat(call.told).containsExactly("committed 2");
        routes.shown = PLACE;
        caller.settle();

        assertThat(call.told).containsExactly("committed 2", "reply 9");
    }

    @Test
    @Tag("FE-06")
    void aCommittedCallIsOkAtItsDeadlineThoughTheReplicaLags() {
        routes.ringOwner = one;
        routes.shown = LogPosition.START;
        RecordedCall call = RecordedCall.of(1, DEADLINE);
        caller.start(call, 0);
        caller.answered(one, ok(call), 0);

        caller.tick(DEADLINE);

        assertThat(call.told).containsExactly("committed 2", "reply 9");
        assertThat(caller.inFlight()).isZero();
    }

    @Test
    @Tag("FE-13")
    void aStreamOutlivesTheDeadlineAndItsCancelReachesTheOwner() {
        routes.ringOwner = one;
        RecordedCall call = RecordedCall.of(1, DEADLINE);
        caller.start(call, 0);
        caller.answered(one, streamOf(call), 0);

        caller.tick(DEADLINE);
        caller.credit(call, 5);
        caller.answered(one, new Frame.Item(call.number(), 0, Payload.json("4")), 0);
        caller.cancel(call);

        assertThat(call.told)
                .containsExactly("committed 2", "stream", "item 0 4", "UNKNOWN CANCELLED");
        assertThat(routes.sent.get(1).frame()).isEqualTo(new Frame.Credit(call.number(), 5));
        assertThat(routes.last().frame()).isEqualTo(new Frame.Cancel(call.number()));
    }

    @Test
    void aStreamThatNobodyTakesIsGivenUpAtTheDeadline() {
        routes.ringOwner = one;
        RecordedCall call = RecordedCall.of(1, DEADLINE);
        call.isStreamWanted = false;
        caller.start(call, 0);
        caller.answered(one, streamOf(call), 0);

        caller.tick(DEADLINE);

        assertThat(routes.last().frame()).isEqualTo(new Frame.Cancel(call.number()));
        assertThat(caller.inFlight()).isZero();
    }

    @Test
    void aStreamEndsOnceComplete() {
        routes.ringOwner = one;
        RecordedCall call = RecordedCall.of(1, DEADLINE);
        caller.start(call, 0);
        caller.answered(one, streamOf(call), 0);

        caller.answered(one, new Frame.End(call.number(), 0, null, ""), 0);

        assertThat(call.told).containsExactly("committed 2", "stream", "end");
        assertThat(caller.inFlight()).isZero();
    }

    @Test
    void answersOfOthersThanTheOneAskedAreIgnored() {
        routes.ringOwner = one;
        RecordedCall call = RecordedCall.of(1, DEADLINE);
        caller.start(call, 0);

        caller.answered(two, ok(call), 0);

        assertThat(call.told).isEmpty();
    }

    @Test
    void aFailureIsToldAsTheOwnerSaysIt() {
        routes.ringOwner = one;
        RecordedCall call = RecordedCall.of(1, DEADLINE);
        caller.start(call, 0);

        caller.answered(one, failed(call, Outcome.FAILED, Failure.CONFLICT), 0);

        assertThat(call.told).containsExactly("FAILED CONFLICT");
    }

    /** A call that the first owner has sent on to the second. */
    private RecordedCall redirected(boolean isAppended) {
        routes.ringOwner = one;
        RecordedCall call = RecordedCall.of(1, DEADLINE);
        caller.start(call, 0);
        caller.answered(one, new Frame.Redirect(call.number(), new Epoch(2, 2), isAppended), 0);
        return call;
    }

    /** What was sent before may have been executed: whoever had no room now has not looked. */
    @Test
    void aRefusalForWantOfRoomSaysNothingOfWhatWasSentBefore() {
        RecordedCall call = redirected(false);

        caller.answered(two, failed(call, Outcome.FAILED, Failure.OVERLOADED), 0);

        assertThat(call.told).containsExactly("UNKNOWN OVERLOADED");
    }

    /** It may come back after a split from where it was appended. */
    @Test
    void whatOneOwnerRefusesMayBeInTheChangelogOfAnother() {
        RecordedCall call = redirected(true);

        caller.answered(two, failed(call, Outcome.FAILED, Failure.CONFLICT), 0);

        assertThat(call.told).containsExactly("UNKNOWN CONFLICT");
    }

    @Test
    void whatWasInNoChangelogIsRefusedAsTheOwnerSaysIt() {
        RecordedCall call = redirected(false);

        caller.answered(two, failed(call, Outcome.FAILED, Failure.CONFLICT), 0);

        assertThat(call.told).containsExactly("FAILED CONFLICT");
    }

    /** Whoever has it in its changelog recognises it. */
    @Test
    void aLinkThatWasLostSaysNothingToWhoeverRefusesItItself() {
        routes.ringOwner = one;
        RecordedCall call = RecordedCall.of(1, DEADLINE);
        caller.start(call, 0);
        caller.linkDown(one, MILLI);
        caller.routesChanged(2 * MILLI);

        caller.answered(one, failed(call, Outcome.FAILED, Failure.CONFLICT), 0);

        assertThat(call.told).containsExactly("FAILED CONFLICT");
    }

    @Test
    void aMemberThatIsAskedAndLostIsWaitedForAMomentAndNobodyElseIsAsked() {
        RecordedCall call = RecordedCall.askOf(two, DEADLINE);
        caller.start(call, 0);
        assertThat(routes.last().frame()).isInstanceOf(Frame.Ask.class);
        routes.open.remove(two);

        caller.linkDown(two, MILLI);
        caller.tick(200 * MILLI);
        assertThat(call.told).isEmpty();
        caller.tick(300 * MILLI);

        assertThat(routes.sent).hasSize(1);
        assertThat(call.told).containsExactly("UNKNOWN UNAVAILABLE");
    }

    @Test
    void closingEndsEveryCall() {
        RecordedCall unsent = RecordedCall.of(1, DEADLINE);
        caller.start(unsent, 0);
        routes.ringOwner = one;
        RecordedCall sent = RecordedCall.of(2, DEADLINE);
        caller.start(sent, 0);

        caller.close();

        assertThat(unsent.told).containsExactly("FAILED CLOSED");
        assertThat(sent.told).containsExactly("UNKNOWN CLOSED");
    }

    @Test
    void manyCallsKeepTheirNumbersApart() {
        routes.ringOwner = one;
        RecordedCall[] calls = new RecordedCall[5_000];
        for (int i = 0; i < calls.length; i++) {
            calls[i] = RecordedCall.of(i, DEADLINE);
            caller.start(calls[i], 0);
        }

        for (RecordedCall call : calls) {
            caller.answered(one, ok(call), 0);
        }

        assertThat(calls).allMatch(call -> call.told.size() == 2);
        assertThat(caller.inFlight()).isZero();
    }

    private Frame.Request request() {
        return (Frame.Request) routes.last().frame();
    }

    private static Frame.Result ok(RecordedCall call) {
        Payload nine = Payload.json("9");
        return new Frame.Result(call.number(), Outcome.OK, null, "", PLACE, 2, false, nine);
    }

    private static Frame.Result streamOf(RecordedCall call) {
        return new Frame.Result(call.number(), Outcome.OK, null, "", PLACE, 2, true, Payload.NONE);
    }

    private static Frame.Result failed(RecordedCall call, Outcome outcome, Failure failure) {
        return new Frame.Result(
                call.number(), outcome, failure, "why", LogPosition.START, 0, false, Payload.NONE);
    }
}
