package io.tuli.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Limits;
import io.tuli.ServiceConfig;
import io.tuli.replica.Replica;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A replica that takes nothing, as one whose process is stopped, while others write. */
class LaggingTest {

    private static final int PARTITIONS = 8;
    private static final int WRITES = 600;
    private static final int VALUE_BYTES = 30_000;
    private static final long WRITTEN_BYTES = (long) WRITES * VALUE_BYTES;
    private static final int LIMIT_BYTES = 2 << 20;

    /** What every partition keeps in any case, and what is written between two counts. */
    private static final int TAILS_BYTES = PARTITIONS * (200 << 10);

    private final ServiceConfig<Object> config =
            ServiceConfig.of("values", Object.class).partitions(PARTITIONS);

    @Test
    void findsTheChangesItLacksWhileThereIsRoomForThem() {
        assertThat(mostRetained(Limits.defaults())).isGreaterThan(WRITTEN_BYTES * 9 / 10);
    }

    @Test
    void findsASnapshotWhereAllPartitionsTogetherWouldHoldTooMuch() {
        assertThat(mostRetained(Limits.builder().laggingBytes(LIMIT_BYTES).build()))
                .isLessThan(LIMIT_BYTES + TAILS_BYTES)
                .isGreaterThan(LIMIT_BYTES / 2);
    }

    /** The most its owner's changelogs held; afterwards the replica has everything. */
    private long mostRetained(Limits limits) {
        SimCluster cluster = new SimCluster(1, limits);
        cluster.everywhere(config);
        SimMember owner = cluster.server();
        SimMember lagging = cluster.client();
        cluster.awaitConvergence(Duration.ofSeconds(10));
        cluster.clog(owner, lagging, Duration.ofSeconds(12));

        String value = "x".repeat(VALUE_BYTES);
        long most = 0;
        for (int i = 0; i < WRITES; i++) {
            owner.service(config).update("k" + i % 100, value + i).reply();
            cluster.run(Duration.ofMillis(10));
            most = Math.max(most, retainedBytes(owner));
        }

        cluster.awaitConvergence(Duration.ofSeconds(60));
        assertThat(lagging.service(config).get("k99")).isEqualTo(value + (WRITES - 1));
        return most;
    }

    private static long retainedBytes(SimMember member) {
        return member.inside().services().stream()
                .flatMap(hosted -> hosted.replicas.stream())
                .map(Replica::log)
                .mapToLong(log -> log.sizeBytes())
                .sum();
    }
}
