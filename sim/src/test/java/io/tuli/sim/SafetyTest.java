package io.tuli.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Commit;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Random faults on random clusters: nothing acknowledged is lost, nothing runs twice, all copies
 * end up equal.
 */
class SafetyTest {

    private static final long FIRST_SEED = Long.getLong("tuli.seed", 1);
    private static final int SEEDS = Integer.getInteger("tuli.seeds", 400);

    @Test
    void aSteadyClusterAnswersEverything() {
        for (long seed = 1; seed <= 10; seed++) {
            SimCluster cluster = new SimCluster(seed, 4);
            cluster.server();
            cluster.server();
            cluster.server();
            SimMember client = cluster.client();
            cluster.run(3_000);
            Workload workload = new Workload(cluster, 6);
            for (int i = 0; i < 100; i++) {
                workload.push(client, Commit.safe());
                cluster.run(5);
            }
            cluster.run(2_000);
            assertThat(workload.count(io.tuli.Outcome.OK)).as("seed %s", seed).isEqualTo(100);
            assertThat(workload.breach()).isNull();
            assertThat(cluster.divergence()).isNull();
        }
    }

    @Test
    void faultsLoseAndRepeatNothing() {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
            run(seed);
        }
    }

    @Test
    void aSeedReplaysIdentically() {
        assertThat(run(7).traceHash()).isEqualTo(run(7).traceHash());
    }

    /** A2: every side goes on, and when all is over, all copies are equal. */
    @Test
    void splitsConverge() {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
            SplittableRandom random = new SplittableRandom(seed * 17);
            SimCluster cluster = new SimCluster(seed, 1 + random.nextInt(3));
            for (int i = 2 + random.nextInt(4); i > 0; i--) {
                cluster.server();
            }
            cluster.client();
            cluster.client();
            cluster.run(1_000);
            Workload workload = new Workload(cluster, 4);
            List<SimMember> members = cluster.members();
            if (random.nextBoolean()) {
                cluster.split(
                        members.subList(0, 1 + random.nextInt(members.size() - 1)),
                        6_000 + random.nextInt(10_000));
            } else {
                cluster.freeze(
                        members.get(random.nextInt(members.size())),
                        1_000 + random.nextInt(20_000));
            }
            for (int i = 0; i < 200; i++) {
                workload.push(members.get(random.nextInt(members.size())), Commit.safe());
                cluster.run(100);
            }
            cluster.heal();
            cluster.run(30_000);
            assertThat(cluster.divergence()).as("seed %s", seed).isNull();
        }
    }

    private static SimCluster run(long seed) {
        SplittableRandom random = new SplittableRandom(seed * 31);
        SimCluster cluster =
                new SimCluster(seed, 1 + random.nextInt(4))
                        .slowHandlers(random.nextInt(3) * 0.2)
                        .slowestLinkMicros(200 + random.nextInt(5_000));
        int servers = 1 + random.nextInt(5);
        for (int i = 0; i < servers; i++) {
            cluster.server();
        }
        cluster.client();
        Workload workload = new Workload(cluster, 1 + random.nextInt(5));
        int kinds = 1 + random.nextInt(255);
        for (int i = 0; i < 300; i++) {
            List<SimMember> members = cluster.members();
            SimMember from = members.get(random.nextInt(members.size()));
            workload.push(
                    from,
                    random.nextInt(4) == 0 ? Commit.copies(1 + random.nextInt(2)) : Commit.safe());
            if (random.nextInt(12) == 0) {
                fault(cluster, random, kinds);
            }
            cluster.run(random.nextInt(60));
        }
        cluster.heal();
        cluster.run(30_000);
        assertThat(cluster.divergence()).as("seed %s", seed).isNull();
        assertThat(workload.breach()).as("seed %s", seed).isNull();
        return cluster;
    }

    private static void fault(SimCluster cluster, SplittableRandom random, int kinds) {
        List<SimMember> members = cluster.members();
        List<SimMember> servers = cluster.servers();
        SimMember one = members.get(random.nextInt(members.size()));
        SimMember other = members.get(random.nextInt(members.size()));
        int kind = random.nextInt(8);
        if ((kinds >> kind & 1) == 0) {
            return;
        }
        if (Boolean.getBoolean("tuli.trace"))
            System.out.println("FAULT " + kind + " " + one + " " + other + " " + members);
        switch (kind) {
            case 0 -> {
                if (cluster.mayKill()) {
                    cluster.kill(servers.get(random.nextInt(servers.size())));
                }
            }
            case 1 -> {
                if (servers.size() < 6) {
                    cluster.server();
                }
            }
            case 2 -> {
                if (servers.size() >= 2) {
                    cluster.leave(servers.get(random.nextInt(servers.size())));
                }
            }
            case 3 -> cluster.pause(one, random.nextInt(3_000));
            case 4, 5 -> {
                if (one != other) {
                    cluster.reset(one, other);
                }
            }
            case 6 -> {
                if (one != other) {
                    cluster.cut(one, other, random.nextInt(2_000));
                }
            }
            default -> cluster.client();
        }
    }
}
