package io.tuli.swarm;

import io.tuli.Change;
import io.tuli.Failure;
import io.tuli.LogPosition;
import io.tuli.Message;
import io.tuli.Outcome;
import io.tuli.Position;
import io.tuli.RequestId;
import io.tuli.ServiceConfig;
import io.tuli.Turn;
import io.tuli.cluster.Cluster;
import io.tuli.cluster.ClusterCall;
import io.tuli.cluster.ClusterMember;
import io.tuli.cluster.Timeline;
import io.tuli.feed.Feeds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * P5: handlers tell events, and feeds on several members, which go on elsewhere when theirs dies,
 * are told each of them once: what was told OK once, what was told FAILED never. One thread.
 */
final class ToldEvents {

    static final String TELL = "TELL";

    private static final int FEEDS_MOST = 4;
    private static final long RESENT_LATEST = 4_000 * Timeline.MILLI;
    private static final Duration WITHIN = Duration.ofSeconds(10);
    private static final Duration SETTLED = Duration.ofSeconds(1);

    private final Cluster cluster;
    private final SwarmPlan plan;
    private final ServiceConfig<Object> service;
    private final SplittableRandom random;
    private final List<Tell> tells = new ArrayList<>();
    private final List<Follower> followers = new ArrayList<>();

    ToldEvents(Cluster cluster, SwarmPlan plan, ServiceConfig<Object> service) {
        this.cluster = cluster;
        this.plan = plan;
        this.service = service;
        this.random = new SplittableRandom(~plan.seed());
    }

    /** One event, or two; alone, or with an edit that may be overruled, or one that never is. */
    static Object handle(Message message, Turn<Object> turn) {
        int number = Objects.requireNonNull(message.body(Integer.class));
        String key = message.key().top();
        turn.event("told", number, channelsOf(number));
        switch (number % 3) {
            case 0 -> turn.update(key, counted(turn) + 1);
            case 1 -> turn.increment(key, 1);
            default -> turn.event("alone", number);
        }
        return number;
    }

    private static List<String> channelsOf(int number) {
        return number % 4 == 0 ? List.of() : List.of("c" + number % 4, "everybody");
    }

    private static long counted(Turn<Object> turn) {
        return turn.value() instanceof Number count ? count.longValue() : 0;
    }

    /** Feeds begin on some of the members, before anything is told. */
    void begin() {
        for (ClusterMember member : cluster.members()) {
            if (followers.size() < FEEDS_MOST) {
                followers.add(new Follower(followers.size() % 2 == 1, member));
            }
        }
    }

    /** One more, now and then twice, by another member. */
    void tell() {
        int number = tells.size();
        String key = (number % 3 == 1 ? "summed" : "counted") + number % 2;
        Message message = Message.of(TELL, number).key(key).within(WITHIN).id("tell " + number);
        Tell tell = new Tell(number, new ArrayList<>());
        tells.add(tell);
        tell.calls.add(any().service(service).send(message));
        if (random.nextInt(3) == 0) {
            cluster.world()
                    .timeline()
                    .after(
                            random.nextLong(RESENT_LATEST),
                            () -> tell.calls.add(any().service(service).send(message)));
        }
        look();
    }

    private ClusterMember any() {
        List<ClusterMember> members = cluster.members();
        return members.get(random.nextInt(members.size()));
    }

    private void look() {
        followers.forEach(Follower::look);
    }

    boolean isEnded() {
        look();
        return tells.stream()
                .flatMap(tell -> tell.calls.stream())
                .allMatch(call -> call.isEnded() || !call.from().isAlive());
    }

    /** When all is well again every event comes within so long, and none comes twice. */
    void expect(Duration within) {
        Duration end = cluster.now().plus(within);
        boolean hasSettled = false;
        for (String breach = breach(); breach != null || !hasSettled; ) {
            if (breach != null && cluster.now().compareTo(end) >= 0) {
                throw cluster.world().breach("P5 each event comes once", breach);
            }
            hasSettled = breach == null;
            cluster.run(SETTLED);
            breach = breach();
        }
    }

    private @Nullable String breach() {
        look();
        for (Follower follower : followers) {
            for (Tell tell : tells) {
                String breach = follower.breach(tell);
                if (breach != null) {
                    return follower + " " + breach + ": " + tell;
                }
            }
        }
        return null;
    }

    /** One that is to be told, and the calls made for it. */
    private record Tell(int number, List<ClusterCall<?>> calls) {

        boolean isOk() {
            return calls.stream().anyMatch(call -> call.outcome() == Outcome.OK);
        }

        boolean isFailed() {
            return calls.stream().allMatch(Tell::isFailed);
        }

        private static boolean isFailed(ClusterCall<?> call) {
            return call.outcome() == Outcome.FAILED && call.failure() != Failure.DEDUP_EXPIRED;
        }

        boolean isOfTwo() {
            return number % 3 == 2;
        }

        RequestId id() {
            return calls.get(0).id();
        }
    }

    /** Somebody who wants each event once, and goes on elsewhere when a member dies. */
    private final class Follower {

        private final boolean isOfChanges;
        private final Map<String, Integer> told = new HashMap<>();
        private final Map<Integer, LogPosition> places = new HashMap<>();
        private ClusterMember member;
        private Feeds.Polled<Change> feed;
        private int lost;

        Follower(boolean isOfChanges, ClusterMember member) {
            this.isOfChanges = isOfChanges;
            this.member = member;
            TreeMap<Integer, LogPosition> starts = new TreeMap<>();
            for (int partition = 0; partition < plan.partitions(); partition++) {
                starts.put(partition, LogPosition.START);
            }
            this.feed = member.service(service).events(Position.exact(starts), isOfChanges);
        }

        void look() {
            feed.poll(this::take);
            if (!member.isAlive()) {
                Position at = feed.position();
                lost += lossesHere();
                feed.close();
                member = any();
                lost -= lossesHere();
                feed = member.service(service).events(at, isOfChanges);
            }
        }

        private void take(Change change) {
            LogPosition before = places.put(change.partition(), change.position());
            boolean isBack = before != null && before.offset() > change.position().offset();
            if (isBack && !plan.maySplit() && !mayMiss()) {
                throw cluster.world()
                        .breach(
                                "P5 events come in the order of their key",
                                change + " after " + before + " to " + this);
            }
            if (change.kind() == Change.Kind.EVENT) {
                requireChannels(change);
                told.merge(change.event() + change.value(), 1, Integer::sum);
            }
        }

        private void requireChannels(Change change) {
            int number = Objects.requireNonNull(change.value(Integer.class));
            List<String> expected = change.event().equals("told") ? channelsOf(number) : List.of();
            if (!change.channels().equals(expected)) {
                throw cluster.world()
                        .breach(
                                "P5 an event is told in its channels",
                                change + " " + change.channels() + " to " + this);
            }
        }

        @Nullable String breach(Tell tell) {
            int times = told.getOrDefault("told" + tell.number, 0);
            int alone = told.getOrDefault("alone" + tell.number, 0);
            if (times == 0 && tell.isOk() && !mayMiss()) {
                return "was not told of what was told OK";
            }
            if (times > 0 && tell.isFailed()) {
                return "was told of what was told FAILED";
            }
            if (times > 1 && !cluster.world().invariants().isExecutedAnew(tell.id())) {
                return "was told " + times + " times";
            }
            boolean isTorn = tell.isOfTwo() && alone != times;
            return isTorn ? "was told one of two: " + times + " and " + alone : null;
        }

        /** Whether it was told that something is lost. */
        private boolean mayMiss() {
            return lost + lossesHere() > 0;
        }

        private int lossesHere() {
            return member.service(service).hosted().eventsLost;
        }

        @Override
        public String toString() {
            return (isOfChanges ? "who follows all at " : "who follows events at ") + member;
        }
    }
}
