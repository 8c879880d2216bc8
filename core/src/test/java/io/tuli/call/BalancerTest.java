package io.tuli.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Failure;
import io.tuli.LogPosition;
import io.tuli.MemberId;
import io.tuli.Outcome;
import io.tuli.Payload;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Servers;
import io.tuli.protocol.Servers.Server;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Calls to whichever server of a service. */
class BalancerTest {

    private static final long MILLI = 1_000_000;
    private static final long DEADLINE = 20_000 * MILLI;

    private final DrawnRoutes routes = new DrawnRoutes();
    private final Caller caller = new Caller(0, routes, Duration.ofMinutes(2));
    private final List<MemberId> servers = new ArrayList<>();
    private long calls;

    private void serve(int count) {
        servers.clear();
        for (int i = 1; i <= count; i++) {
            servers.add(routes.member(i));
        }
        caller.servers(
                RecordedCall.SERVICE,
                new Servers(true, servers.stream().map(Server::of).toList()),
                0);
    }

    private RecordedCall start(long now) {
        RecordedCall call = RecordedCall.any(++calls, DEADLINE);
        caller.start(call, now);
        return call;
    }

    private static Frame.Result failed(Outgoing call, Failure failure) {
        return new Frame.Result(
                call.number(),
                Outcome.FAILED,
                failure,
                "",
                LogPosition.START,
                0,
                false,
                Payload.NONE);
    }

    private static Frame.Unseen full(Outgoing call) {
        return new Frame.Unseen(call.number(), Failure.OVERLOADED, "full");
    }

    private static Frame.Room room(Outgoing call, int slots) {
        return new Frame.Room(call.number(), RecordedCall.SERVICE, slots);
    }

    private List<MemberId> asked() {
        return routes.sent.stream()
                .filter(sent -> sent.frame() instanceof Frame.Ask)
                .map(DrawnRoutes.Sent::to)
                .toList();
    }

    @Test
    @Tag("PT-03")
    @Tag("CO-04")
    void equalServersAreAskedInTurn() {
        serve(3);

        for (int i = 0; i < 6; i++) {
            RecordedCall call = start(0);
            caller.answered(routes.last().to(), RecordedCall.ok(call), 0);
        }

        assertThat(asked().subList(0, 3)).containsExactlyElementsOf(servers);
        assertThat(asked().subList(3, 6)).containsExactlyElementsOf(servers);
    }

    @Test
    @Tag("PT-03")
    @Tag("CO-05")
    void whoHasTheFewestOpenCallsIsAsked() {
        serve(3);
        RecordedCall first = start(0);
        start(0);
        start(0);
        start(0);

        caller.answered(servers.get(1), RecordedCall.ok(first), 0);
        assertThat(first.told).as("an answer of another").isEmpty();
        caller.answered(servers.get(0), RecordedCall.ok(first), 0);
        start(0);
        start(0);

        Map<MemberId, Integer> counts = new HashMap<>();
        asked().forEach(member -> counts.merge(member, 1, Integer::sum));
        assertThat(counts.values()).containsExactlyInAnyOrder(2, 2, 2);
        assertThat(first.told).contains("reply 1");
    }

    @Test
    @Tag("PT-03")
    void ofManyServersEachGetsItsPart() {
        serve(100);

        for (int i = 0; i < 300; i++) {
            start(0);
        }

        Map<MemberId, Integer> counts = new HashMap<>();
        asked().forEach(member -> counts.merge(member, 1, Integer::sum));
        assertThat(counts).hasSize(100);
        assertThat(counts.values()).allMatch(count -> count == 3);
    }

    @Test
    @Tag("PT-03")
    void oneThatAnswersNothingGetsNoMoreThanItsPart() {
        serve(40);
        MemberId hung = servers.get(7);

        for (int i = 0; i < 4_000; i++) {
            RecordedCall call = start(0);
            MemberId to = routes.last().to();
            if (!to.equals(hung)) {
                caller.answered(to, RecordedCall.ok(call), 0);
            }
        }

        assertThat(asked().stream().filter(hung::equals).count()).isLessThanOrEqualTo(2);
    }

    @Test
    @Tag("PT-02")
    void whoHasNoLinkIsNotAsked() {
        serve(3);
        routes.open.remove(servers.get(0));

        for (int i = 0; i < 10; i++) {
            start(0);
        }

        assertThat(new HashSet<>(asked())).isEqualTo(Set.of(servers.get(1), servers.get(2)));
    }

    @Test
    @Tag("PT-06")
    @Tag("PT-11")
    void whoRefusesUnseenIsPassedOverAndTheCallCountsAsNotSent() {
        serve(2);
        RecordedCall call = start(0);
        caller.answered(servers.get(0), full(call), 0);
        caller.answered(servers.get(1), full(call), 0);

        assertThat(asked()).containsExactlyElementsOf(servers);
        assertThat(call.told).isEmpty();
        caller.cancel(call);

        assertThat(call.told).containsExactly("FAILED CANCELLED");
    }

    @Test
    @Tag("PT-07")
    void whoSaysItHasRoomIsAskedSoOften() {
        serve(1);
        RecordedCall first = start(0);
        caller.answered(servers.get(0), full(first), 0);
        start(0);
        start(0);
        assertThat(asked()).hasSize(1);

        caller.answered(servers.get(0), room(first, 2), MILLI);
        assertThat(asked()).hasSize(3);

        caller.answered(servers.get(0), room(first, 0), MILLI);
        assertThat(asked()).hasSize(4);
        start(MILLI);
        assertThat(asked()).hasSize(5);
    }

    @Test
    @Tag("PT-07")
    void whoWasFullIsAskedAgainAfterASecondWhateverItSays() {
        serve(1);
        RecordedCall call = start(0);
        caller.answered(servers.get(0), full(call), 0);

        caller.tick(900 * MILLI);
        assertThat(asked()).hasSize(1);
        caller.tick(1_001 * MILLI);

        assertThat(asked()).hasSize(2);
    }

    @Test
    @Tag("PT-08")
    void callsWaitInTheirOrderAndNotMoreThanTheLimit() {
        serve(0);
        List<RecordedCall> waiting = new ArrayList<>();
        for (int i = 0; i < 1_024; i++) {
            waiting.add(start(0));
        }
        RecordedCall oneMore = start(0);
        assertThat(oneMore.told).containsExactly("FAILED OVERLOADED");
        caller.cancel(waiting.get(0));
        start(0);

        serve(1);

        assertThat(asked()).hasSize(1_024);
        assertThat(((Frame.Ask) routes.sent.getFirst().frame()).call())
                .isEqualTo(waiting.get(1).number());
    }

    @Test
    @Tag("PT-08")
    void whatNobodyTookFailsAtItsDeadline() {
        serve(0);
        RecordedCall call = start(0);

        caller.tick(DEADLINE + 1);

        assertThat(call.told).containsExactly("FAILED UNAVAILABLE");
    }

    @Test
    @Tag("PT-09")
    void whoFailsFastDrawsNoMoreCallsThanOthers() {
        serve(2);

        for (int i = 0; i < 100; i++) {
            RecordedCall call = start(i * MILLI / 2);
            MemberId to = routes.last().to();
            if (to.equals(servers.get(0))) {
                caller.answered(to, failed(call, Failure.HANDLER_FAILED), i * MILLI / 2);
                assertThat(call.told).containsExactly("FAILED HANDLER_FAILED");
            }
        }

        assertThat(asked().stream().filter(servers.get(0)::equals).count()).isEqualTo(50);
        caller.tick(200 * MILLI);
        start(200 * MILLI);
        assertThat(routes.last().to()).isEqualTo(servers.get(0));
    }

    @Test
    @Tag("PT-10")
    void whoseLinkIsLostIsAskedAgainWhenItIsBackSoon() {
        serve(2);
        RecordedCall call = start(0);
        routes.open.remove(servers.get(0));
        caller.linkDown(servers.get(0), MILLI);
        assertThat(asked()).hasSize(1);

        routes.open.add(servers.get(0));
        caller.routesChanged(100 * MILLI);

        assertThat(asked()).containsExactly(servers.get(0), servers.get(0));
        Frame.Ask before = (Frame.Ask) routes.sent.getFirst().frame();
        Frame.Ask after = (Frame.Ask) routes.last().frame();
        assertThat(after.id()).isEqualTo(before.id());
        caller.answered(servers.get(0), failed(call, Failure.HANDLER_FAILED), 0);
        assertThat(call.told).containsExactly("FAILED HANDLER_FAILED");
    }

    @Test
    @Tag("PT-10")
    @Tag("PT-11")
    void whoDoesNotComeBackIsReplacedByAnotherAndMayHaveRunIt() {
        serve(2);
        RecordedCall call = start(0);
        routes.open.remove(servers.get(0));
        caller.linkDown(servers.get(0), MILLI);

        caller.tick(200 * MILLI);
        assertThat(asked()).hasSize(1);
        caller.tick(260 * MILLI);

        assertThat(asked()).containsExactlyElementsOf(servers);
        caller.answered(servers.get(1), failed(call, Failure.HANDLER_FAILED), 261 * MILLI);
        assertThat(call.told).containsExactly("UNKNOWN HANDLER_FAILED");
    }

    @Test
    @Tag("PT-10")
    @Tag("FD-72")
    void whoIsNotThereAnyMoreIsNotWaitedFor() {
        serve(2);
        start(0);
        routes.open.remove(servers.get(0));
        routes.members.remove(1L);

        caller.linkDown(servers.get(0), MILLI);

        assertThat(asked()).containsExactlyElementsOf(servers);
    }

    @Test
    @Tag("PT-11")
    void atMostOnceGoesOnWhereItWasNotSeenAndIsUnknownWhereItMayHaveBeen() {
        serve(2);
        RecordedCall call = RecordedCall.anyAtMostOnce(++calls, DEADLINE);
        caller.start(call, 0);
        caller.answered(servers.get(0), full(call), 0);
        assertThat(asked()).containsExactlyElementsOf(servers);

        caller.linkDown(servers.get(1), 0);

        assertThat(call.told).containsExactly("UNKNOWN UNAVAILABLE");
    }

    @Test
    @Tag("PT-12")
    @Tag("FD-73")
    @Tag("NC-06")
    void failingFastWaitsForNobody() {
        RecordedCall early = RecordedCall.anyFailingFast(++calls, DEADLINE);
        caller.start(early, 0);
        assertThat(early.told).as("not all servers have spoken").isEmpty();

        serve(0);
        RecordedCall late = RecordedCall.anyFailingFast(++calls, DEADLINE);
        caller.start(late, 0);

        assertThat(early.told).containsExactly("FAILED NOT_FOUND");
        assertThat(late.told).containsExactly("FAILED NOT_FOUND");
    }

    @Test
    @Tag("COX-1")
    void whoDoesNotKnowTheVerbIsPassedOverUntilNobodyIsLeft() {
        serve(2);
        RecordedCall call = start(0);
        RecordedCall other = start(0);

        caller.answered(
                servers.get(0),
                new Frame.Unseen(call.number(), Failure.METHOD_NOT_ALLOWED, "passed"),
                0);
        assertThat(asked()).containsExactly(servers.get(0), servers.get(1), servers.get(1));
        caller.answered(
                servers.get(1),
                new Frame.Unseen(call.number(), Failure.METHOD_NOT_ALLOWED, "passed"),
                0);

        assertThat(call.told).containsExactly("FAILED METHOD_NOT_ALLOWED");
        assertThat(other.told).isEmpty();
    }
}
