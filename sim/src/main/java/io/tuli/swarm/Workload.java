package io.tuli.swarm;

import io.tuli.Commit;
import io.tuli.Failure;
import io.tuli.Key;
import io.tuli.LogPosition;
import io.tuli.MemberId;
import io.tuli.Message;
import io.tuli.Outcome;
import io.tuli.Receipt;
import io.tuli.ServiceConfig;
import io.tuli.Turn;
import io.tuli.Verbs;
import io.tuli.Versioned;
import io.tuli.cluster.Cluster;
import io.tuli.cluster.ClusterCall;
import io.tuli.cluster.ClusterMember;
import io.tuli.cluster.ClusterService;
import io.tuli.cluster.Hosted;
import io.tuli.cluster.Timeline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes from every member, some sent a second time under the same id, and what became of each:
 * what was told OK is there, once; what was told FAILED is not; UNKNOWN is one of the two. One
 * thread.
 */
final class Workload {

    private static final String COUNT = "COUNT";

    private final Cluster cluster;
    private final SwarmPlan plan;
    private final SplittableRandom random;
    private final ServiceConfig<Object> service;
    private final List<Kind> kinds;
    private final List<Write> writes = new ArrayList<>();
    private final RefusedCalls refused;
    private final BriefDocuments brief;

    /** What a write does. */
    enum Kind {
        /** Appends its number to a list. */
        PUSH,
        /** Adds its number to a set: a key that must not exist. */
        ADD,
        /** Includes its number in a set that is one value. */
        INCLUDE,
        /** Adds one to a sum. */
        INCREMENT,
        /** Sends a handler that reads a counter and adds one. */
        COUNT,
        /** Reads a counter from its replica and sets it to one more, if it is the same still. */
        SWAP;

        /** Whether both sides of a split may do it, and all of it stays. */
        boolean mergesWithoutLoss() {
            return this != COUNT && this != SWAP;
        }

        /** Whether each write leaves an element of its own. */
        boolean isCollected() {
            return this == PUSH || this == ADD || this == INCLUDE;
        }

        boolean isCounted() {
            return this == COUNT || this == INCREMENT || this == SWAP;
        }
    }

    Workload(Cluster cluster, SwarmPlan plan, SplittableRandom random) {
        this.cluster = cluster;
        this.plan = plan;
        this.random = random;
        this.kinds = List.copyOf(plan.kinds());
        this.service =
                ServiceConfig.of("swarm", Object.class)
                        .partitions(plan.partitions())
                        .handler(Workload::handle);
        this.refused = new RefusedCalls(service);
        this.brief = new BriefDocuments(cluster, plan.seed());
    }

    /** Before any member joins: this is what all of them serve or use. */
    void begin() {
        cluster.everywhere(service);
        brief.begin();
    }

    /** Where it writes. */
    ServiceConfig<Object> service() {
        return service;
    }

    private static @Nullable Object handle(Message message, Turn<Object> turn) {
        if (message.verb().equals(RefusedCalls.VERB)) {
            return RefusedCalls.handle(message, turn);
        }
        if (message.verb().equals(ToldEvents.TELL)) {
            return ToldEvents.handle(message, turn);
        }
        if (!message.verb().equals(COUNT)) {
            return turn.pass();
        }
        String key = message.key().toString();
        Long before = turn.value(key, Long.class);
        long next = before == null ? 1 : before + 1;
        turn.update(key, next);
        return next;
    }

    // ---- writing -------------------------------------------------------------------------------

    /** One more write, from any member; now and then it is sent again soon. */
    void write() {
        Kind kind = kinds.get(random.nextInt(kinds.size()));
        int number = writes.size();
        Commit commit =
                plan.asked(
                        number,
                        random.nextInt(4) == 0
                                ? Commit.copies(1 + random.nextInt(2))
                                : Commit.safe());
        int deadlineMillis = random.nextInt(plan.deadlineMillis(), 20_001);
        Write write = new Write(kind, number, number % plan.keys(), commit);
        writes.add(write);
        ClusterMember from = any();
        if (kind == Kind.SWAP) {
            write.read(from.service(service).versioned(write.key()));
        }
        send(write, from, Duration.ofMillis(deadlineMillis));
        refused.wrote(write.first());
        brief.wrote(write.first());
        if (random.nextDouble() < plan.resends()) {
            resendLater(write);
        }
    }

    /** Who owns what was written last; null while nobody does. */
    @Nullable ClusterMember ownerOfLatest() {
        Write write = writes.getLast();
        MemberId owner = write.first().service(service).ownerOf(write.key());
        return owner == null ? null : cluster.member(owner);
    }

    /**
     * Writes that must succeed, for nothing is wrong any more: one to each partition, so that no
     * queue is full, and in as many rounds that each member makes one.
     */
    void finalWrites(Duration within) {
        List<ClusterMember> members = cluster.members();
        List<ClusterCall<?>> calls = new ArrayList<>();
        for (int i = 0; i < Math.max(plan.partitions(), members.size()); i++) {
            if (i % plan.partitions() == 0) {
                cluster.await("all calls have ended", this::isEnded, within);
            }
            int place = placeIn(i % plan.partitions(), members.get(0).service(service));
            Write write = new Write(Kind.PUSH, writes.size(), place, Commit.safe());
            writes.add(write);
            calls.add(send(write, members.get(i % members.size()), Duration.ofSeconds(10)));
        }
        cluster.await("all calls have ended", this::isEnded, within);
        for (ClusterCall<?> call : calls) {
            if (call.from().isAlive() && call.outcome() != Outcome.OK) {
                throw cluster.world()
                        .breach("when all is well again, calls succeed", call.toString());
            }
        }
    }

    /** The first place whose list is in that partition. */
    private static int placeIn(int partition, ClusterService<Object> there) {
        int place = 0;
        while (there.partitionOf("push" + place) != partition) {
            place++;
        }
        return place;
    }

    private void resendLater(Write write) {
        long delay = random.nextLong(3_000 * Timeline.MILLI);
        boolean isBySame = random.nextBoolean();
        ClusterMember first = write.first();
        ClusterMember other = any();
        cluster.world()
                .timeline()
                .after(
                        delay,
                        () -> {
                            ClusterMember from = isBySame || !write.isNamed() ? first : other;
                            boolean isRefused = write.calls.get(0).outcome() == Outcome.FAILED;
                            if (from.isAlive() && !isRefused) {
                                send(write, from, Duration.ofSeconds(10));
                            }
                        });
    }

    private ClusterCall<?> send(Write write, ClusterMember from, Duration within) {
        Message message = write.message().within(within).commit(write.commit);
        if (!write.calls.isEmpty()) {
            message = message.id(write.calls.get(0).id());
        } else if (write.isNamed()) {
            message = message.id("write " + write.number);
        }
        ClusterCall<?> call = from.service(service).send(message);
        write.calls.add(call);
        write.callers.add(from);
        return call;
    }

    private ClusterMember any() {
        List<ClusterMember> members = cluster.members();
        return members.get(random.nextInt(members.size()));
    }

    // ---- judging -------------------------------------------------------------------------------

    boolean isEnded() {
        for (Write write : writes) {
            for (ClusterCall<?> call : write.calls) {
                if (!call.isEnded() && call.from().isAlive()) {
                    return false;
                }
            }
        }
        return refused.isEnded() && brief.isEnded();
    }

    /** One whose call broke a rule as it was made has none. */
    int count(Outcome outcome) {
        int count = 0;
        for (Write write : writes) {
            boolean isOf = !write.calls.isEmpty() && write.calls.get(0).outcome() == outcome;
            count += isOf ? 1 : 0;
        }
        return count;
    }

    /** The first promise broken, in words; null if all are kept. */
    @Nullable String breach() {
        ClusterMember member = cluster.members().get(0);
        ClusterService<Object> there = member.service(service);
        Map<String, Object> state = new HashMap<>(there.state());
        for (Write write : writes) {
            String breach =
                    cluster.world().maySplit()
                            ? lossUntold(write, state)
                            : breach(there, write, state);
            if (breach != null) {
                return breach + ": " + write;
            }
        }
        String counted = countersBreach(state);
        String other = counted == null ? refused.breach() : counted;
        return other == null ? brief.breach() : other;
    }

    /** E3: after a split what is not kept is reported. */
    private @Nullable String lossUntold(Write write, Map<String, Object> state) {
        boolean isLost =
                write.kind.isCollected()
                        && write.isOk()
                        && write.timesIn(state.get(write.key())) == 0;
        boolean isTold = cluster.world().invariants().isOverruled(write.key());
        return isLost && !isTold ? "what was told OK is lost at a merge, and nobody told" : null;
    }

    private @Nullable String breach(
            ClusterService<Object> there, Write write, Map<String, Object> state) {
        if (write.isOk() && cluster.world().invariants().isExecutedAnew(write.id())) {
            return write.timesIn(state.get(write.key())) == 0 && !write.kind.isCounted()
                    ? "what was executed twice, its caller being forgotten, is not there"
                    : null;
        }
        String unequal = write.unequal();
        if (unequal != null) {
            return unequal;
        }
        LogPosition at = executedAt(there.hosted(), write);
        if (write.isOk() && at == null) {
            return "what was told OK was never committed";
        }
        if (write.isFailed() && at != null) {
            return "what was told FAILED was committed at " + at;
        }
        if (write.isOk() && at != null && at.offset() != write.place()) {
            return "an OK names the place of its entry, which is " + at;
        }
        long times = write.timesIn(state.get(write.key()));
        if (!write.kind.isCounted() && times > 1) {
            return "executed " + times + " times";
        }
        if (!write.kind.isCounted() && (at == null ? 0 : 1) != times) {
            return "committed at " + at + " and there " + times + " times";
        }
        return null;
    }

    private @Nullable LogPosition executedAt(Hosted hosted, Write write) {
        int partition = hosted.spec.partitionOf(write.key());
        return cluster.world().invariants().executedAt(hosted, partition, write.id());
    }

    /** No two calls got the same number, and the counter has as many as were counted. */
    private @Nullable String countersBreach(Map<String, Object> state) {
        Map<String, List<Write>> counted = new TreeMap<>();
        for (Write write : writes) {
            if (write.kind.isCounted()) {
                counted.computeIfAbsent(write.key(), key -> new ArrayList<>()).add(write);
            }
        }
        for (Map.Entry<String, List<Write>> counter : counted.entrySet()) {
            String breach = counterBreach(counter.getKey(), counter.getValue(), state);
            if (breach != null) {
                return breach;
            }
        }
        return null;
    }

    private @Nullable String counterBreach(
            String key, List<Write> counted, Map<String, Object> state) {
        boolean isMerged =
                counted.get(0).kind.mergesWithoutLoss()
                        && !cluster.world().invariants().isOverruled(key);
        if (cluster.world().maySplit() && !isMerged) {
            return null;
        }
        long least = counted.stream().filter(Write::isOk).count();
        Hosted hosted = cluster.members().get(0).service(service).hosted();
        long anew = cluster.world().invariants().timesAnew(hosted, key);
        long most = counted.stream().filter(write -> !write.isFailed()).count() + anew;
        long numbers = counted.stream().filter(Write::isOk).map(Write::reply).distinct().count();
        if (numbers < least && !cluster.world().maySplit()) {
            return "two calls got one number of " + key;
        }
        long value = state.get(key) instanceof Number number ? number.longValue() : 0;
        boolean isRight = value >= least && value <= most;
        return isRight ? null : key + " is " + value + ": of " + most + " OK=" + least;
    }

    /** One thing wanted, and each call made for it. */
    private static final class Write {
        private final Kind kind;
        private final int number;
        private final int place;
        private final Commit commit;
        private Versioned<Object> read = new Versioned<>(null, LogPosition.START);
        private final List<ClusterCall<?>> calls = new ArrayList<>();
        private final List<ClusterMember> callers = new ArrayList<>();

        Write(Kind kind, int number, int place, Commit commit) {
            this.kind = kind;
            this.number = number;
            this.place = place;
            this.commit = commit;
        }

        /** What it read before. */
        void read(Versioned<Object> found) {
            read = found;
        }

        /** Who made it first. */
        ClusterMember first() {
            return callers.get(0);
        }

        /** Whether it may be repeated by others than who made it. */
        boolean isNamed() {
            return number % 2 == 0;
        }

        Message message() {
            return switch (kind) {
                case PUSH -> Message.of(Verbs.PUSH, number).key(key());
                case INCLUDE -> Message.of(Verbs.INCLUDE, number).key(key());
                case INCREMENT -> Message.of(Verbs.INCREMENT, 1).key(key());
                case ADD -> Message.of(Verbs.ADD, true).key(Key.of(key(), "n" + number));
                case COUNT -> Message.of(COUNT).key(key());
                case SWAP -> {
                    long next = read.value() instanceof Number count ? count.longValue() + 1 : 1;
                    yield Message.of(Verbs.UPDATE, next).key(key()).ifVersion(read.version());
                }
            };
        }

        String key() {
            return kind.name().toLowerCase(java.util.Locale.ROOT) + place;
        }

        io.tuli.RequestId id() {
            return calls.get(0).id();
        }

        /** Acknowledged so that it must last. */
        boolean isOk() {
            return calls.stream().anyMatch(Write::isLasting);
        }

        private static boolean isLasting(ClusterCall<?> call) {
            Receipt receipt = call.receipt();
            return call.outcome() == Outcome.OK
                    && receipt != null
                    && (receipt.copies() > 1 || call.commit().copies() == Commit.SAFE);
        }

        boolean isFailed() {
            return calls.stream()
                    .allMatch(
                            call ->
                                    call.outcome() == Outcome.FAILED
                                            && call.failure() != Failure.DEDUP_EXPIRED);
        }

        long place() {
            return calls.stream()
                    .filter(Write::isLasting)
                    .map(ClusterCall::receipt)
                    .mapToLong(receipt -> receipt == null ? -1 : receipt.position().offset())
                    .findFirst()
                    .orElse(-1);
        }

        /** What no other may get: the number it made, or the version it took. */
        String reply() {
            return kind == Kind.SWAP ? read.version().toString() : told();
        }

        private String told() {
            return calls.stream()
                    .filter(Write::isLasting)
                    .map(call -> call.body().toString())
                    .findFirst()
                    .orElse("");
        }

        /** What differs between calls that were told OK of the same request. */
        @Nullable String unequal() {
            long answers =
                    calls.stream()
                            .filter(Write::isLasting)
                            .map(call -> call.body() + " at " + offset(call.receipt()))
                            .distinct()
                            .count();
            return answers > 1 ? "a repeat gets the stored reply" : null;
        }

        private static long offset(@Nullable Receipt receipt) {
            return receipt == null ? -1 : receipt.position().offset();
        }

        long timesIn(@Nullable Object document) {
            if (document instanceof List<?> list) {
                return list.stream().filter(each -> each.equals(number)).count();
            }
            return document instanceof Map<?, ?> set && set.containsKey("n" + number) ? 1 : 0;
        }

        @Override
        public String toString() {
            return kind + " " + number + " at " + key() + " " + commit + " " + calls;
        }
    }
}
