package io.tuli.swarm;

import io.tuli.Message;
import io.tuli.ServiceConfig;
import io.tuli.Verbs;
import io.tuli.cluster.Cluster;
import io.tuli.cluster.ClusterCall;
import io.tuli.cluster.ClusterMember;
import io.tuli.cluster.Hosted;
import io.tuli.store.SharedState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Documents that go by themselves, in a service of their own: written, renewed, touched and removed
 * from every member, in some seeds. P8: none goes before its time, which every replica has alike;
 * and when all is well again, each owner has taken out what its clock says is over. One thread.
 */
final class BriefDocuments {

    private static final long SALT = 0x2545f4914f6cdd1dL;
    private static final int KEYS = 6;
    private static final Duration STANDARD = Duration.ofSeconds(4);
    private static final Duration WITHIN = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofSeconds(8);

    /** To look at what is due takes an owner so long, and a decision to be committed. */
    private static final long LATE_MILLIS = 3_000;

    private final Cluster cluster;
    private final SplittableRandom random;
    private final ServiceConfig<Object> service;
    private final boolean isDrawn;
    private final List<ClusterCall<?>> calls = new ArrayList<>();

    BriefDocuments(Cluster cluster, long seed) {
        this.cluster = cluster;
        this.random = new SplittableRandom(seed * SALT);
        this.isDrawn = random.nextInt(4) == 0;
        ServiceConfig<Object> brief =
                ServiceConfig.of("brief", Object.class)
                        .partitions(1 + random.nextInt(2))
                        .expireAfter(STANDARD);
        this.service = random.nextBoolean() ? brief.keepBefore() : brief;
    }

    /** Before any member joins. */
    void begin() {
        if (isDrawn) {
            cluster.everywhere(service);
        }
    }

    /** A member has written: it writes here, too. */
    void wrote(ClusterMember member) {
        if (isDrawn && member.isAlive() && random.nextInt(3) == 0) {
            calls.add(member.service(service).send(message()));
        }
    }

    private Message message() {
        String key = "brief" + random.nextInt(KEYS);
        Duration own = Duration.ofMillis(1 + random.nextLong(LONGEST.toMillis()));
        Message message =
                switch (random.nextInt(8)) {
                    case 0 -> Message.of(Verbs.TOUCH).key(key);
                    case 1 -> Message.of(Verbs.TOUCH).key(key).expireAfter(own);
                    case 2 -> Message.of(Verbs.REMOVE).key(key);
                    case 3 -> Message.of(Verbs.UPDATE, 1).key(key + ".field");
                    case 4 -> Message.of(Verbs.UPDATE, List.of(calls.size())).key(key);
                    case 5 -> Message.of(Verbs.UPDATE, own.toMillis()).key(key).ifAbsent();
                    case 6 -> Message.of(Verbs.INCREMENT, 1).key(key + ".sum").expireAfter(own);
                    default -> Message.of(Verbs.UPDATE, own.toString()).key(key).expireAfter(own);
                };
        return message.within(WITHIN);
    }

    boolean isEnded() {
        return calls.stream().allMatch(call -> call.isEnded() || !call.from().isAlive());
    }

    /** What is not as promised when all is well again; null if all is. */
    @Nullable String breach() {
        if (!isDrawn) {
            return null;
        }
        cluster.run(LONGEST.plusMillis(LATE_MILLIS));
        for (ClusterMember member : cluster.members()) {
            Hosted hosted = member.service(service).hosted();
            for (int partition = 0; partition < hosted.states.size(); partition++) {
                if (hosted.replicas.get(partition).isOwner()) {
                    String overdue = overdue(member, hosted.states.get(partition));
                    if (overdue != null) {
                        return overdue + " at " + member;
                    }
                }
            }
        }
        return null;
    }

    private @Nullable String overdue(ClusterMember owner, SharedState state) {
        long overMillis = cluster.world().wallMillis(owner) - LATE_MILLIS;
        List<Long> overdue = new ArrayList<>();
        state.forEach(
                (key, stored) -> {
                    if (stored.isDue(overMillis)) {
                        overdue.add(overMillis - stored.until());
                    }
                });
        return overdue.isEmpty() ? null : "owners take out what is over, late by " + overdue;
    }
}
