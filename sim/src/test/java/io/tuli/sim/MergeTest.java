package io.tuli.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Failure;
import io.tuli.Limits;
import io.tuli.Outcome;
import io.tuli.ServiceConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * What both sides of a split do to one document comes together (A3, A5): counters and sets keep
 * every acknowledged update, what was removed stays removed, a merge function sees what both sides
 * made of what they had in common. Splits overlap, heal in parts, and split again.
 */
class MergeTest {

    private static final int SEEDS = Integer.getInteger("tuli.seeds", 40);
    private static final String COUNTER = "counter";
    private static final String SET = "box.set";

    @Test
    void countersAndSetsKeepEveryUpdate() {
        SimCluster.forEachSeed(SEEDS, MergeTest::countAndCollect);
    }

    private static void countAndCollect(SimCluster cluster) {
        ServiceConfig<Object> config = ServiceConfig.of("values", Object.class).partitions(2);
        Splits splits = new Splits(cluster, config);
        List<SimCall<?>> increments = new ArrayList<>();
        List<SimCall<Boolean>> includes = new ArrayList<>();
        List<SimCall<Boolean>> excludes = new ArrayList<>();
        List<Integer> excluded = new ArrayList<>();

        splits.run(
                from -> {
                    int what = splits.random().nextInt(4);
                    List<?> set = from.get(SET, List.class);
                    if (what == 0) {
                        increments.add(from.increment(COUNTER, 1));
                    } else if (what == 1 && set != null && !set.isEmpty()) {
                        Object element = set.get(splits.random().nextInt(set.size()));
                        excluded.add(((Number) element).intValue());
                        excludes.add(from.exclude(SET, element));
                    } else {
                        includes.add(from.include(SET, includes.size()));
                    }
                });

        SimService<Object> values = cluster.members().get(0).service(config);
        assertSum(values.get(COUNTER, Long.class), increments);
        List<?> set = values.get(SET, List.class);
        assertThat(set).isNotNull().doesNotHaveDuplicates();
        for (int i = 0; i < includes.size(); i++) {
            SimCall<Boolean> include = includes.get(i);
            if (include.outcome() == Outcome.OK && !excluded.contains(i)) {
                assertThat(set.contains(i)).as("is included: %s", include).isTrue();
            }
        }
        for (int i = 0; i < excludes.size(); i++) {
            SimCall<Boolean> exclude = excludes.get(i);
            if (exclude.outcome() == Outcome.OK && exclude.reply()) {
                assertThat(set.contains(excluded.get(i))).as("is gone: %s", exclude).isFalse();
            }
        }
    }

    private static void assertSum(Long sum, List<SimCall<?>> increments) {
        long sure = increments.stream().filter(call -> call.outcome() == Outcome.OK).count();
        long failed = increments.stream().filter(call -> call.outcome() == Outcome.FAILED).count();
        assertThat(sum == null ? 0 : sum)
                .as("the sum of all increments")
                .isBetween(sure, increments.size() - failed);
    }

    @Test
    void countersAndSetsAreKeptWhereChangelogsAreTrimmed() {
        SimCluster.forEachSeed(
                SEEDS, cluster -> trimmed(new SimCluster(cluster.seed(), forgetful())));
    }

    private static void trimmed(SimCluster cluster) {
        SplittableRandom random = new SplittableRandom(cluster.seed());
        ServiceConfig<Object> config = ServiceConfig.of("values", Object.class).partitions(1);
        cluster.everywhere(config);
        List<SimMember> members = new ArrayList<>();
        for (int i = 2 + random.nextInt(4); i > 0; i--) {
            members.add(cluster.server());
        }
        cluster.run(Duration.ofSeconds(1));
        SimService<Object> first = members.get(0).service(config);
        first.include("box.set", -1).reply();
        first.include("box.set", -2).reply();
        cluster.awaitConvergence(Duration.ofSeconds(10));

        cluster.partition(
                members.subList(0, 1 + random.nextInt(members.size() - 1)), Duration.ofSeconds(40));
        cluster.run(Duration.ofSeconds(8));
        Set<Integer> expected = new TreeSet<>(Set.of(-1, -2));
        Set<Integer> gone = new TreeSet<>();
        for (int i = 0; i < 60; i++) {
            SimService<Object> from = members.get(random.nextInt(members.size())).service(config);
            from.increment("box.sum", 1 + i % 3).reply();
            from.increment("sum", 1).reply();
            from.include("box.set", i).reply();
            expected.add(i);
            if (i % 5 == 0) {
                List<?> set = from.get("box.set", List.class);
                int element = ((Number) set.get(random.nextInt(set.size()))).intValue();
                from.exclude("box.set", element).reply();
                gone.add(element);
            }
        }
        cluster.run(Duration.ofSeconds(40));
        cluster.awaitConvergence(Duration.ofSeconds(30));

        expected.removeAll(gone);
        assertThat(first.get("sum", Long.class)).isEqualTo(60);
        assertThat(first.get("box.sum", Long.class)).isEqualTo(120);
        assertThat(new TreeSet<Object>(first.get("box.set", List.class))).isEqualTo(expected);
    }

    @Test
    void whatWasRemovedStaysRemoved() {
        SimCluster.forEachSeed(
                SEEDS, cluster -> remove(new SimCluster(cluster.seed(), forgetful())));
    }

    private static void remove(SimCluster cluster) {
        ServiceConfig<Object> config = ServiceConfig.of("documents", Object.class).partitions(2);
        Splits splits = new Splits(cluster, config);
        List<SimCall<?>> made = new ArrayList<>();
        List<SimCall<Boolean>> removed = new ArrayList<>();
        Set<Integer> chosen = new TreeSet<>();
        List<Integer> keys = new ArrayList<>();

        splits.run(
                from -> {
                    int key = made.isEmpty() ? 0 : splits.random().nextInt(made.size());
                    if (splits.random().nextInt(3) == 0
                            && from.get("k" + key) != null
                            && chosen.add(key)) {
                        keys.add(key);
                        removed.add(from.remove("k" + key));
                    } else {
                        made.add(from.update("k" + made.size(), "something to remember"));
                    }
                });

        SimService<Object> there = cluster.members().get(0).service(config);
        for (int i = 0; i < made.size(); i++) {
            if (made.get(i).outcome() == Outcome.OK && !chosen.contains(i)) {
                assertThat(there.get("k" + i)).as("is there: %s", made.get(i)).isNotNull();
            }
        }
        for (int i = 0; i < removed.size(); i++) {
            SimCall<Boolean> removal = removed.get(i);
            if (removal.outcome() == Outcome.OK && removal.reply()) {
                assertThat(there.get("k" + keys.get(i))).as("is gone: %s", removal).isNull();
            }
        }
    }

    /** Changelogs are so short that both sides have trimmed theirs beyond the fork. */
    private static Limits forgetful() {
        return Limits.builder().changelogBytes(1024).build();
    }

    @Test
    void aFunctionMergesWhatBothSidesChanged() {
        SimCluster.forEachSeed(SEEDS, MergeTest::unite);
    }

    private static void unite(SimCluster cluster) {
        ServiceConfig<String> config =
                ServiceConfig.of("notes", String.class)
                        .partitions(2)
                        .handler(
                                (message, turn) -> {
                                    String before = turn.value();
                                    String word = message.body(String.class) + " ";
                                    turn.update(before == null ? word : before + word);
                                    return null;
                                })
                        .merge((key, base, winner, loser) -> words(winner, loser));
        Splits splits = new Splits(cluster, config);
        List<SimCall<?>> calls = new ArrayList<>();

        splits.run(
                from ->
                        calls.add(
                                from.send(
                                        io.tuli.Message.of("note", "w" + calls.size())
                                                .key("note" + calls.size() % 3))));

        SimService<String> notes = cluster.members().get(0).service(config);
        for (int i = 0; i < calls.size(); i++) {
            if (calls.get(i).outcome() == Outcome.OK) {
                assertThat(notes.get("note" + i % 3))
                        .as("is noted: %s", calls.get(i))
                        .contains("w" + i + " ");
            }
        }
    }

    @Test
    void whatAMergeMakesIsKeptThoughNoSideCouldHaveWrittenIt() {
        SimCluster.forEachSeed(3, MergeTest::overflow);
    }

    private static void overflow(SimCluster cluster) {
        ServiceConfig<Integer> config = ServiceConfig.of("small", Integer.class).partitions(1);
        cluster.everywhere(config);
        SimMember one = cluster.server();
        SimMember other = cluster.server();
        cluster.run(Duration.ofSeconds(1));
        cluster.partition(List.of(one), Duration.ofSeconds(60));
        cluster.run(Duration.ofSeconds(20));
        SimCall<Long> here = one.service(config).increment("n", Integer.MAX_VALUE);
        SimCall<Long> there = other.service(config).increment("n", Integer.MAX_VALUE);
        cluster.run(Duration.ofSeconds(5));
        SimCall<Long> tooMuch = one.service(config).increment("n", 1);
        cluster.run(Duration.ofSeconds(5));
        cluster.heal();
        cluster.run(Duration.ofSeconds(20));
        cluster.awaitConvergence(Duration.ofSeconds(30));

        assertThat(List.of(here.outcome(), there.outcome())).containsOnly(Outcome.OK);
        assertThat(tooMuch.failure()).isEqualTo(Failure.BAD_REQUEST);
        assertThat(one.service(config).get("n", Long.class)).isEqualTo(2L * Integer.MAX_VALUE);
    }

    private static String words(String some, String others) {
        Set<String> all = new TreeSet<>();
        all.addAll(List.of((some == null ? "" : some).split(" ")));
        all.addAll(List.of((others == null ? "" : others).split(" ")));
        return String.join(" ", all) + " ";
    }
}
