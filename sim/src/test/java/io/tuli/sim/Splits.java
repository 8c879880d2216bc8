package io.tuli.sim;

import io.tuli.ServiceConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** A cluster whose network splits again and again while members write. */
final class Splits {
    private final SimCluster cluster;
    private final ServiceConfig<?> config;
    private final SplittableRandom random;

    Splits(SimCluster cluster, ServiceConfig<?> config) {
        this.cluster = cluster;
        this.config = config;
        this.random = new SplittableRandom(cluster.seed() * 17);
    }

    SplittableRandom random() {
        return random;
    }

    void run(Consumer<SimService<?>> writer) {
        cluster.everywhere(config).slowHandlers(random.nextInt(2) * 0.3);
        for (int i = 2 + random.nextInt(4); i > 0; i--) {
            cluster.server();
        }
        cluster.client();
        cluster.run(Duration.ofSeconds(1));
        for (int split = 0; split < 3; split++) {
            List<SimMember> members = new ArrayList<>(cluster.members());
            Collections.shuffle(members, new Random(random.nextLong()));
            int cutAt = 1 + random.nextInt(members.size() - 1);
            cluster.partition(
                    members.subList(0, cutAt), Duration.ofMillis(6_000 + random.nextInt(20_000)));
            for (int i = 0; i < 60; i++) {
                SimMember from = members.get(random.nextInt(members.size()));
                writer.accept(from.service(config));
                cluster.run(Duration.ofMillis(random.nextInt(250)));
            }
            if (random.nextBoolean()) {
                cluster.heal();
                cluster.run(Duration.ofSeconds(20));
            }
        }
        cluster.run(Duration.ofSeconds(21));
        cluster.heal();
        cluster.awaitConvergence(Duration.ofSeconds(30));
    }
}
