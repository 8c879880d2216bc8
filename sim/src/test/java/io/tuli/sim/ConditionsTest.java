package io.tuli.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Failure;
import io.tuli.LogPosition;
import io.tuli.Message;
import io.tuli.Outcome;
import io.tuli.ServiceConfig;
import io.tuli.Verbs;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a conditional write holds to, whoever owns its document by then. */
class ConditionsTest {

    private static final ServiceConfig<Object> CARTS =
            ServiceConfig.of("carts", Object.class).partitions(1);

    private static final Duration SOON = Duration.ofSeconds(30);

    private final SimCluster cluster = new SimCluster(1).everywhere(CARTS);

    private static Message update(Object value) {
        return Message.of(Verbs.UPDATE, value).key("u1");
    }

    private void assertConflict(SimCall<?> call) {
        cluster.await("the end of " + call, call::isEnded, SOON);
        assertThat(call.outcome()).as("%s", call).isEqualTo(Outcome.FAILED);
        assertThat(call.failure()).as("%s", call).isEqualTo(Failure.CONFLICT);
    }

    private LogPosition positionOf(SimCall<?> call) {
        call.reply();
        return Objects.requireNonNull(call.receipt()).position();
    }

    @Test
    @Tag("PT-81")
    void ofTwoThatAreUnderWayTogetherTheFirstHolds() {
        cluster.servers(3);
        SimService<Object> carts = cluster.client().service(CARTS);
        LogPosition version = positionOf(carts.update("u1", 1));

        SimCall<?> first = carts.send(update(2).ifVersion(version));
        SimCall<?> second = carts.send(update(3).ifVersion(version));

        LogPosition next = positionOf(first);
        assertConflict(second);
        assertThat(carts.versioned("u1").version()).isEqualTo(next);
        assertThat(carts.get("u1")).isEqualTo(2);
    }

    @Test
    @Tag("PT-81")
    void whileAnEarlierHandlerRunsItWaitsForWhatThatDecides() {
        cluster.slowHandlers(1);
        cluster.servers(3);
        SimService<Object> carts = cluster.client().service(CARTS);
        LogPosition version = positionOf(carts.update("u1", 1));

        SimCall<?> first = carts.update("u1", 2);
        SimCall<?> second = carts.send(update(3).ifVersion(version));

        assertConflict(second);
        first.reply();
        assertThat(carts.get("u1")).isEqualTo(2);
    }

    @Test
    @Tag("PT-80")
    void aVersionIsTheSameAtWhoeverTakesOver() {
        cluster.servers(3);
        SimService<Object> carts = cluster.client().service(CARTS);
        LogPosition old = positionOf(carts.update("u1", 1));
        LogPosition version = positionOf(carts.update("u1", 2));
        SimCall<?> once = carts.send(update(3).ifVersion(version).id("once"));
        LogPosition third = positionOf(once);

        cluster.kill(Objects.requireNonNull(carts.ownerOf("u1")));
        cluster.run(Duration.ofSeconds(20));

        assertThat(carts.versioned("u1").version()).isEqualTo(third);
        assertConflict(carts.send(update(4).ifVersion(old)));
        assertThat(positionOf(carts.send(update(3).ifVersion(version).id("once"))))
                .isEqualTo(third);
        positionOf(carts.send(update(4).ifVersion(third)));
    }

    @Test
    @Tag("PT-80")
    void aVersionIsTheSameAtWhoeverHasItFromASnapshotAlone() {
        SimMember first = cluster.server();
        SimService<Object> carts = cluster.client().service(CARTS);
        LogPosition version = positionOf(carts.update("u1", 1));
        for (int i = 0; i < 40; i++) {
            carts.update("filler", "x".repeat(30_000)).reply();
        }
        SimMember second = cluster.server();
        cluster.awaitConvergence(SOON);
        assertThat(second.service(CARTS).versioned("u1").version()).isEqualTo(version);

        cluster.leave(first);
        cluster.run(Duration.ofSeconds(20));

        positionOf(carts.send(update(2).ifVersion(version)));
    }

    @Test
    @Tag("PT-83")
    void eachSideOfASplitDecidesAloneAndAMergeMakesNewVersions() {
        List<SimMember> servers = cluster.servers(4);
        cluster.run(Duration.ofSeconds(2));
        SimService<Object> here = servers.get(0).service(CARTS);
        SimService<Object> there = servers.get(3).service(CARTS);
        LogPosition version = positionOf(here.update("u1", 1));
        cluster.run(Duration.ofSeconds(2));
        cluster.partition(servers.subList(0, 2), Duration.ofSeconds(20));
        cluster.run(Duration.ofSeconds(10));

        LogPosition ours = positionOf(here.send(update(2).ifVersion(version)));
        LogPosition theirs = positionOf(there.send(update(3).ifVersion(version)));
        cluster.heal();
        cluster.awaitConvergence(Duration.ofSeconds(60));

        LogPosition merged = here.versioned("u1").version();
        assertThat(there.versioned("u1").version()).isEqualTo(merged);
        for (LogPosition old : List.of(version, ours, theirs)) {
            if (!old.equals(merged)) {
                assertConflict(here.send(update(4).ifVersion(old)));
                assertConflict(there.send(update(4).ifVersion(old)));
            }
        }
        positionOf(there.send(update(5).ifVersion(merged)));
        assertThat(there.get("u1")).isEqualTo(5);
    }
}
