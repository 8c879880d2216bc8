package io.tuli.swarm;

import io.tuli.Commit;
import io.tuli.Failure;
import io.tuli.Message;
import io.tuli.Outcome;
import io.tuli.ServiceConfig;
import io.tuli.Verbs;
import io.tuli.cluster.Cluster;
import io.tuli.cluster.ClusterCall;
import io.tuli.cluster.ClusterMember;
import io.tuli.cluster.ClusterService;
import io.tuli.cluster.Timeline;
import io.tuli.hostile.OddServices;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Those who count at keys of their own in a service that others mistreat, one call at a time for
 * each key: where nothing else is wrong, each is answered within a second, and what they count is
 * right. One thread.
 */
final class Bystanders {

    private static final int KEYS = 4;
    private static final long SECOND_NANOS = 1_000 * Timeline.MILLI;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Cluster cluster;
    private final ServiceConfig<?> service;
    private final boolean isCalm;
    private final List<Counter> counters = new ArrayList<>();

    /**
     * @param isCalm whether there is no fault
     */
    Bystanders(Cluster cluster, ServiceConfig<?> service, boolean isCalm) {
        this.cluster = cluster;
        this.service = service;
        this.isCalm = isCalm;
        for (int i = 0; i < KEYS; i++) {
            counters.add(new Counter(OddServices.BYSTANDER + i));
        }
    }

    /** Each whose last call has ended makes another one. */
    void act(List<ClusterMember> honest, SplittableRandom random) {
        counters.stream()
                .filter(Counter::isEnded)
                .forEach(each -> each.begin(Fault.any(honest, random)));
    }

    boolean isEnded() {
        return counters.stream().allMatch(Counter::isEnded);
    }

    /** Whether a fold has counted each change, unless it said that it cannot. */
    boolean isFolded(ServiceConfig<?> folding) {
        return cluster.world().maySplit()
                || counters.stream().allMatch(each -> each.isFolded(folding));
    }

    /** The first promise broken, in words; null if all are kept. Nothing is asked of splits. */
    @Nullable String breach() {
        for (Counter each : counters) {
            String breach = cluster.world().maySplit() ? null : each.breach();
            if (breach != null) {
                return breach;
            }
        }
        return null;
    }

    private final class Counter {
        private final String document;
        private final String key;
        private long least;
        private long most;
        private @Nullable ClusterCall<Long> call;

        Counter(String document) {
            this.document = document;
            this.key = service.type() == Long.class ? document : document + ".n";
        }

        boolean isEnded() {
            ClusterCall<Long> latest = call;
            return latest == null || latest.isEnded() || !latest.from().isAlive();
        }

        void begin(ClusterMember from) {
            ask(from, true);
        }

        private void ask(ClusterMember from, boolean mayAskAgain) {
            tally();
            Message message = Message.of(Verbs.INCREMENT, 1).key(key).within(PATIENCE);
            ClusterCall<Long> begun = from.service(service).send(message, Long.class);
            call = begun;
            if (isCalm) {
                long asked = least;
                cluster.world()
                        .timeline()
                        .after(
                                SECOND_NANOS,
                                () -> {
                                    boolean isLatest = call == begun && mayAskAgain;
                                    if (isLatest && begun.failure() == Failure.OVERLOADED) {
                                        ask(from, false);
                                    } else {
                                        expectAnswer(asked);
                                    }
                                });
            }
        }

        /**
         * Refused for want of room it has asked again, at the latest now: there is room within a
         * second, too.
         */
        private void expectAnswer(long before) {
            if (least == before && !(call != null && call.outcome() == Outcome.OK)) {
                throw cluster.world()
                        .breach(
                                "where nothing is wrong, other keys are answered within a second",
                                String.valueOf(call));
            }
        }

        /** The call has ended, or nobody will know. */
        private void tally() {
            ClusterCall<Long> ended = call;
            call = null;
            if (ended != null) {
                least += ended.outcome() == Outcome.OK && isLasting(ended) ? 1 : 0;
                most += isRefused(ended) ? 0 : 1;
            }
        }

        private static boolean isRefused(ClusterCall<Long> ended) {
            return ended.outcome() == Outcome.FAILED && ended.failure() != Failure.DEDUP_EXPIRED;
        }

        private static boolean isLasting(ClusterCall<Long> ended) {
            return ended.commit().copies() == Commit.SAFE;
        }

        boolean isFolded(ServiceConfig<?> folding) {
            ClusterService<?> there = cluster.members().get(0).service(folding);
            long folded = number(there.get(OddServices.countOf(document), Long.class));
            return folded == sum() || cluster.world().invariants().isInexact(there.hosted());
        }

        private long sum() {
            ClusterMember member = cluster.members().get(0);
            return number(member.service(service).get(key, Long.class));
        }

        @Nullable String breach() {
            tally();
            long sum = sum();
            if (sum < least || sum > most) {
                return key + " is " + sum + ": of " + most + " OK=" + least;
            }
            return null;
        }

        private static long number(@Nullable Long value) {
            return value == null ? 0 : value;
        }
    }
}
