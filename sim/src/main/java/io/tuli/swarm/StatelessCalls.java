package io.tuli.swarm;

import io.tuli.Caller;
import io.tuli.Failure;
import io.tuli.Message;
import io.tuli.Outcome;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import io.tuli.call.Choice;
import io.tuli.call.Version;
import io.tuli.cluster.Cluster;
import io.tuli.cluster.ClusterCall;
import io.tuli.cluster.ClusterMember;
import io.tuli.cluster.Timeline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Calls to whichever server of a service without state, whatever else goes on. P1: what may run
 * once runs once at most, what is told FAILED ran nowhere or was failed by its handler, and what is
 * told OK ran. P2: where nothing is wrong, nobody waits for long beside room. P10: whoever runs it
 * is told for whom it was sent, however often and by whatever way it was asked. P11: whoever runs
 * it serves a version that it asks for, though members close it and serve another. One thread.
 */
final class StatelessCalls {

    private static final long SALT = 0x57a7e1e55L;

    /** Of so many seeds one makes such calls, so many at once, one time in so many writes. */
    private static final int SEEDS = 3;

    private static final int BURST = 8;
    private static final int EVERY = 6;

    /** The handler fails one of so many. */
    private static final int FAILS = 7;

    private static final long SLOWEST_MILLIS = 30;

    /** Between the end of one version at a member and the next. */
    private static final Duration REPLACED = Duration.ofMillis(20);

    private static final Duration WITHIN = Duration.ofSeconds(10);

    /** After so long no server is taken for full because of what was before. */
    private static final Duration SETTLED = Duration.ofMillis(1_100);

    /** More than the last calls take, and less than a server is taken for full. */
    private static final Duration PROMPT = Duration.ofMillis(900);

    private final Cluster cluster;
    private final SwarmPlan plan;
    private final boolean isMade;
    private final SplittableRandom random;
    private final ServiceConfig<Void> service;
    private final SurveyCalls surveys;
    private final List<Sent> sent = new ArrayList<>();

    /** For whom each was sent. */
    private final List<Caller> callers = new ArrayList<>();

    /** Which servers each was for. */
    private final List<Choice> choices = new ArrayList<>();

    private final Map<Integer, Integer> runs = new HashMap<>();
    private final @Nullable WorkVersions versions;
    private int writes;
    private @Nullable String mistaken;

    private record Sent(ClusterCall<?> call, boolean isOnce) {

        boolean isEnded() {
            return call.isEnded() || !call.from().isAlive();
        }
    }

    StatelessCalls(Cluster cluster, SwarmPlan plan) {
        this.cluster = cluster;
        this.plan = plan;
        this.random = new SplittableRandom(plan.seed() ^ SALT);
        this.isMade = random.nextInt(SEEDS) == 0;
        this.service =
                ServiceConfig.stateless("work", (message, turn) -> run(message, Version.UNSAID))
                        .capacity(1 + random.nextInt(3))
                        .queue(random.nextInt(3));
        this.versions =
                isMade && WorkVersions.areDrawn(plan.seed())
                        ? new WorkVersions(service.name(), plan.seed(), this::run)
                        : null;
        if (versions != null) {
            cluster.world().eachTime(versions);
        }
        this.surveys = new SurveyCalls(cluster, service, plan.seed());
    }

    /** Half of those seeds ask all servers, too. */
    private boolean areAllAsked() {
        return plan.seed() % 2 == 0;
    }

    boolean isMade() {
        return isMade;
    }

    ServiceConfig<Void> service() {
        return service;
    }

    /** Takes its time, then answers or fails. */
    private Object run(Message message, Version version) {
        Integer number = message.body(Integer.class);
        int known = number == null ? -1 : number;
        runs.merge(known, 1, Integer::sum);
        if (known >= 0) {
            recognise(known, message.caller());
            if (!choices.get(known).allows(version) && mistaken == null) {
                mistaken =
                        "P11 who runs it serves a version it asks for: number="
                                + known
                                + " version="
                                + version
                                + " of "
                                + choices.get(known);
            }
        }
        CompletableFuture<Object> answer = new CompletableFuture<>();
        long nanos = random.nextLong(SLOWEST_MILLIS * Timeline.MILLI);
        cluster.world().timeline().after(nanos, () -> end(answer, known));
        return answer;
    }

    /** How it has come is the link's to say: all else is as it was sent. */
    private void recognise(int number, Caller told) {
        Caller said = callers.get(number);
        boolean isSame =
                told.provider().equals(said.provider())
                        && told.user().equals(said.user())
                        && told.claims().equals(said.claims());
        if (!isSame && mistaken == null) {
            mistaken = "P10 who calls is told: number=" + number + " sent for " + said;
        }
    }

    /** Servers speak for others, every other time. */
    private static Caller callerOf(ClusterMember from, int number) {
        return from.isServer() && number % 2 == 0
                ? Caller.of("sim", "u" + number, Map.of("number", number))
                : Caller.MESH;
    }

    private static void end(CompletableFuture<Object> answer, int number) {
        if (isFailed(number)) {
            answer.completeExceptionally(
                    new TuliException(Failure.HANDLER_FAILED, "as it was meant"));
        } else {
            answer.complete(number);
        }
    }

    private static boolean isFailed(int number) {
        return number % FAILS == 0;
    }

    /** Somebody has written: now and then some ask, too. */
    void wrote() {
        if (!isMade || ++writes % EVERY != 0) {
            return;
        }
        List<ClusterMember> members = cluster.members();
        int count = 1 + random.nextInt(BURST);
        for (int i = 0; i < count; i++) {
            ClusterMember from = members.get(random.nextInt(members.size()));
            boolean isOnce = random.nextBoolean();
            send(from, isOnce, versions == null ? Choice.ANY : versions.choose());
        }
        if (areAllAsked()) {
            surveys.ask();
        }
        boolean isAnyThere = !cluster.servers().isEmpty();
        if (isAnyThere && versions != null && versions.isAnotherServed()) {
            cluster.close(Fault.any(cluster.servers(), random), service, REPLACED);
        }
    }

    /** P2: when nothing is wrong any more, more than all servers have room for, at once. */
    void finalCalls() {
        if (!isMade) {
            return;
        }
        cluster.run(SETTLED);
        List<ClusterMember> members = cluster.members();
        int servers = (int) members.stream().filter(ClusterMember::isServer).count();
        int first = sent.size();
        ClusterMember from = members.get(random.nextInt(members.size()));
        for (int i = 0; i < servers * (service.capacity() + service.queue()) + BURST; i++) {
            send(from, false, versions == null ? Choice.ANY : versions.choose(served()));
        }
        cluster.run(PROMPT);
        for (Sent each : sent.subList(first, sent.size())) {
            if (!each.isEnded()) {
                throw cluster.world().breach("P2 nobody waits beside room", text(each));
            }
        }
    }

    /** The versions that are served now. */
    private List<Version> served() {
        return cluster.servers().stream()
                .map(server -> server.service(service).hosted().config.description())
                .map(said -> Version.of(said.version()))
                .toList();
    }

    private void send(ClusterMember from, boolean isOnce, Choice choice) {
        int number = sent.size();
        Caller caller = callerOf(from, number);
        callers.add(caller);
        choices.add(choice);
        Message message = Message.of("GO", number).within(WITHIN).as(caller);
        Message said = isOnce ? message.atMostOnce() : message;
        sent.add(new Sent(from.service(service).send(said, choice, Object.class), isOnce));
    }

    private static String text(Sent each) {
        return each.call + (each.isOnce ? " once" : "");
    }

    boolean isEnded() {
        return surveys.isEnded() && sent.stream().allMatch(Sent::isEnded);
    }

    /** What is not as promised; null if all is. */
    @Nullable String breach() {
        if (mistaken != null) {
            return mistaken;
        }
        for (int number = 0; number < sent.size(); number++) {
            Sent each = sent.get(number);
            int ran = runs.getOrDefault(number, 0);
            Outcome outcome = each.call.outcome();
            if (each.isOnce && ran > 1) {
                return "P1 what may run once ran " + ran + " times: " + text(each);
            }
            if (outcome == Outcome.OK && (ran == 0 || isFailed(number))) {
                return "P1 what is told OK has run: " + text(each);
            }
            boolean mayFail = ran == 0 || (ran == 1 && isFailed(number));
            if (outcome == Outcome.FAILED && !mayFail) {
                return "P1 what is told FAILED ran " + ran + " times: " + text(each);
            }
        }
        return surveys.breach(number -> runs.getOrDefault(number, 0), StatelessCalls::isFailed);
    }
}
