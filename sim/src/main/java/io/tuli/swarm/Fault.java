package io.tuli.swarm;

import io.tuli.cluster.Cluster;
import io.tuli.cluster.ClusterMember;
import io.tuli.cluster.Hosted;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/** What a swarm lets go wrong. */
enum Fault {
    KILL {
        @Override
        void strike(Cluster cluster, ClusterMember victim, SplittableRandom random) {
            if (victim.isServer() && cluster.mayKill()) {
                cluster.kill(victim);
            }
        }
    },
    RESTART {
        @Override
        void strike(Cluster cluster, ClusterMember victim, SplittableRandom random) {
            if (victim.isServer() && cluster.mayKill()) {
                cluster.restart(victim, millis(random, 0, 5_000));
            }
        }
    },
    JOIN {
        @Override
        void strike(Cluster cluster, ClusterMember victim, SplittableRandom random) {
            if (cluster.servers().size() < SERVERS_MOST && cluster.mayJoin()) {
                cluster.server();
            }
        }
    },
    JOIN_AS_CLIENT {
        @Override
        void strike(Cluster cluster, ClusterMember victim, SplittableRandom random) {
            if (cluster.members().size() < MEMBERS_MOST) {
                cluster.client();
            }
        }
    },
    LEAVE {
        @Override
        void strike(Cluster cluster, ClusterMember victim, SplittableRandom random) {
            if (victim.isServer() && cluster.mayLeave()) {
                cluster.leave(victim);
            }
        }
    },
    CLOSE {
        @Override
        void strike(Cluster cluster, ClusterMember victim, SplittableRandom random) {
            List<Hosted> all = List.copyOf(victim.services());
            if (victim.isServer() && cluster.mayLeave() && !all.isEmpty()) {
                Hosted one = all.get(random.nextInt(all.size()));
                cluster.close(victim, one.config, millis(random, 0, 2_000));
            }
        }
    },
    PAUSE {
        @Override
        void strike(Cluster cluster, ClusterMember victim, SplittableRandom random) {
            cluster.pause(victim, millis(random, 0, 3_000));
        }
    },
    RESET {
        @Override
        void strike(Cluster cluster, ClusterMember victim, SplittableRandom random) {
            ClusterMember other = any(cluster.members(), random);
            if (victim != other) {
                cluster.reset(victim, other);
            }
        }
    },
    CUT {
        @Override
        void strike(Cluster cluster, ClusterMember victim, SplittableRandom random) {
            ClusterMember other = any(cluster.members(), random);
            if (victim != other) {
                cluster.cut(victim, other, millis(random, 0, 2_000));
            }
        }
    },
    CLOG {
        @Override
        void strike(Cluster cluster, ClusterMember victim, SplittableRandom random) {
            ClusterMember other = any(cluster.members(), random);
            if (victim != other) {
                cluster.clog(victim, other, millis(random, 0, 2_000));
            }
        }
    },
    SLOW {
        @Override
        void strike(Cluster cluster, ClusterMember victim, SplittableRandom random) {
            ClusterMember other = any(cluster.members(), random);
            if (victim != other) {
                cluster.slow(victim, other, 20_000 + random.nextInt(500_000));
            }
        }
    },
    SKEW {
        @Override
        void strike(Cluster cluster, ClusterMember victim, SplittableRandom random) {
            cluster.skew(victim, Duration.ofSeconds(random.nextInt(-300, 301)));
        }
    },
    SPLIT {
        @Override
        void strike(Cluster cluster, ClusterMember victim, SplittableRandom random) {
            List<ClusterMember> members = cluster.members();
            if (members.size() > 1 && cluster.maySplitNow()) {
                int size = 1 + random.nextInt(members.size() - 1);
                cluster.partition(members.subList(0, size), millis(random, 3_000, 16_000));
            }
        }
    },
    FREEZE {
        @Override
        void strike(Cluster cluster, ClusterMember victim, SplittableRandom random) {
            if (cluster.maySplitNow()) {
                cluster.pause(victim, millis(random, 3_000, 20_000));
            }
        }
    },
    FLAP {
        @Override
        void strike(Cluster cluster, ClusterMember victim, SplittableRandom random) {
            if (cluster.maySplitNow()) {
                cluster.flap(victim, millis(random, 100, 5_000));
            }
        }
    },
    RESTART_ALL {
        @Override
        void strike(Cluster cluster, ClusterMember victim, SplittableRandom random) {
            if (cluster.mayRestartAll()) {
                cluster.restartAll(millis(random, 0, 4_000), millis(random, 1, LATE_MILLIS_MOST));
            }
        }
    },
    LOSE_DISK {
        @Override
        void strike(Cluster cluster, ClusterMember victim, SplittableRandom random) {
            if (cluster.mayRestartAll()) {
                cluster.restartAllButADisk(
                        millis(random, 0, 4_000), millis(random, 1, LATE_MILLIS_MOST));
            }
        }
    },
    OLD_DISK {
        @Override
        void strike(Cluster cluster, ClusterMember victim, SplittableRandom random) {
            if (cluster.mayRestartAll()) {
                cluster.restartAllWithAnOldDisk(
                        millis(random, 0, 4_000), millis(random, 1, LATE_MILLIS_MOST));
            }
        }
    };

    private static final int SERVERS_MOST = 7;
    private static final int MEMBERS_MOST = 15;

    /** Longer than the others wait for whom they could do without. */
    private static final int LATE_MILLIS_MOST = 8_000;

    /** Goes wrong now, to whom the seed says; nothing happens where it may not. */
    abstract void strike(Cluster cluster, ClusterMember victim, SplittableRandom random);

    /** Whether it may make two sides, each of which goes on. */
    boolean splits() {
        return this == SPLIT || this == FREEZE || this == FLAP;
    }

    /** Whether a member is lost with all it has: of one side of a split that may be all copies. */
    boolean kills() {
        return this == KILL || this == RESTART || needsDisks();
    }

    /** Whether all is lost unless it is kept on disk. */
    boolean needsDisks() {
        return this == RESTART_ALL || this == LOSE_DISK || this == OLD_DISK;
    }

    static ClusterMember any(List<ClusterMember> members, SplittableRandom random) {
        return members.get(random.nextInt(members.size()));
    }

    private static Duration millis(SplittableRandom random, int from, int to) {
        return Duration.ofMillis(random.nextInt(from, to));
    }
}
