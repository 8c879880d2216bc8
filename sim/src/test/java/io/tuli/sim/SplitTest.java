package io.tuli.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Outcome;
import io.tuli.ServiceConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * A network that splits and heals (A2, A3): both sides go on, and what they wrote comes together.
 * Writes of different values all survive, increments add up, all copies end up equal.
 */
class SplitTest {

    private static final int SEEDS = Integer.getInteger("tuli.seeds", 100);
    private static final String COUNTER = "counter";

    @Test
    void nothingWithoutConflictIsLost() {
        SimCluster.forEachSeed(SEEDS, SplitTest::run);
    }

    private static void run(SimCluster cluster) {
        SplittableRandom random = new SplittableRandom(cluster.seed() * 13);
        ServiceConfig<Long> config =
                ServiceConfig.of("numbers", Long.class).partitions(1 + random.nextInt(3));
        cluster.everywhere(config);
        for (int i = 2 + random.nextInt(4); i > 0; i--) {
            cluster.server();
        }
        cluster.client();
        cluster.client();
        cluster.run(Duration.ofSeconds(1));
        List<SimMember> members = cluster.members();
        List<SimCall<?>> updates = new ArrayList<>();
        List<SimCall<?>> increments = new ArrayList<>();

        for (int split = 0; split < 2; split++) {
            int cutAt = 1 + random.nextInt(members.size() - 1);
            cluster.partition(
                    members.subList(0, cutAt), Duration.ofMillis(6_000 + random.nextInt(10_000)));
            for (int i = 0; i < 150; i++) {
                SimMember from = members.get(random.nextInt(members.size()));
                if (i % 3 == 0) {
                    increments.add(from.service(config).increment(COUNTER, 1));
                } else {
                    updates.add(from.service(config).update("k" + updates.size(), 1));
                }
                cluster.run(Duration.ofMillis(random.nextInt(250)));
            }
            cluster.heal();
            cluster.run(Duration.ofSeconds(20));
        }

        cluster.awaitConvergence(Duration.ofSeconds(30));
        assertKept(members.get(0).service(config), updates, increments);
    }

    private static void assertKept(
            SimService<Long> numbers, List<SimCall<?>> updates, List<SimCall<?>> increments) {
        for (int i = 0; i < updates.size(); i++) {
            if (updates.get(i).outcome() == Outcome.OK) {
                assertThat(numbers.get("k" + i)).as("is kept: %s", updates.get(i)).isEqualTo(1);
            }
        }
        long acknowledged = count(increments, Outcome.OK);
        long unknown = count(increments, Outcome.UNKNOWN);
        Long sum = numbers.get(COUNTER);
        assertThat(sum == null ? 0 : sum)
                .as("the sum of all increments")
                .isBetween(acknowledged, acknowledged + unknown);
    }

    private static long count(List<SimCall<?>> calls, Outcome outcome) {
        return calls.stream().filter(call -> call.outcome() == outcome).count();
    }
}
