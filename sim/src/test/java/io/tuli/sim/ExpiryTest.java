package io.tuli.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Change;
import io.tuli.Failure;
import io.tuli.Message;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import io.tuli.Turn;
import io.tuli.Verbs;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What has outlived its time goes by itself, everywhere alike, whatever happens meanwhile. */
class ExpiryTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration SOON = Duration.ofSeconds(30);

    private static final ServiceConfig<Object> SESSIONS =
            ServiceConfig.of("sessions", Object.class)
                    .partitions(1)
                    .expireAfter(MINUTE)
                    .handler(ExpiryTest::handle);

    private final SimCluster cluster = new SimCluster(1).everywhere(SESSIONS);

    private static @Nullable Object handle(Message message, Turn<Object> turn) {
        switch (message.verb()) {
            case "SEEN" -> {
                return turn.value() == null ? "nothing" : "something";
            }
            case "RENEW" -> turn.expireAfter(Duration.ofMinutes(10));
            default -> {
                return turn.pass();
            }
        }
        return null;
    }

    private static Instant until(SimService<?> sessions, String key) {
        return sessions.expiresAt(key).orElseThrow();
    }

    private void assertGone(SimService<Object> at, String key) {
        cluster.await(key + " has gone at " + at.member(), () -> at.get(key) == null, SOON);
    }

    @Test
    @Tag("PT-70")
    @Tag("PT-73")
    void itGoesAtEveryReplicaWithinASecondAndFeedsAreToldWhy() {
        List<SimMember> servers = cluster.servers(3);
        SimService<Object> sessions = cluster.client().service(SESSIONS);
        List<Change> told = new ArrayList<>();
        servers.get(1).service(SESSIONS).onChange(told::add);
        sessions.update("s1", 1).reply();
        Instant until = until(sessions, "s1");

        cluster.awaitConvergence(SOON);
        servers.forEach(each -> assertThat(until(each.service(SESSIONS), "s1")).isEqualTo(until));
        cluster.run(Duration.ofSeconds(55));
        assertThat(sessions.get("s1")).isEqualTo(1);
        cluster.run(Duration.ofSeconds(7));

        servers.forEach(each -> assertThat(each.service(SESSIONS).state()).isEmpty());
        assertThat(told).extracting(Change::kind).endsWith(Change.Kind.REMOVE);
        assertThat(told.getLast().reason()).isEqualTo(Change.Reason.EXPIRED);
        assertThat(told.getFirst().reason()).isEqualTo(Change.Reason.REQUEST);
    }

    @Test
    @Tag("PT-71")
    void eachChangeAndTouchRenewsItAndReadingDoesNot() {
        cluster.servers(2);
        SimService<Object> sessions = cluster.client().service(SESSIONS);
        sessions.update("s1", Map.of("n", 1)).reply();
        sessions.update("s2", Map.of("n", 1)).reply();
        sessions.update("s3", 1).reply();
        for (int i = 0; i < 4; i++) {
            cluster.run(Duration.ofSeconds(40));
            assertThat(sessions.touch("s1").reply()).isTrue();
            sessions.update("s2.n", i).reply();
            sessions.send(Message.of("SEEN").key("s3")).reply();
        }

        assertThat(sessions.state()).containsOnlyKeys("s1", "s2");
        assertThat(sessions.touch("s3").reply()).isFalse();
        cluster.run(Duration.ofSeconds(62));
        assertThat(sessions.state()).isEmpty();
    }

    @Test
    @Tag("PT-71")
    void aDurationOfItsOwnMeansThatOneAndNeverStays() {
        cluster.servers(2);
        SimService<Object> sessions = cluster.client().service(SESSIONS);
        sessions.update("short", 1, Duration.ofSeconds(5)).reply();
        sessions.update("long", 1, Duration.ofHours(2)).reply();
        sessions.send(Message.of(Verbs.UPDATE, 1).key("stays").expireNever()).reply();
        sessions.update("shorter", 1).reply();
        assertThat(sessions.touch("shorter", Duration.ofSeconds(5)).reply()).isTrue();
        sessions.update("renewed", 1).reply();
        sessions.send(Message.of("RENEW").key("renewed")).reply();
        sessions.update("long", 2).reply();
        sessions.update("stays", 2).reply();

        cluster.run(Duration.ofSeconds(7));
        assertThat(sessions.state()).containsOnlyKeys("long", "stays", "renewed");
        cluster.run(Duration.ofMinutes(5));
        assertThat(sessions.state()).containsOnlyKeys("long", "stays", "renewed");
        cluster.run(Duration.ofMinutes(6));
        assertThat(sessions.state()).containsOnlyKeys("long", "stays");
        assertThat(sessions.expiresAt("stays")).isEmpty();
    }

    /** Two of its durations long nothing is looked at: then it is over all the same. */
    @Test
    @Tag("PT-72")
    void whatIsDueNoDecisionSeesAndFeedsAreToldBoth() {
        cluster.server();
        SimService<Object> sessions = cluster.client().service(SESSIONS);
        List<String> told = new ArrayList<>();
        sessions.onChange(change -> told.add(change.verb() + " " + change.reason()));
        for (int i = 0; i < 30; i++) {
            sessions.update("s" + i, Map.of("a", 1, "b", 2), Duration.ofMillis(2)).reply();
            cluster.run(Duration.ofMillis(3));
            int number = i;
            SimCall<Object> seen = sessions.send(Message.of("SEEN").key("s" + i));
            assertThat(seen.reply()).as("s%d", number).isEqualTo("nothing");
            sessions.update("s" + i + ".a", 2).reply();
            assertThat(sessions.get("s" + i)).isEqualTo(Map.of("a", 2));
        }
        assertThat(told).filteredOn("remove EXPIRED"::equals).hasSize(30);
    }

    @Test
    @Tag("PT-78")
    void itGoesInTimeAtWhoeverTakesOverAndWhoeverHasASnapshot() {
        SimMember first = cluster.server();
        SimService<Object> sessions = cluster.client().service(SESSIONS);
        sessions.update("s1", 1).reply();
        sessions.update("s2", 1, Duration.ofMinutes(5)).reply();
        Instant until = until(sessions, "s2");
        for (int i = 0; i < 40; i++) {
            sessions.update("filler", "x".repeat(30_000)).reply();
        }
        List<SimMember> others = cluster.servers(2);
        cluster.awaitConvergence(SOON);
        others.forEach(each -> assertThat(until(each.service(SESSIONS), "s2")).isEqualTo(until));

        cluster.leave(first);
        cluster.run(Duration.ofSeconds(65));
        assertThat(sessions.state()).containsOnlyKeys("s2");
        cluster.kill(Objects.requireNonNull(sessions.ownerOf("s2")));
        cluster.run(Duration.ofMinutes(5));

        assertGone(sessions, "s2");
    }

    @Test
    @Tag("PT-71")
    void touchingWhatHasNoDurationAnywhereIsRefused() {
        ServiceConfig<Object> plain = ServiceConfig.of("plain", Object.class).partitions(1);
        SimCluster other = new SimCluster(2).everywhere(plain);
        other.server();
        SimService<Object> things = other.client().service(plain);
        things.update("k", 1).reply();

        SimCall<Boolean> touch = things.touch("k");
        Assertions.assertThatThrownBy(touch::reply)
                .isInstanceOf(TuliException.class)
                .hasMessageContaining("expireAfter");
        assertThat(touch.failure()).isEqualTo(Failure.BAD_REQUEST);
        assertThat(things.touch("k", MINUTE).reply()).isTrue();
        assertThat(things.expiresAt("k")).isPresent();
        things.update("k", 2).reply();
        assertThat(things.expiresAt("k")).as("a write renews nothing here").isPresent();
        other.run(Duration.ofSeconds(62));
        assertThat(things.state()).isEmpty();
    }

    @Test
    @Tag("PT-73")
    void tenThousandAtOnceGoInAFewTicks() {
        cluster.servers(2);
        SimService<Object> sessions = cluster.client().service(SESSIONS);
        cluster.awaitConvergence(SOON);
        List<SimCall<Void>> calls = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            calls.add(sessions.update("s" + i, i));
            if (i % 100 == 0) {
                cluster.run(Duration.ofMillis(20));
            }
        }
        cluster.await("all are told", () -> calls.stream().allMatch(SimCall::isEnded), SOON);
        assertThat(sessions.state()).hasSize(10_000);
        cluster.run(Duration.ofSeconds(65));

        assertThat(sessions.state()).isEmpty();
    }

    // ---- splits --------------------------------------------------------------------------------

    private record Sides(SimService<Object> here, SimService<Object> there) {}

    /** Two sides that both have s1, with a minute to live. */
    private Sides split() {
        List<SimMember> servers = cluster.servers(4);
        cluster.run(Duration.ofSeconds(2));
        SimService<Object> here = servers.get(0).service(SESSIONS);
        SimService<Object> there = servers.get(3).service(SESSIONS);
        here.update("s1", Map.of("a", 1)).reply();
        here.update("s2", Map.of("a", 1)).reply();
        cluster.run(Duration.ofSeconds(2));
        cluster.partition(servers.subList(0, 2), Duration.ofMinutes(5));
        cluster.run(Duration.ofSeconds(20));
        return new Sides(here, there);
    }

    private void mergeAfter(Duration duration, Sides sides) {
        cluster.run(duration);
        cluster.heal();
        cluster.awaitConvergence(Duration.ofMinutes(1));
        assertThat(sides.here.state()).isEqualTo(sides.there.state());
    }

    @Test
    @Tag("PT-76")
    void whatOneSideTouchedIsThereAfterTheOtherTookItOut() {
        for (boolean isHere : new boolean[] {true, false}) {
            ExpiryTest each = new ExpiryTest();
            Sides sides = each.split();
            SimService<Object> renewing = isHere ? sides.here : sides.there;
            assertThat(renewing.touch("s1", Duration.ofHours(1)).reply()).isTrue();
            Instant until = until(renewing, "s1");

            each.mergeAfter(Duration.ofMinutes(1), sides);

            assertThat(sides.here.state()).containsOnlyKeys("s1");
            assertThat(sides.here.get("s1")).isEqualTo(Map.of("a", 1));
            assertThat(until(sides.here, "s1")).isEqualTo(until);
            assertThat(until(sides.there, "s1")).isEqualTo(until);
        }
    }

    @Test
    @Tag("PT-76")
    void whatOneSideWroteIsThereAfterTheOtherTookItOut() {
        for (boolean isHere : new boolean[] {true, false}) {
            ExpiryTest each = new ExpiryTest();
            Sides sides = each.split();
            SimService<Object> writing = isHere ? sides.here : sides.there;
            writing.update("s1", 7, Duration.ofHours(1)).reply();
            writing.send(Message.of(Verbs.UPDATE, 2).key("s2.b").expireAfter(Duration.ofHours(1)))
                    .reply();

            each.mergeAfter(Duration.ofMinutes(1), sides);

            assertThat(sides.here.state()).isEqualTo(Map.of("s1", 7, "s2", Map.of("a", 1, "b", 2)));
        }
    }

    @Test
    @Tag("PT-76")
    void ofTwoTouchesTheLongerOneCounts() {
        Sides sides = split();
        sides.here.touch("s1", Duration.ofMinutes(20)).reply();
        sides.there.touch("s1", Duration.ofMinutes(30)).reply();
        Instant longer = until(sides.there, "s1");
        sides.here.touch("s2", Duration.ofMinutes(30)).reply();
        sides.there.touch("s2", Duration.ofMinutes(20)).reply();
        Instant other = until(sides.here, "s2");

        mergeAfter(Duration.ofSeconds(1), sides);

        assertThat(until(sides.here, "s1")).isEqualTo(longer);
        assertThat(until(sides.there, "s1")).isEqualTo(longer);
        assertThat(until(sides.here, "s2")).isEqualTo(other);
        assertThat(until(sides.there, "s2")).isEqualTo(other);
    }

    @Test
    @Tag("PT-76")
    @Tag("PT-77")
    void whatBothTookOutStaysOut() {
        Sides sides = split();

        mergeAfter(Duration.ofSeconds(70), sides);

        assertThat(sides.here.state()).isEmpty();
    }
}
