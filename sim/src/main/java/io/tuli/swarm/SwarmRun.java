package io.tuli.swarm;

import io.tuli.Outcome;
import io.tuli.cluster.Cluster;
import io.tuli.cluster.ClusterMember;
import io.tuli.planted.Bug;
import io.tuli.protocol.Thrown;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One seed: first safety, with faults; then liveness, when all faults are over. One thread.
 *
 * @param traceHash equal in all runs of the seed
 * @param virtualNanos how much time passed in it
 * @param failure what went wrong; null if nothing did
 */
record SwarmRun(
        SwarmPlan plan,
        long traceHash,
        long virtualNanos,
        String summary,
        @Nullable Throwable failure) {

    private static final Duration SETTLED = Duration.ofSeconds(1);

    /** E1: after all faults, all replicas are equal within so long. */
    private static final Duration CONVERGENCE = Duration.ofSeconds(60);

    /** Those who make calls. */
    private record Makers(
            Workload workload,
            StatelessCalls stateless,
            TunnelCalls tunnels,
            @Nullable Adversary adversary,
            @Nullable ToldEvents events,
            @Nullable GroupReaders readers,
            @Nullable ConsumerReaders consumers) {

        /** When all is well again, those who are told something have been told all of it. */
        void expect() {
            if (events != null) {
                events.expect(CONVERGENCE);
            }
            if (readers != null) {
                readers.expect(CONVERGENCE);
            }
            if (consumers != null) {
                consumers.expect(CONVERGENCE);
            }
        }
    }

    /** The seed as it is, without a planted bug. */
    static SwarmRun of(long seed) {
        return of(seed, null, Always.NOTHING, cluster -> {});
    }

    static SwarmRun of(long seed, @Nullable Bug bug, Always said, Consumer<Cluster> observer) {
        Always always = bug != null && bug.needsAnAdversary() ? said.withAnAdversary() : said;
        always = bug != null && bug.needsDisks() ? always.withDisks() : always;
        SwarmPlan plan = SwarmPlan.of(seed, always);
        Cluster cluster = cluster(plan);
        if (bug != null) {
            cluster.plant(bug.plant(cluster.world()));
        }
        observer.accept(cluster);
        SplittableRandom random = new SplittableRandom(seed);
        Workload workload = new Workload(cluster, plan, random);
        ToldEvents events = plan.tells() ? new ToldEvents(cluster, plan, workload.service()) : null;
        Adversary adversary = always.hostile() ? new Adversary(cluster, plan) : null;
        FoldedCounts folded =
                new FoldedCounts(cluster, workload.service(), Math.max(1, plan.foldedInto()));
        StatelessCalls stateless = new StatelessCalls(cluster, plan);
        GroupReaders readers =
                plan.isRead() ? new GroupReaders(cluster, plan, workload.service()) : null;
        TunnelCalls tunnels = new TunnelCalls(cluster, plan);
        ConsumerReaders consumers =
                plan.isConsumed() ? new ConsumerReaders(cluster, plan, workload.service()) : null;
        Makers makers =
                new Makers(workload, stateless, tunnels, adversary, events, readers, consumers);
        Throwable failure = null;
        try {
            workload.begin();
            if (stateless.isMade()) {
                cluster.everywhere(stateless.service());
            }
            tunnels.begin();
            if (plan.foldedInto() > 0) {
                cluster.everywhere(folded.service());
            }
            for (int i = 0; i < plan.servers(); i++) {
                cluster.server();
            }
            if (adversary != null) {
                adversary.join();
            }
            safety(cluster, plan, makers, random);
            liveness(cluster, makers);
            makers.expect();
            if (plan.foldedInto() > 0) {
                folded.expect(CONVERGENCE);
                cluster.awaitConvergence(CONVERGENCE);
            }
        } catch (Throwable broken) {
            failure = broken instanceof AssertionError ? broken : ended(cluster, broken);
        }
        return new SwarmRun(
                plan,
                cluster.traceHash(),
                cluster.world().nowNanos(),
                summary(cluster, workload),
                failure);
    }

    private static Cluster cluster(SwarmPlan plan) {
        return new Cluster(plan.seed(), plan.limits())
                .slowHandlers(plan.slowHandlers())
                .latency(plan.latency())
                .ownLimits(plan.hasOwnLimits())
                .durable(plan.policy())
                .restartRule(plan.restartRule());
    }

    private static AssertionError ended(Cluster cluster, Throwable thrown) {
        AssertionError breach = cluster.world().breach("no member ends", Thrown.text(thrown));
        breach.initCause(thrown);
        return breach;
    }

    private static void safety(
            Cluster cluster, SwarmPlan plan, Makers makers, SplittableRandom random) {
        Workload workload = makers.workload();
        Adversary adversary = makers.adversary();
        ToldEvents events = makers.events();
        for (int i = 0; i < plan.clients(); i++) {
            cluster.client();
        }
        Shadow shadow = Shadow.of(cluster);
        if (events != null) {
            events.begin();
        }
        if (makers.readers() != null) {
            makers.readers().begin();
        }
        if (makers.consumers() != null) {
            makers.consumers().begin();
        }
        if (adversary != null) {
            adversary.begin(CONVERGENCE);
        }
        for (int i = 0; i < plan.writes(); i++) {
            workload.write();
            if (events != null && i % 2 == 0) {
                events.tell();
            }
            makers.stateless().wrote();
            makers.tunnels().wrote();
            if (makers.readers() != null) {
                makers.readers().look();
            }
            if (makers.consumers() != null) {
                makers.consumers().look();
            }
            if (adversary != null) {
                adversary.act();
            }
            if (!plan.faults().isEmpty() && random.nextInt(plan.faultEvery()) == 0) {
                strike(cluster, workload, plan, random);
            }
            cluster.run(Duration.ofMillis(random.nextInt(plan.writeMillis())));
        }
        shadow.expect();
    }

    /**
     * At the moment of the write before, or while it is under way; half of the time to the owner of
     * what was written.
     */
    private static void strike(
            Cluster cluster, Workload workload, SwarmPlan plan, SplittableRandom random) {
        List<Fault> faults = List.copyOf(plan.faults());
        Fault fault = faults.get(random.nextInt(faults.size()));
        ClusterMember owner = random.nextBoolean() ? workload.ownerOfLatest() : null;
        ClusterMember victim = owner == null ? Fault.any(cluster.members(), random) : owner;
        long underWay = 4 * plan.latency().toNanos();
        long delay = random.nextBoolean() ? 0 : random.nextLong(underWay);
        cluster.world()
                .timeline()
                .after(
                        delay,
                        () -> {
                            if (victim.isAlive()) {
                                fault.strike(cluster, victim, random);
                            }
                        });
    }

    private static void liveness(Cluster cluster, Makers makers) {
        Workload workload = makers.workload();
        Adversary adversary = makers.adversary();
        ToldEvents events = makers.events();
        cluster.run(SETTLED);
        cluster.heal();
        cluster.await(
                "all calls have ended",
                () ->
                        workload.isEnded()
                                && makers.stateless().isEnded()
                                && makers.tunnels().isEnded()
                                && (adversary == null || adversary.isEnded())
                                && (events == null || events.isEnded()),
                CONVERGENCE);
        cluster.awaitConvergence(CONVERGENCE);
        workload.finalWrites(CONVERGENCE);
        cluster.awaitConvergence(CONVERGENCE);
        String breach = workload.breach();
        if (breach != null) {
            throw cluster.world().breach("what is promised of a call", breach);
        }
        makers.stateless().finalCalls();
        String leaking = makers.tunnels().breach();
        if (leaking != null) {
            throw cluster.world().breach("what is promised of a tunnel", leaking);
        }
        String untrue = makers.stateless().breach();
        if (untrue != null) {
            throw cluster.world().breach("what is promised of a call to any server", untrue);
        }
        if (adversary != null) {
            expectNoHarm(cluster, adversary);
        }
    }

    private static void expectNoHarm(Cluster cluster, Adversary adversary) {
        cluster.await("what bystanders count is folded", adversary::isFolded, CONVERGENCE);
        String harm = adversary.breach();
        if (harm != null) {
            throw cluster.world().breach("nobody else notices what nobody meant", harm);
        }
    }

    private static String summary(Cluster cluster, Workload workload) {
        return "ok="
                + workload.count(Outcome.OK)
                + " failed="
                + workload.count(Outcome.FAILED)
                + " unknown="
                + workload.count(Outcome.UNKNOWN)
                + " discarded="
                + cluster.world().invariants().discardedEntries();
    }

    long seed() {
        return plan.seed();
    }
}
