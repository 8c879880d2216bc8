package io.tuli.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.ServiceConfig;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Where nothing happens, nearly nothing is said. */
class IdleTest {

    private static final int PARTITIONS = 64;
    private static final int FOLLOWERS = 2;

    /** After 10, 20, 40, 80 and 160 seconds of stillness. */
    private static final int QUESTIONS = 5;

    /** The question, its answer, and that it came. */
    private static final int FRAMES = 3;

    @Test
    void aFollowerAsksAStillOwnerMoreAndMoreSeldom() {
        SimCluster cluster = new SimCluster(1);
        AtomicLong frames = new AtomicLong();
        cluster.narrate(line -> frames.addAndGet(line.contains(" <- ") ? 1 : 0));
        cluster.everywhere(ServiceConfig.of("things", Object.class).partitions(PARTITIONS));
        cluster.servers(1 + FOLLOWERS);
        cluster.awaitConvergence(Duration.ofSeconds(10));
        frames.set(0);

        cluster.run(Duration.ofMinutes(10));

        long most = (long) FRAMES * QUESTIONS * PARTITIONS * FOLLOWERS;
        assertThat(frames.get()).isBetween(1L, most);
    }

    @Test
    void afterAChangeItAsksSoonAgain() {
        SimCluster cluster = new SimCluster(1);
        AtomicLong questions = new AtomicLong();
        cluster.narrate(line -> questions.addAndGet(line.contains(" Follow[") ? 1 : 0));
        ServiceConfig<Object> config = ServiceConfig.of("things", Object.class).partitions(1);
        cluster.everywhere(config);
        SimMember member = cluster.servers(2).getFirst();
        cluster.awaitConvergence(Duration.ofSeconds(10));
        cluster.run(Duration.ofMinutes(10));

        member.service(config).update("k", 1);
        cluster.run(Duration.ofSeconds(1));
        questions.set(0);
        cluster.run(Duration.ofSeconds(11));

        assertThat(questions.get()).isEqualTo(1);
    }
}
