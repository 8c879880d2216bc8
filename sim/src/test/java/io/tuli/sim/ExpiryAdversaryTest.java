package io.tuli.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuli.Change;
import io.tuli.Failure;
import io.tuli.LogPosition;
import io.tuli.Message;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import io.tuli.Verbs;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Whatever is due when, and whoever asks meanwhile: documents go once, in time, in small pieces.
 */
class ExpiryAdversaryTest {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Duration TICK = Duration.ofMillis(20);

    private static final ServiceConfig<Object> BRIEF =
            ServiceConfig.of("brief", Object.class).partitions(1);

    private final SimCluster cluster = new SimCluster(3).everywhere(BRIEF);

    private static Message update(String key, Object value, Duration life) {
        return Message.of(Verbs.UPDATE, value).key(key).expireAfter(life);
    }

    private static void ended(SimCluster in, List<? extends SimCall<?>> calls) {
        in.await("all are told", () -> calls.stream().allMatch(SimCall::isEnded), SOON);
    }

    @Test
    @Tag("PT-73")
    void whatIsDueInOneMomentGoesInPiecesThatHoldUpNobody() {
        cluster.servers(2);
        SimService<Object> brief = cluster.client().service(BRIEF);
        Map<LogPosition, Integer> entries = new LinkedHashMap<>();
        brief.onChange(
                change -> {
                    if (change.reason() == Change.Reason.EXPIRED) {
                        entries.merge(change.position(), 1, Integer::sum);
                    }
                });
        cluster.awaitConvergence(SOON);
        Duration end = cluster.now().plusSeconds(60);
        List<SimCall<Object>> calls = new ArrayList<>();
        for (int i = 0; i < 6_000; i++) {
            calls.add(brief.send(update("s" + i, i, end.minus(cluster.now()))));
            if (i % 500 == 0) {
                cluster.run(TICK);
            }
        }
        ended(cluster, calls);
        assertThat(brief.state()).hasSize(6_000);
        cluster.run(end.minus(cluster.now()));
        int most = 0;
        for (int i = 0; i < 75; i++) {
            int before = sum(entries);
            cluster.run(TICK);
            most = Math.max(most, sum(entries) - before);
        }

        assertThat(sum(entries)).as("within 1.5 s").isEqualTo(6_000);
        assertThat(most).as("what one turn takes out").isBetween(100, 1_100);
        assertThat(entries.values()).allMatch(count -> count <= 64);
        assertThat(brief.state()).isEmpty();
    }

    private static int sum(Map<?, Integer> counts) {
        return counts.values().stream().mapToInt(each -> each).sum();
    }

    /** By a hash nothing is found any more then: all are walked, a part at a time. */
    @Test
    @Tag("PT-73")
    void keysMadeToMeetGoInTimeToo() {
        cluster.servers(2);
        SimService<Object> brief = cluster.client().service(BRIEF);
        List<SimCall<Object>> calls = new ArrayList<>();
        for (int i = 0; i < 256; i++) {
            StringBuilder key = new StringBuilder();
            for (int bit = 0; bit < 8; bit++) {
                key.append((i >> bit & 1) == 0 ? "Aa" : "BB");
            }
            calls.add(brief.send(update(key.toString(), i, Duration.ofSeconds(10))));
        }
        calls.add(brief.send(update("other", 1, Duration.ofSeconds(5))));
        calls.add(brief.send(update("stays", 1, Duration.ofHours(5))));
        ended(cluster, calls);

        cluster.run(Duration.ofSeconds(7));
        assertThat(brief.state()).hasSize(257).doesNotContainKey("other");
        cluster.run(Duration.ofSeconds(6));
        assertThat(brief.state()).containsOnlyKeys("stays");
    }

    @Test
    @Tag("PT-72")
    @Tag("PT-81")
    void whatIsOverIsAbsentToAConditionAndItsVersionIsNobodys() {
        cluster.server();
        SimService<Object> brief = cluster.client().service(BRIEF);
        for (int i = 0; i < 20; i++) {
            SimCall<Object> first = brief.send(update("k", i, Duration.ofMillis(40)).ifAbsent());
            first.reply();
            LogPosition version = Objects.requireNonNull(first.receipt()).position();
            cluster.run(Duration.ofMillis(41));

            SimCall<Object> old = brief.send(update("k", 0, SOON).ifVersion(version));
            assertThatThrownBy(old::reply).hasMessageContaining("version=absent");
            assertThat(old.failure()).isEqualTo(Failure.CONFLICT);
            cluster.run(Duration.ofMillis(20L * (i % 8)));
        }
    }

    @Test
    @Tag("PT-85")
    void whatIsKeptOfLargeDocumentsThatGoFitsItsEntries() {
        ServiceConfig<Object> kept = BRIEF.keepBefore();
        SimCluster other = new SimCluster(4).everywhere(kept);
        other.server();
        SimService<Object> brief = other.client().service(kept);
        List<String> told = new ArrayList<>();
        brief.onChange(change -> told.add(change.verb() + " " + change.key()));
        List<SimCall<Object>> calls = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            calls.add(brief.send(update("s" + i, "x".repeat(60_000), Duration.ofSeconds(2))));
        }
        ended(other, calls);
        other.run(Duration.ofSeconds(5));

        assertThat(brief.state()).isEmpty();
        assertThat(told).filteredOn(each -> each.startsWith("remove")).hasSize(100);
    }

    @Test
    @Tag("PT-71")
    void aRepeatRenewsNothingAndAnotherLifeUnderItsIdIsAnother() {
        cluster.servers(2);
        SimService<Object> brief = cluster.client().service(BRIEF);
        Message message = update("k", 1, Duration.ofSeconds(30)).id("named");
        brief.send(message).reply();
        Instant until = brief.expiresAt("k").orElseThrow();
        cluster.run(Duration.ofSeconds(10));

        brief.send(message).reply();
        SimCall<Object> longer = brief.send(message.expireAfter(Duration.ofHours(1)));
        SimCall<Object> never = brief.send(message.expireNever());

        assertThatThrownBy(longer::reply).isInstanceOf(TuliException.class);
        assertThat(longer.failure()).isEqualTo(Failure.CONFLICT);
        assertThatThrownBy(never::reply).isInstanceOf(TuliException.class);
        assertThat(brief.expiresAt("k")).contains(until);
    }

    @Test
    @Tag("PT-71")
    void lifeIsAMillisecondAtLeastAndThousandsOfYearsAreForGood() {
        cluster.server();
        SimService<Object> brief = cluster.client().service(BRIEF);
        brief.send(update("short", 1, Duration.ofNanos(1))).reply();
        brief.send(update("long", 1, Duration.ofDays(365_000))).reply();
        brief.send(update("longer", 1, Duration.ofSeconds(Long.MAX_VALUE))).reply();
        cluster.run(Duration.ofSeconds(2));

        assertThat(brief.state()).containsOnlyKeys("long", "longer");
        assertThat(brief.expiresAt("long").orElseThrow().toString()).startsWith("30");
        assertThat(brief.expiresAt("longer")).isEmpty();
        for (Duration none : List.of(Duration.ZERO, Duration.ofSeconds(-1))) {
            assertThatThrownBy(() -> update("k", 1, none)).hasMessageContaining("after a while");
            assertThatThrownBy(() -> BRIEF.expireAfter(none)).hasMessageContaining("after a while");
        }
    }

    @Test
    @Tag("PT-71")
    void aTouchIsInTimeOrNotAndNeverBoth() {
        cluster.servers(2);
        SimService<Object> brief = cluster.client().service(BRIEF);
        int touched = 0;
        for (int i = 0; i < 60; i++) {
            String key = "k" + i;
            brief.send(update(key, i, Duration.ofMillis(300))).reply();
            cluster.run(Duration.ofMillis(270 + i));
            SimCall<Boolean> touch = brief.touch(key, Duration.ofMinutes(10));
            boolean isThere = Boolean.TRUE.equals(touch.reply());
            touched += isThere ? 1 : 0;
            cluster.run(Duration.ofMillis(400));

            assertThat(brief.get(key))
                    .as("%s touched: %s", key, isThere)
                    .isEqualTo(isThere ? i : null);
        }
        assertThat(touched).isBetween(1, 59);
    }

    @Test
    @Tag("PT-74")
    void whatNobodyTakesOutIsHiddenTwoSecondsLater() {
        SimMember server = cluster.server();
        SimService<Object> brief = cluster.client().service(BRIEF);
        brief.send(update("k", 1, Duration.ofSeconds(2))).reply();
        cluster.pause(server, Duration.ofSeconds(8));

        cluster.run(Duration.ofMillis(3_500));
        assertThat(brief.get("k")).isEqualTo(1);
        assertThat(brief.versioned("k").exists()).isTrue();
        cluster.run(Duration.ofSeconds(1));
        assertThat(brief.get("k")).isNull();
        assertThat(brief.state()).isEmpty();
        assertThat(brief.versioned("k").exists()).isFalse();
        assertThat(brief.expiresAt("k")).isEmpty();
    }

    /** PT-75: the owner's clock decides, and what it decided is in the changelog. */
    @Test
    @Tag("PT-75")
    void aStepOfTheOwnersClockTakesOutSoonerOrLaterEverywhereAlike() {
        SimMember owner = cluster.server();
        SimService<Object> brief = cluster.client().service(BRIEF);
        brief.send(update("hour", 1, Duration.ofHours(1))).reply();
        brief.send(update("day", 1, Duration.ofDays(1))).reply();

        cluster.skew(owner, Duration.ofHours(-2));
        brief.send(update("brief", 1, Duration.ofSeconds(10))).reply();
        cluster.run(Duration.ofSeconds(12));
        assertThat(brief.state()).containsOnlyKeys("hour", "day");
        cluster.skew(owner, Duration.ofHours(2));
        cluster.run(Duration.ofSeconds(2));

        assertThat(brief.state()).containsOnlyKeys("day");
        assertThat(owner.service(BRIEF).state()).containsOnlyKeys("day");
    }

    @Test
    @Tag("PT-75")
    @Tag("PT-78")
    void whoTakesOverGoesByWhatIsInTheChangelogAndItsOwnClock() {
        SimMember first = cluster.server();
        SimService<Object> brief = cluster.client().service(BRIEF);
        SimMember behind = cluster.server();
        cluster.skew(behind, Duration.ofMinutes(-5));
        brief.send(update("k", 1, Duration.ofMinutes(2))).reply();
        Instant until = brief.expiresAt("k").orElseThrow();
        cluster.awaitConvergence(SOON);
        cluster.leave(first);
        cluster.run(Duration.ofSeconds(30));
        assertThat(behind.service(BRIEF).expiresAt("k")).contains(until);

        cluster.run(Duration.ofMinutes(5));
        assertThat(behind.service(BRIEF).get("k")).as("by its own clock").isEqualTo(1);
        assertThat(brief.get("k")).as("hidden by the reader's").isNull();
        cluster.run(Duration.ofMinutes(2));
        assertThat(behind.service(BRIEF).get("k")).isNull();
    }
}
