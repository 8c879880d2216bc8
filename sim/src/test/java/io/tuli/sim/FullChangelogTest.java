package io.tuli.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Failure;
import io.tuli.Limits;
import io.tuli.Outcome;
import io.tuli.ServiceConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * One request that is larger than all that may wait for its copies: others wait until it has them,
 * in their order, and none is refused for another's size.
 */
class FullChangelogTest {

    private static final int SEEDS = 20;
    private static final int COUNTS = 8;
    private static final ServiceConfig<Object> THINGS =
            ServiceConfig.of("things", Object.class).partitions(1);

    @Test
    void aLargeRequestDelaysOthersAndRefusesNone() {
        Limits small = Limits.builder().changelogBytes(2 * 1024).build();
        SimCluster.forEachSeed(
                SEEDS,
                each -> {
                    List<SimCall<Long>> counts = countBeside(each.seed(), small);
                    for (int i = 0; i < COUNTS; i++) {
                        assertThat(counts.get(i).outcome()).isEqualTo(Outcome.OK);
                        assertThat(counts.get(i).reply()).isEqualTo(i + 1L);
                    }
                });
    }

    @Test
    void noMoreThanTheQueueMayHoldWait() {
        Limits small = Limits.builder().changelogBytes(2 * 1024).queuedPerPartition(3).build();
        SimCluster.forEachSeed(
                SEEDS,
                each -> {
                    List<SimCall<Long>> counts = countBeside(each.seed(), small);
                    assertThat(counts.stream().filter(call -> call.outcome() == Outcome.OK))
                            .hasSizeGreaterThanOrEqualTo(3);
                    assertThat(counts.stream().filter(call -> call.outcome() != Outcome.OK))
                            .isNotEmpty()
                            .allMatch(call -> call.failure() == Failure.OVERLOADED);
                });
    }

    /** Counts of one member beside a large request of another, all at once. */
    private static List<SimCall<Long>> countBeside(long seed, Limits limits) {
        SimCluster cluster = new SimCluster(seed, limits);
        cluster.everywhere(THINGS);
        cluster.server();
        cluster.server();
        cluster.awaitConvergence(Duration.ofSeconds(10));
        cluster.run(Duration.ofSeconds(1));
        SimMember owner =
                Objects.requireNonNull(cluster.members().get(0).service(THINGS).ownerOf("n"));
        SimCall<Void> large = owner.service(THINGS).update("large", "x".repeat(100_000));
        List<SimCall<Long>> counts = new ArrayList<>();
        for (int i = 0; i < COUNTS; i++) {
            counts.add(owner.service(THINGS).increment("n", 1));
        }
        cluster.run(Duration.ofSeconds(5));
        assertThat(large.outcome()).isEqualTo(Outcome.OK);
        return counts;
    }
}
