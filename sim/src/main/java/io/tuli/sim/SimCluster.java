package io.tuli.sim;

import io.tuli.Limits;
import io.tuli.LogPosition;
import io.tuli.MemberId;
import io.tuli.Message;
import io.tuli.RequestId;
import io.tuli.ServiceConfig;
import io.tuli.codec.JsonCodec;
import io.tuli.codec.JsonDocuments;
import io.tuli.protocol.Decision;
import io.tuli.protocol.Durations;
import io.tuli.protocol.ServiceSpec;
import io.tuli.protocol.Task;
import io.tuli.replica.Replica;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The members of one mesh in one thread, from one seed, in virtual time: the real core, the real
 * caller, the real frames; network, membership and clock are simulated, with faults. Two runs of a
 * seed are the same to the byte. After each step the invariants of the protocol are checked; a
 * breach throws an {@link AssertionError} that names the seed.
 *
 * <pre>{@code
 * SimCluster.forEachSeed(20, cluster -> {
 *     cluster.everywhere(Counters.config()).servers(3);
 *     SimService<Long> counters = cluster.client().service(Counters.config());
 *     cluster.awaitConvergence(Duration.ofSeconds(30));
 *
 *     SimCall<Long> first = counters.send(Message.of("COUNT").key("visits"), Long.class);
 *     cluster.run(Duration.ofMillis(1));
 *     cluster.kill(counters.ownerOf("visits"));
 *
 *     assertThat(first.reply()).isEqualTo(1);
 *     cluster.awaitConvergence(Duration.ofSeconds(30));
 * });
 * }</pre>
 *
 * <p>Nothing happens but while virtual time passes: in {@link #run}, {@link #await} and {@link
 * SimCall#reply}. For runs to be the same, handlers must be deterministic, too: no clocks, threads
 * or randomness of their own. One thread.
 */
public final class SimCluster {

    static final long MILLI = 1_000_000;

    private static final long AWAIT_STEP_NANOS = 10 * MILLI;
    private static final long SLOWEST_HANDLER_NANOS = 30 * MILLI;

    private final long seed;
    private final Limits limits;
    private final JsonCodec codec;
    private final JsonDocuments documents = new JsonDocuments();
    private final Timeline timeline;
    private final SimNetwork network;
    private final Views views;
    private final Faults faults;
    private final Invariants invariants = new Invariants(this);
    private final Map<MemberId, SimMember> members = new LinkedHashMap<>();
    private final List<SimMember> everyone = new ArrayList<>();
    private final List<ServiceConfig<?>> everywhere = new ArrayList<>();
    private Tampering tampering = Tampering.NONE;
    private @Nullable Consumer<String> narrator;
    private double slowHandlers;
    private double duplicates;
    private long born;

    public SimCluster(long seed) {
        this(seed, Limits.defaults());
    }

    public SimCluster(long seed, Limits limits) {
        this.seed = seed;
        this.limits = limits;
        this.codec = new JsonCodec(limits);
        this.timeline = new Timeline(seed);
        this.network = new SimNetwork(timeline, limits);
        this.views = new Views(timeline, network);
        this.faults = new Faults(this, timeline, network, views);
    }

    /**
     * Runs a test on a fresh cluster for each of so many seeds. {@code -Dtuli.seed=42} runs it for
     * that seed alone; where it fails, the error says which that is.
     */
    public static void forEachSeed(int seeds, Consumer<SimCluster> test) {
        Long only = Long.getLong("tuli.seed");
        long first = only == null ? 1 : only;
        for (long seed = first; seed < first + (only == null ? seeds : 1); seed++) {
            try {
                test.accept(new SimCluster(seed));
            } catch (RuntimeException | AssertionError failed) {
                throw new AssertionError(
                        "seed " + seed + " fails; run it alone with -Dtuli.seed=" + seed, failed);
            }
        }
    }

    // ---- settings ------------------------------------------------------------------------------

    /** The share of messages, 0 to 1, whose handler takes up to 30 ms. */
    public SimCluster slowHandlers(double share) {
        slowHandlers = share;
        return this;
    }

    /** How long a frame takes at most, unless its link is slow; 800 microseconds unless said. */
    public SimCluster latency(Duration slowest) {
        network.slowestMicros(Math.max(21, Durations.nanos(slowest) / 1_000));
        return this;
    }

    /**
     * The share of calls, 0 to 1, made a second time soon after by the same member and with the
     * same id, as one does who doubts.
     */
    public SimCluster duplicate(double share) {
        duplicates = share;
        return this;
    }

    /** Whether this call is to be made twice. */
    boolean isDoubted() {
        return timeline.happens(duplicates);
    }

    /** Tells the listener in a line each what happens from now on: for a seed that fails. */
    public SimCluster narrate(Consumer<String> listener) {
        narrator = listener;
        return this;
    }

    /** The text is made only where somebody listens. */
    void tell(Supplier<String> what) {
        Consumer<String> listener = narrator;
        if (listener != null) {
            listener.accept(timeline.nowNanos() / 1_000 + " us " + what.get());
        }
    }

    SimCluster plant(Tampering bug) {
        tampering = bug;
        return this;
    }

    // ---- members -------------------------------------------------------------------------------

    /** A new member that may own partitions of the services it opens. */
    public SimMember server() {
        return join(timeline.random().nextLong(), true);
    }

    /** A new member that owns nothing. */
    public SimMember client() {
        return join(timeline.random().nextLong(), false);
    }

    /** So many new members that may own partitions of the services they open. */
    public List<SimMember> servers(int count) {
        return Stream.generate(this::server).limit(count).toList();
    }

    /** So many new members that own nothing. */
    public List<SimMember> clients(int count) {
        return Stream.generate(this::client).limit(count).toList();
    }

    /** The member's next life: the same node, another incarnation, the same services, no memory. */
    void rejoin(SimMember dead) {
        SimMember next = join(dead.id().node(), dead.isServer());
        dead.services().forEach(hosted -> next.service(hosted.config));
    }

    /**
     * Every server serves it from now on, every client uses it; later ones from their beginning.
     */
    public SimCluster everywhere(ServiceConfig<?> config) {
        everywhere.add(config);
        members.values().forEach(member -> member.service(config));
        return this;
    }

    private SimMember join(long node, boolean isServer) {
        MemberId id = new MemberId(node, ++born * 1000 + timeline.between(0, 1000));
        SimMember member = new SimMember(this, id, isServer);
        members.put(id, member);
        everyone.add(member);
        network.add(member);
        keepConnected(member);
        views.joins(member);
        views.tell(5, 120);
        everywhere.forEach(member::service);
        return member;
    }

    private void keepConnected(SimMember member) {
        timeline.after(
                timeline.between(MILLI, 60 * MILLI),
                () -> {
                    if (member.isAlive()) {
                        for (SimMember other : members.values()) {
                            if (other != member && (member.isServer() || other.isServer())) {
                                network.connect(member.id(), other.id());
                            }
                        }
                        keepConnected(member);
                    }
                });
    }

    /** All that are alive, in the order they joined. */
    public List<SimMember> members() {
        return List.copyOf(members.values());
    }

    /** The living servers, in the order they joined. */
    public List<SimMember> servers() {
        return members.values().stream().filter(SimMember::isServer).toList();
    }

    // ---- faults --------------------------------------------------------------------------------

    /** {@code kill -9}: gone at once; the others are told when failure detection would. */
    public void kill(SimMember member) {
        faults.kill(SimMember.known(member));
    }

    /**
     * Kills it, and starts it again so much later: the same node and services, a new incarnation
     * that remembers nothing.
     */
    public void restart(SimMember member, Duration after) {
        faults.restart(SimMember.known(member), Durations.nanos(after));
    }

    /** A graceful leave: hands over first, and is gone some time later. */
    public void leave(SimMember member) {
        faults.leave(SimMember.known(member));
    }

    /** SIGSTOP for so long. From 4.7 s on the others take the member for dead, until it is back. */
    public void pause(SimMember member, Duration time) {
        faults.pause(SimMember.known(member), Durations.nanos(time));
    }

    /** Breaks the link of two members; it comes back by itself. */
    public void reset(SimMember a, SimMember b) {
        network.reset(SimMember.known(a).id(), SimMember.known(b).id());
    }

    /** Nothing gets through between the two for so long; both are seen by everybody. */
    public void cut(SimMember a, SimMember b, Duration time) {
        faults.cut(SimMember.known(a), SimMember.known(b), Durations.nanos(time));
    }

    /** What one sends the other arrives, in order, only after so long. */
    public void clog(SimMember from, SimMember to, Duration time) {
        long nanos = Durations.nanos(time);
        network.clog(SimMember.known(from).id(), SimMember.known(to).id(), nanos);
    }

    /** Their link carries so many bytes a second until {@link #heal}. */
    public void slow(SimMember a, SimMember b, int bytesPerSecond) {
        int perMilli = Math.max(1, bytesPerSecond / 1_000);
        network.slow(SimMember.known(a).id(), SimMember.known(b).id(), perMilli);
    }

    /**
     * Splits the network between these and all others for so long. Each side forms its own view 4.5
     * s later, and the views merge some time after the split has ended.
     */
    public void partition(List<SimMember> side, Duration time) {
        faults.partition(side.stream().map(SimMember::known).toList(), Durations.nanos(time));
    }

    /** The member is seen by nobody for so long, and sees nobody, though all links work. */
    void flap(SimMember member, Duration time) {
        faults.flap(member, Durations.nanos(time));
    }

    /** Sets the member's wall clock ahead by so much, or behind: it stays so. */
    public void skew(SimMember member, Duration ahead) {
        SimMember.known(member).skew(Durations.millis(ahead));
    }

    /** Ends all faults. */
    public void heal() {
        faults.heal();
    }

    // ---- the run -------------------------------------------------------------------------------

    /** Lets so much virtual time pass. */
    public void run(Duration time) {
        timeline.run(Durations.nanos(time));
    }

    /**
     * Lets virtual time pass until the condition holds.
     *
     * @throws AssertionError when it does not within so much of it
     */
    public void await(String what, BooleanSupplier condition, Duration within) {
        long end = timeline.nowNanos() + Durations.nanos(within);
        while (!condition.getAsBoolean()) {
            if (timeline.nowNanos() >= end) {
                throw breach(
                        "within " + Durations.millis(within) + " ms " + what, divergence() + "");
            }
            timeline.run(Math.min(AWAIT_STEP_NANOS, end - timeline.nowNanos()));
        }
    }

    /** Lets virtual time pass until every replica of every service is in sync and all are equal. */
    public void awaitConvergence(Duration within) {
        await("all replicas are equal", () -> divergence() == null, within);
    }

    /** What differs between members that should all hold the same; null if nothing does. */
    public @Nullable String divergence() {
        Map<Integer, Hosted> first = new LinkedHashMap<>();
        for (SimMember member : members.values()) {
            for (Hosted hosted : member.services()) {
                Hosted other = first.putIfAbsent(hosted.number(), hosted);
                String difference = difference(hosted, other == null ? hosted : other);
                if (difference != null) {
                    return member + " " + difference;
                }
            }
        }
        return null;
    }

    private static @Nullable String difference(Hosted hosted, Hosted other) {
        for (int partition = 0; partition < hosted.spec.partitions(); partition++) {
            Replica replica = hosted.replicas.get(partition);
            Replica others = other.replicas.get(partition);
            boolean isSame =
                    replica.committedEnd() == others.committedEnd()
                            && hosted.states.get(partition).digest()
                                    == other.states.get(partition).digest();
            if (!isSame || !replica.isInSync()) {
                return replica.report()
                        + (replica.isInSync() ? "" : " is not in sync")
                        + (isSame ? "" : " differs from " + others.report());
            }
        }
        return null;
    }

    public long seed() {
        return seed;
    }

    /** Virtual time since the beginning. */
    public Duration now() {
        return Duration.ofNanos(timeline.nowNanos());
    }

    /** Equal in two runs of one seed, in any JVM. */
    public long traceHash() {
        return timeline.traceHash();
    }

    // ---- for the members -----------------------------------------------------------------------

    /** A handler's decision now, or later if it is one of those that take their time: then null. */
    @Nullable Decision delayed(SimMember member, Task task, Decision decision) {
        if (!timeline.happens(slowHandlers)) {
            return decision;
        }
        int service = task.request().service();
        int partition = task.request().partition();
        timeline.after(
                timeline.between(0, SLOWEST_HANDLER_NANOS),
                () -> member.decided(service, partition, task.number(), decision));
        return null;
    }

    /** Sends what a handler emitted; a member that has no part in the service drops it. */
    void emitted(SimMember member, Decision.Emitted emitted, RequestId id) {
        Hosted hosted = member.hosted(ServiceSpec.numberOf(emitted.service()));
        if (hosted != null) {
            Message message = emitted.message().id(id);
            timeline.after(
                    0,
                    () ->
                            new SimService<>(this, member, hosted, Object.class)
                                    .send(message, Object.class));
        }
    }

    /** The position at which the latest committed entry of the partition ends, wherever it is. */
    int copiesOfLatest(int service, int partition) {
        LogPosition latest = LogPosition.START;
        for (SimMember member : members.values()) {
            Hosted hosted = member.hosted(service);
            if (hosted != null) {
                LogPosition applied = hosted.replicas.get(partition).applied();
                latest = applied.compareTo(latest) > 0 ? applied : latest;
            }
        }
        int copies = 0;
        for (SimMember server : servers()) {
            Hosted hosted = server.hosted(service);
            boolean hasIt = hosted != null && hosted.replicas.get(partition).log().contains(latest);
            copies += hasIt ? 1 : 0;
        }
        return copies;
    }

    AssertionError breach(String rule, String facts) {
        return new AssertionError(
                "seed "
                        + seed
                        + " at "
                        + timeline.nowNanos() / MILLI
                        + " ms: "
                        + rule
                        + ": "
                        + facts);
    }

    void remove(SimMember member) {
        members.remove(member.id());
        network.remove(member.id());
    }

    /** The dead included: what they acknowledged may still be under way. */
    List<SimMember> serversEver() {
        return everyone.stream().filter(SimMember::isServer).toList();
    }

    boolean maySplit() {
        return faults.maySplit();
    }

    /** Whether nobody is apart from the others just now, or on its way out. */
    boolean maySplitNow() {
        return faults.maySplitNow();
    }

    /** Whether who leaves now can hand over: nobody is apart from the others. */
    boolean mayLeave() {
        return !faults.isDisturbed();
    }

    boolean mayKill() {
        return faults.mayKill();
    }

    long nowNanos() {
        return timeline.nowNanos();
    }

    Limits limits() {
        return limits;
    }

    JsonCodec codec() {
        return codec;
    }

    JsonDocuments documents() {
        return documents;
    }

    Timeline timeline() {
        return timeline;
    }

    SimNetwork network() {
        return network;
    }

    Views views() {
        return views;
    }

    Invariants invariants() {
        return invariants;
    }

    Tampering tampering() {
        return tampering;
    }
}
