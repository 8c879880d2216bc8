package io.tuli.swarm;

import io.tuli.Commit;
import io.tuli.Failure;
import io.tuli.Key;
import io.tuli.MemberId;
import io.tuli.Outcome;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.ServiceConfig;
import io.tuli.call.CallSpec;
import io.tuli.call.SurveyTally;
import io.tuli.call.SurveyTally.Became;
import io.tuli.cluster.Cluster;
import io.tuli.cluster.ClusterCall;
import io.tuli.cluster.ClusterMember;
import io.tuli.cluster.Timeline;
import io.tuli.protocol.Extensions;
import io.tuli.protocol.ServiceSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Messages to all servers of a service without state, tallied as those that ship. P3: who was asked
 * has answered, failed or been silent, each is in one of these; who has answered ran it, and nobody
 * ran it twice. One thread.
 */
final class SurveyCalls {

    private static final long SALT = 0x5a13e7L;
    private static final long WITHIN_NANOS = 3_000 * Timeline.MILLI;

    /** Numbers of surveys are below those of all other calls. */
    private static final int FIRST = -2;

    private final Cluster cluster;
    private final ServiceConfig<Void> service;
    private final SplittableRandom random;
    private final List<Asked> all = new ArrayList<>();

    private record Asked(
            ClusterMember from,
            Map<MemberId, ClusterCall<?>> calls,
            Set<MemberId> told,
            SurveyTally tally) {

        boolean isEnded() {
            return !from.isAlive() || calls.values().stream().allMatch(ClusterCall::isEnded);
        }

        void look() {
            calls.forEach(
                    (member, call) -> {
                        if (call.isEnded() && told.add(member)) {
                            tell(member, call);
                        }
                    });
            if (tally.isOver()) {
                calls.values().stream()
                        .filter(call -> !call.isEnded())
                        .forEach(ClusterCall::cancel);
            }
        }

        private void tell(MemberId member, ClusterCall<?> call) {
            if (call.outcome() == Outcome.OK) {
                tally.answered(member, 1);
            } else {
                Failure failure = call.failure();
                tally.failed(member, failure == null ? Failure.HANDLER_FAILED : failure);
            }
        }
    }

    SurveyCalls(Cluster cluster, ServiceConfig<Void> service, long seed) {
        this.cluster = cluster;
        this.service = service;
        this.random = new SplittableRandom(seed ^ SALT);
    }

    /** One more asks all servers there are, or those before are looked at. */
    void ask() {
        all.forEach(Asked::look);
        List<ClusterMember> members = cluster.members();
        ClusterMember from = members.get(random.nextInt(members.size()));
        Map<MemberId, ClusterCall<?>> calls = new LinkedHashMap<>();
        int number = FIRST - all.size();
        RequestId id = new RequestId(from.id().incarnation(), from.nextRequest());
        for (ClusterMember server : cluster.servers()) {
            calls.put(
                    server.id(),
                    from.service(service).start(spec(server, id, number), Object.class));
        }
        int wanted = random.nextBoolean() ? 1 + random.nextInt(3) : Integer.MAX_VALUE;
        SurveyTally tally = new SurveyTally(calls.keySet(), wanted, Long.MAX_VALUE);
        all.add(new Asked(from, calls, new HashSet<>(), tally));
    }

    private CallSpec spec(ClusterMember server, RequestId id, int number) {
        return new CallSpec(
                ServiceSpec.numberOf(service.name()),
                server.id(),
                id,
                false,
                false,
                false,
                cluster.world().nowNanos() + WITHIN_NANOS,
                Commit.owner(),
                "GO",
                Key.NONE,
                Payload.json(Integer.toString(number)),
                Collections.emptySortedMap(),
                Extensions.NONE);
    }

    boolean isEnded() {
        all.forEach(Asked::look);
        return all.stream().allMatch(Asked::isEnded);
    }

    /**
     * What is not as promised; null if all is.
     *
     * @param runs how often a message of that number ran
     * @param isFailed whether its handler fails
     */
    @Nullable String breach(IntUnaryOperator runs, java.util.function.IntPredicate isFailed) {
        for (int i = 0; i < all.size(); i++) {
            Asked asked = all.get(i);
            int ran = runs.applyAsInt(FIRST - i);
            String facts = asked.tally() + " ran=" + ran + " " + asked.calls();
            if (ran > asked.calls().size()) {
                return "P3 nobody runs a survey twice: " + facts;
            }
            if (!asked.from().isAlive()) {
                continue;
            }
            List<MemberId> told = new ArrayList<>();
            for (Became became : Became.values()) {
                told.addAll(asked.tally().of(became));
            }
            if (!asked.tally().isOver()
                    || told.size() != asked.calls().size()
                    || !asked.calls().keySet().containsAll(told)) {
                return "P3 who was asked is in one of three: " + facts;
            }
            int answered = asked.tally().of(Became.ANSWERED).size();
            if (answered > ran || (answered > 0 && isFailed.test(FIRST - i))) {
                return "P3 who has answered ran it: " + facts;
            }
        }
        return null;
    }
}
