package io.tuli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Message;
import io.tuli.ServiceConfig;
import io.tuli.Verbs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A simulated member has several loops, between which things pass as in one that ships. */
class SimLoopsTest {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int PARTITIONS = 8;

    @Test
    void membersOfHalfOfTheSeedsHaveOneLoopAndOthersHaveOneToThree() {
        List<List<Integer>> drawn =
                IntStream.range(0, 100)
                        .mapToObj(seed -> new Cluster(seed).servers(6))
                        .map(members -> members.stream().map(ClusterMember::loops).toList())
                        .toList();

        assertThat(drawn.stream().filter(loops -> loops.stream().allMatch(n -> n == 1)).count())
                .isBetween(30L, 70L);
        assertThat(drawn.stream().flatMap(List::stream).distinct())
                .containsExactlyInAnyOrder(1, 2, 3);
    }

    @Test
    void whatIsLeftForALoopIsDoneInTheOrderInWhichItWasLeft() {
        Cluster cluster = new Cluster(1).loops(3);
        ClusterMember member = manyLooped(cluster);
        List<Integer> done = new ArrayList<>();

        for (int i = 0; i < 100; i++) {
            int work = i;
            member.post(1, () -> done.add(work));
            cluster.run(Duration.ofNanos(50_000));
        }
        cluster.run(Duration.ofMillis(1));

        assertThat(done).containsExactlyElementsOf(IntStream.range(0, 100).boxed().toList());
    }

    @Test
    void whileAMemberIsPausedNoneOfItsLoopsDoesAnything() {
        Cluster cluster = new Cluster(1).loops(3);
        ClusterMember member = manyLooped(cluster);
        List<Integer> done = new ArrayList<>();
        cluster.pause(member, Duration.ofSeconds(1));

        member.post(0, () -> done.add(0));
        member.post(1, () -> done.add(1));
        cluster.run(Duration.ofMillis(900));
        assertThat(done).isEmpty();

        cluster.run(Duration.ofMillis(200));
        assertThat(done).containsExactlyInAnyOrder(0, 1);
    }

    @Test
    void whatALinkBringsForThePartitionOfAnyLoopIsAnswered() {
        Cluster cluster = new Cluster(1).loops(3);
        ServiceConfig<Integer> counts =
                ServiceConfig.of("counts", Integer.class).partitions(PARTITIONS);
        cluster.everywhere(counts);
        manyLooped(cluster);
        manyLooped(cluster);
        cluster.awaitConvergence(SOON);

        for (ClusterMember member : cluster.members()) {
            for (int key = 0; key < 4 * PARTITIONS; key++) {
                Message add = Message.of(Verbs.INCREMENT, 1).key("key" + key);
                assertThat(member.service(counts).send(add).reply()).isNotNull();
            }
        }
        cluster.awaitConvergence(SOON);
    }

    /** One of the members drawn that has more than one loop. */
    private static ClusterMember manyLooped(Cluster cluster) {
        ClusterMember member = cluster.server();
        while (member.loops() == 1) {
            member = cluster.server();
        }
        return member;
    }
}
