package io.tuli.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Failure;
import io.tuli.MemberId;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Servers;
import io.tuli.protocol.Servers.Distance;
import io.tuli.protocol.Servers.Server;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Which version a call to whichever server goes to, how many of them, and how far. */
class RoutingTest {

    private static final long MILLI = 1_000_000;
    private static final long DEADLINE = 20_000 * MILLI;
    private static final int UNSAID = Server.UNSAID;
    private static final Choice SECOND = Choice.ANY.of(VersionRange.of("2.x"));
    private static final Choice NEAR = Choice.ANY.near();

    private final DrawnRoutes routes = new DrawnRoutes();
    private final Caller caller = new Caller(0, routes, Duration.ofMinutes(2));
    private final List<Server> servers = new ArrayList<>();
    private long calls;

    private MemberId server(String version, int share, Distance distance) {
        MemberId member = routes.member(servers.size() + 1);
        servers.add(new Server(member, version, share, distance));
        return member;
    }

    private MemberId server(String version, int share) {
        return server(version, share, Distance.ELSEWHERE);
    }

    private void serve() {
        caller.servers(RecordedCall.SERVICE, new Servers(true, servers), 0);
    }

    private void isGone(MemberId member) {
        servers.removeIf(server -> server.member().equals(member));
        serve();
    }

    private RecordedCall start(Choice choice) {
        RecordedCall call = RecordedCall.any(choice, ++calls, DEADLINE);
        caller.start(call, 0);
        return call;
    }

    /** Who takes so many calls, each of which is answered before the next. */
    private List<MemberId> asked(int count, Choice choice) {
        List<MemberId> asked = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            RecordedCall call = start(choice);
            asked.add(routes.last().to());
            caller.answered(routes.last().to(), RecordedCall.ok(call), 0);
            assertThat(call.told).contains("reply 1");
        }
        return asked;
    }

    @Test
    @Tag("PT-03")
    void equalOnesAreAskedInTurnWhateverOtherCallsThereAre() {
        MemberId one = server("1.0", UNSAID);
        MemberId two = server("2.0", UNSAID);
        MemberId three = server("2.0", UNSAID);
        serve();

        List<MemberId> asked = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            asked.addAll(asked(1, SECOND));
            asked(1, Choice.ANY.of(VersionRange.of("=1.0")));
        }

        assertThat(countOf(one, asked)).isZero();
        assertThat(countOf(two, asked)).isEqualTo(50);
        assertThat(countOf(three, asked)).isEqualTo(50);
    }

    private static long countOf(MemberId member, List<MemberId> asked) {
        return asked.stream().filter(member::equals).count();
    }

    // ---- versions ------------------------------------------------------------------------------

    @Test
    @Tag("NC-13")
    void onlyServersOfTheVersionsThatAreAskedForAreAsked() {
        server("1.9", UNSAID);
        MemberId two = server("2.0", UNSAID);
        server("2.0-rc1", UNSAID);
        MemberId three = server("2.7", UNSAID);
        server("", UNSAID);
        serve();

        List<MemberId> asked = asked(100, SECOND);

        assertThat(countOf(two, asked)).isEqualTo(50);
        assertThat(countOf(three, asked)).isEqualTo(50);
        Frame.Ask ask = (Frame.Ask) routes.last().frame();
        assertThat(ask.extensions().servedAs()).as("for who is asked to look").isEqualTo("2.x");
    }

    @Test
    @Tag("NC-13")
    @Tag("PT-12")
    void whereNobodyServesThatVersionFailingFastIsToldWhichThereAre() {
        server("1.10", UNSAID);
        server("1.9", UNSAID);
        server("1.9", UNSAID);
        server("", UNSAID);
        serve();
        RecordedCall call = RecordedCall.anyFailingFast(SECOND, ++calls, DEADLINE);

        caller.start(call, 0);

        assertThat(call.told).containsExactly("FAILED NOT_FOUND");
        assertThat(call.detail).contains("version=2.x there=(none), 1.10, 1.9");
    }

    @Test
    @Tag("NC-13")
    @Tag("PT-08")
    void whoWaitsForAVersionIsTakenByTheFirstOfItAndInNobodysWay() {
        server("1.9", UNSAID);
        serve();
        RecordedCall early = start(SECOND);
        RecordedCall late = start(SECOND);
        assertThat(routes.sent).isEmpty();

        assertThat(asked(3, Choice.ANY)).hasSize(3);
        MemberId two = server("2.0", UNSAID);
        serve();

        assertThat(routes.sent.subList(3, 5))
                .extracting(sent -> ((Frame.Ask) sent.frame()).call())
                .containsExactly(early.number(), late.number());
        assertThat(routes.last().to()).isEqualTo(two);
    }

    @Test
    @Tag("NC-13")
    void whatNobodyOfItsVersionTookSaysAtItsDeadlineWhichThereAre() {
        server("1.9", UNSAID);
        serve();
        RecordedCall call = start(SECOND);

        caller.tick(DEADLINE + 1);

        assertThat(call.told).containsExactly("FAILED UNAVAILABLE");
        assertThat(call.detail).contains("version=2.x there=1.9 until the deadline");
    }

    @Test
    @Tag("PT-08")
    void noLineOfThoseWhoWaitGoesBeforeTheOthers() {
        MemberId one = server("1.0", UNSAID);
        MemberId two = server("2.0", UNSAID);
        serve();
        routes.open.clear();
        for (int i = 0; i < 10; i++) {
            start(Choice.ANY);
            start(SECOND);
        }
        RecordedCall full = RecordedCall.any(SECOND, ++calls, DEADLINE);
        routes.open.add(two);
        caller.start(full, 0);
        assertThat(routes.sent).as("those before it go first").isEmpty();

        caller.routesChanged(0);

        List<String> order =
                routes.sent.stream()
                        .map(sent -> ((Frame.Ask) sent.frame()).extensions().servedAs())
                        .toList();
        assertThat(order).hasSize(21);
        assertThat(order.subList(0, 20)).containsExactlyElementsOf(alternating(order.get(0)));
        assertThat(one).isNotEqualTo(two);
    }

    private static List<String> alternating(String first) {
        String second = first.isEmpty() ? "2.x" : "";
        List<String> all = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            all.add(first);
            all.add(second);
        }
        return all;
    }

    @Test
    @Tag("PT-08")
    void noMoreThanTheLimitWaitInAllLinesTogether() {
        serve();
        for (int i = 0; i < 1_024; i++) {
            start(Choice.ANY.of(VersionRange.of("2." + i)));
        }

        RecordedCall oneMore = start(Choice.ANY);

        assertThat(oneMore.told).containsExactly("FAILED OVERLOADED");
        MemberId two = server("2.77", UNSAID);
        serve();
        assertThat(routes.sent).hasSize(1);
        assertThat(routes.last().to()).isEqualTo(two);
        assertThat(start(Choice.ANY).told).isEmpty();
    }

    @Test
    void whoIsOfAnotherVersionNowIsNotAskedForASecondUnlessItSaysSo() {
        MemberId one = server("2.0", UNSAID);
        serve();
        RecordedCall call = start(SECOND);
        caller.answered(one, new Frame.Unseen(call.number(), Failure.NOT_FOUND, "another"), 0);
        assertThat(routes.sent).hasSize(1);
        assertThat(call.told).isEmpty();

        servers.set(0, new Server(one, "2.1", UNSAID, Distance.ELSEWHERE));
        serve();

        assertThat(routes.sent).hasSize(2);
    }

    @Test
    @Tag("COX-1")
    void whoseVersionsAllDoNotKnowItFailsThoughOthersMay() {
        server("1.0", UNSAID);
        MemberId two = server("2.0", UNSAID);
        serve();
        RecordedCall call = start(SECOND);

        caller.answered(
                two, new Frame.Unseen(call.number(), Failure.METHOD_NOT_ALLOWED, "passed"), 0);

        assertThat(call.told).containsExactly("FAILED METHOD_NOT_ALLOWED");
    }

    // ---- shares --------------------------------------------------------------------------------

    @Test
    @Tag("PT-05")
    @Tag("NC-13")
    void ofAnyCallsInARowAVersionGetsItsShareToTheCall() {
        MemberId one = server("1.0", UNSAID);
        MemberId other = server("1.1", UNSAID);
        MemberId canary = server("2.0", 5);
        serve();

        List<MemberId> asked = asked(1_000, Choice.ANY);

        assertThat(countOf(canary, asked)).isEqualTo(50);
        assertThat(countOf(one, asked)).isEqualTo(475);
        assertThat(countOf(other, asked)).isEqualTo(475);
        for (int length : new int[] {1, 19, 20, 33, 500}) {
            for (int from = 0; from + length <= 1_000; from++) {
                double part = length * 0.05;
                assertThat(countOf(canary, asked.subList(from, from + length)))
                        .isBetween((long) Math.floor(part), (long) Math.ceil(part));
            }
        }
    }

    @Test
    @Tag("PT-05")
    void severalVersionsGetTheirSharesAndTheRestIsForWhoSaysNone() {
        MemberId rest = server("1.0", UNSAID);
        MemberId five = server("2.0", 5);
        MemberId twenty = server("3.0", 20);
        MemberId also = server("3.0", UNSAID);
        serve();

        List<MemberId> asked = asked(1_000, Choice.ANY);

        assertThat(countOf(rest, asked)).isEqualTo(750);
        assertThat(countOf(five, asked)).isEqualTo(50);
        assertThat(countOf(twenty, asked)).isEqualTo(100);
        assertThat(countOf(also, asked)).as("of the same version").isEqualTo(100);
    }

    @Test
    @Tag("PT-05")
    void theShareIsOfThoseThatAreAskedFor() {
        server("1.0", UNSAID);
        MemberId stable = server("2.0", UNSAID);
        MemberId canary = server("2.1", 10);
        serve();

        List<MemberId> asked = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            asked.addAll(asked(1, SECOND));
            asked(1, Choice.ANY);
        }

        assertThat(countOf(stable, asked)).isEqualTo(90);
        assertThat(countOf(canary, asked)).isEqualTo(10);
        assertThat(asked(10, Choice.ANY.of(VersionRange.of("2.1")))).containsOnly(canary);
    }

    @Test
    @Tag("PT-05")
    void whoIsNotReadyIsPassedOverAndWhoIsGoneHasNoShare() {
        MemberId stable = server("1.0", UNSAID);
        MemberId canary = server("2.0", 50);
        MemberId dark = server("3.0", 0);
        serve();
        routes.open.remove(canary);
        assertThat(asked(10, Choice.ANY)).containsOnly(stable);
        routes.open.add(canary);
        routes.open.remove(stable);
        assertThat(asked(10, Choice.ANY)).containsOnly(canary);
        routes.open.remove(canary);
        RecordedCall waiting = start(Choice.ANY);
        assertThat(waiting.isWaiting()).as("a share of 0 is none while others serve").isTrue();

        isGone(stable);
        isGone(canary);

        assertThat(routes.last().to()).as("but where nobody else does").isEqualTo(dark);
        assertThat(asked(10, Choice.ANY)).containsOnly(dark);
    }

    @Test
    @Tag("PT-05")
    void sharesBeyondAHundredAreProportions() {
        MemberId rest = server("1.0", UNSAID);
        MemberId one = server("2.0", 100);
        MemberId other = server("3.0", 50);
        serve();

        List<MemberId> asked = asked(300, Choice.ANY);

        assertThat(countOf(rest, asked)).isZero();
        assertThat(countOf(one, asked)).isEqualTo(200);
        assertThat(countOf(other, asked)).isEqualTo(100);
    }

    // ---- nearness ------------------------------------------------------------------------------

    @Test
    @Tag("PT-04")
    @Tag("SP-11")
    void nearerOnesGoFirstAndFurtherOnesWhereThoseAreFullOrGone() {
        MemberId far = server("", UNSAID, Distance.ELSEWHERE);
        MemberId beside = server("", UNSAID, Distance.THIS_MACHINE);
        MemberId besides = server("", UNSAID, Distance.THIS_MACHINE);
        MemberId own = server("", UNSAID, Distance.THIS_MEMBER);
        serve();
        assertThat(asked(10, NEAR)).containsOnly(own);
        RecordedCall refused = start(NEAR);

        caller.answered(own, new Frame.Unseen(refused.number(), Failure.OVERLOADED, "full"), 0);
        caller.answered(routes.last().to(), RecordedCall.ok(refused), 0);

        List<MemberId> asked = asked(10, NEAR);
        assertThat(asked).containsOnly(beside, besides);
        assertThat(countOf(beside, asked)).as("of equals each in turn").isEqualTo(5);
        isGone(beside);
        routes.open.remove(besides);
        assertThat(asked(10, NEAR)).containsOnly(far);
        routes.open.add(besides);
        assertThat(asked(10, NEAR)).containsOnly(besides);
        assertThat(asked(10, Choice.ANY)).as("who does not say so asks all").contains(far, besides);
    }

    @Test
    @Tag("PT-04")
    void aNearOneIsFoundAmongManyThatAreFar() {
        for (int i = 0; i < 200; i++) {
            server("", UNSAID, Distance.ELSEWHERE);
        }
        MemberId own = server("", UNSAID, Distance.THIS_MEMBER);
        serve();

        assertThat(asked(300, NEAR)).containsOnly(own);
    }

    @Test
    @Tag("PT-04")
    @Tag("NC-13")
    void theVersionCountsBeforeTheDistance() {
        server("1.0", UNSAID, Distance.THIS_MEMBER);
        MemberId far = server("2.0", UNSAID, Distance.ELSEWHERE);
        serve();

        assertThat(asked(10, SECOND.near())).containsOnly(far);
    }
}
