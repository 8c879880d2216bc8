package io.tuli.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Limits;
import io.tuli.Message;
import io.tuli.Outcome;
import io.tuli.ServiceConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Both sides of a split push to one list (A3, A5): each element that was acknowledged is there
 * once, in the order of time, whoever made the list. Splits overlap, heal in parts, and split
 * again.
 */
class PushesTest {

    private static final int SEEDS = Integer.getInteger("tuli.seeds", 40);
    private static final List<String> LISTS = List.of("list", "box.list", "late.deep.list");

    @Test
    void whatBothSidesPushIsThereOnceAndInTheOrderOfTime() {
        SimCluster.forEachSeed(SEEDS, PushesTest::push);
    }

    @Test
    void whatBothSidesPushIsThereOnceWhereChangelogsAreTrimmed() {
        Limits forgetful = Limits.builder().changelogBytes(1024).build();
        SimCluster.forEachSeed(SEEDS, each -> trimmed(new SimCluster(each.seed(), forgetful)));
    }

    @Test
    void whatOneSideTakesOutIsGoneWhereChangelogsAreTrimmed() {
        Limits forgetful = Limits.builder().changelogBytes(1024).build();
        SimCluster.forEachSeed(5, each -> takeOut(new SimCluster(each.seed(), forgetful)));
    }

    private static void takeOut(SimCluster cluster) {
        ServiceConfig<Object> config = ServiceConfig.of("queues", Object.class).partitions(1);
        cluster.everywhere(config);
        SimMember one = cluster.server();
        SimMember other = cluster.server();
        cluster.run(Duration.ofSeconds(1));
        for (String each : List.of("oldest", "old", "kept")) {
            one.service(config).push("queue", each).reply();
        }
        cluster.awaitConvergence(Duration.ofSeconds(10));

        cluster.partition(List.of(one), Duration.ofSeconds(40));
        cluster.run(Duration.ofSeconds(8));
        one.service(config).remove("queue.0").reply();
        other.service(config).remove("queue.0").reply();
        other.service(config).remove("queue.0").reply();
        for (int i = 0; i < 30; i++) {
            SimService<Object> from = (i % 2 == 0 ? one : other).service(config);
            from.push("queue", i / 4).reply();
            from.update("filler", "x".repeat(200)).reply();
        }
        cluster.run(Duration.ofSeconds(40));
        cluster.awaitConvergence(Duration.ofSeconds(30));

        List<Object> expected = new ArrayList<>(List.of("kept"));
        for (int i = 0; i < 30; i++) {
            expected.add(i / 4);
        }
        List<?> queue = one.service(config).get("queue", List.class);
        assertThat((Object) queue.get(0)).isEqualTo("kept");
        assertThat(queue.stream().map(Object::toString).sorted())
                .isEqualTo(expected.stream().map(Object::toString).sorted().toList());
    }

    private static void push(SimCluster cluster) {
        ServiceConfig<Object> config =
                ServiceConfig.of("lists", Object.class)
                        .partitions(2)
                        .handler(
                                (message, turn) -> {
                                    if (!message.verb().equals("NOTE")) {
                                        return turn.pass();
                                    }
                                    turn.increment(message.key().child("notes"), 1);
                                    turn.push(message.key().child("list"), message.body());
                                    return null;
                                });
        Splits splits = new Splits(cluster, config);
        List<Push> pushes = new ArrayList<>();

        splits.run(
                from -> {
                    pushes.forEach(push -> push.look(cluster));
                    String list = LISTS.get(splits.random().nextInt(LISTS.size()));
                    int element = pushes.size();
                    boolean isNote = list.equals("box.list") && splits.random().nextBoolean();
                    SimCall<?> call =
                            isNote
                                    ? from.send(Message.of("NOTE", element).key("box"))
                                    : from.push(list, element);
                    pushes.add(new Push(list, element, call, cluster.now()));
                });

        SimService<Object> lists = cluster.members().get(0).service(config);
        for (String list : LISTS) {
            List<Push> of = pushes.stream().filter(push -> push.list.equals(list)).toList();
            List<?> there = lists.get(list, List.class);
            assertAllOnce(of, there == null ? List.of() : there);
            assertInOrder(of, there == null ? List.of() : there);
        }
    }

    private static void trimmed(SimCluster cluster) {
        ServiceConfig<Object> config = ServiceConfig.of("lists", Object.class).partitions(1);
        cluster.everywhere(config);
        List<SimMember> here = cluster.servers(2);
        List<SimMember> there = cluster.servers(2);
        cluster.run(Duration.ofSeconds(1));
        here.get(0).service(config).push("old.list", -1).reply();
        cluster.awaitConvergence(Duration.ofSeconds(10));

        cluster.partition(here, Duration.ofSeconds(40));
        cluster.run(Duration.ofSeconds(8));
        List<Push> pushes = new ArrayList<>();
        for (int i = 0; i < 80; i++) {
            SimService<Object> from = (i % 2 == 0 ? here : there).get(i / 2 % 2).service(config);
            String list = i % 4 < 2 ? "old.list" : "new";
            pushes.add(new Push(list, i, from.push(list, i), cluster.now()));
            from.update("filler" + i % 7, "x".repeat(100)).reply();
        }
        cluster.run(Duration.ofSeconds(40));
        cluster.awaitConvergence(Duration.ofSeconds(30));

        SimService<Object> lists = here.get(0).service(config);
        for (String list : List.of("old.list", "new")) {
            List<Push> of = pushes.stream().filter(push -> push.list.equals(list)).toList();
            List<?> elements = lists.get(list, List.class);
            assertAllOnce(of, elements);
            for (int side = 0; side < 2; side++) {
                int number = side;
                assertThat(elements.stream().mapToInt(each -> ((Number) each).intValue()))
                        .filteredOn(each -> each >= 0 && each % 2 == number)
                        .as("the pushes of side %d to %s", side, list)
                        .isSorted();
            }
        }
        assertThat(lists.get("old.list", List.class).get(0)).isEqualTo(-1);
    }

    private static void assertAllOnce(List<Push> pushes, List<?> there) {
        Map<Object, Integer> times = new HashMap<>();
        there.forEach(each -> times.merge(((Number) each).intValue(), 1, Integer::sum));
        for (Push push : pushes) {
            int found = times.getOrDefault(push.element, 0);
            if (push.call.outcome() == Outcome.OK) {
                assertThat(found).as("times there: %s in %s", push.call, there).isEqualTo(1);
            } else {
                boolean isFailed = push.call.outcome() == Outcome.FAILED;
                assertThat(found).as("times there: %s", push.call).isBetween(0, isFailed ? 0 : 1);
            }
        }
    }

    private static void assertInOrder(List<Push> pushes, List<?> there) {
        Map<Integer, Integer> places = new HashMap<>();
        for (int i = 0; i < there.size(); i++) {
            places.put(((Number) there.get(i)).intValue(), i);
        }
        for (Push first : pushes) {
            for (Push second : pushes) {
                if (first != second && first.isOk() && second.isOk() && first.isBefore(second)) {
                    assertThat(places.get(first.element))
                            .as("%s ended before %s began: %s", first.call, second.call, there)
                            .isLessThan(places.get(second.element));
                }
            }
        }
    }

    /** An element, and when its call began and was seen to have ended. */
    private static final class Push {
        private final String list;
        private final int element;
        private final SimCall<?> call;
        private final Duration begun;
        private Duration ended = Duration.ofDays(1);

        Push(String list, int element, SimCall<?> call, Duration begun) {
            this.list = list;
            this.element = element;
            this.call = call;
            this.begun = begun;
        }

        void look(SimCluster cluster) {
            if (call.isEnded() && ended.compareTo(cluster.now()) > 0) {
                ended = cluster.now();
            }
        }

        boolean isOk() {
            return call.outcome() == Outcome.OK;
        }

        /** By clocks of milliseconds. */
        boolean isBefore(Push other) {
            return ended.toMillis() < other.begun.toMillis();
        }
    }
}
