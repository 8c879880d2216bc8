package io.tuli.cluster;

import io.tuli.Limits;
import io.tuli.LogPosition;
import io.tuli.MemberId;
import io.tuli.ServiceConfig;
import io.tuli.agreement.Restart;
import io.tuli.agreement.RestartRule;
import io.tuli.codec.JsonCodec;
import io.tuli.codec.JsonDocuments;
import io.tuli.outage.SimDisk;
import io.tuli.passage.SimTunnel;
import io.tuli.protocol.Durations;
import io.tuli.protocol.Frame;
import io.tuli.replica.Replica;
import io.tuli.ring.Ring;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the members of a simulated cluster live in: time, network, views, limits, and who watches
 * them. One thread.
 */
public final class World {

    private static final long EPOCH_MILLIS = 1_600_000_000_000L;
    private static final long AWAIT_STEP_NANOS = 10 * Timeline.MILLI;
    private static final long SLOWEST_HANDLER_NANOS = 30 * Timeline.MILLI;

    private final long seed;
    private final Limits limits;
    private final JsonCodec codec;
    private final JsonDocuments documents = new JsonDocuments();
    private final Timeline timeline;
    private final SimNetwork network;
    private final Views views;
    private final Invariants invariants = new Invariants(this);
    private final Map<MemberId, Peer> living = new LinkedHashMap<>();
    private final Map<Long, SimDisk> disks = new HashMap<>();
    private Tampering tampering = Tampering.NONE;
    private Beginning beginning = Beginning.AS_IT_IS;
    private @Nullable Consumer<String> narrator;
    private double slowHandlers;
    private double duplicates;
    private boolean maySplit;
    private RestartRule restartRule = RestartRule.DEFAULT;
    private Consumer<Peer> operator = refused -> {};
    private Tunnelled tunnels = (at, ask, tunnel) -> tunnel.leave("nobody has it");

    /** What becomes of a service where a member begins to serve or use it, also anew. */
    @FunctionalInterface
    public interface Beginning {
        Beginning AS_IT_IS =
                new Beginning() {
                    @Override
                    public <T> ServiceConfig<T> begins(ServiceConfig<T> config) {
                        return config;
                    }
                };

        <T> ServiceConfig<T> begins(ServiceConfig<T> config);
    }

    World(long seed, Limits limits) {
        this.seed = seed;
        this.limits = limits;
        this.codec = new JsonCodec(limits);
        this.timeline = new Timeline(seed);
        this.network = new SimNetwork(timeline, limits);
        this.views = new Views(timeline, network);
    }

    // ---- settings ------------------------------------------------------------------------------

    void slowHandlers(double share) {
        slowHandlers = share;
    }

    void duplicate(double share) {
        duplicates = share;
    }

    /** Each time a member begins with a service, it does so with what this makes of it. */
    public void eachTime(Beginning how) {
        beginning = how;
    }

    <T> ServiceConfig<T> begins(ServiceConfig<T> config) {
        return beginning.begins(config);
    }

    /** Who has the ends of tunnels that are opened to servers. */
    @FunctionalInterface
    public interface Tunnelled {
        void opened(Peer at, Frame.Ask ask, SimTunnel tunnel);
    }

    public void tunnels(Tunnelled handler) {
        tunnels = handler;
    }

    Tunnelled tunnels() {
        return tunnels;
    }

    void narrate(Consumer<String> listener) {
        narrator = listener;
    }

    void plant(Tampering bug) {
        tampering = bug;
    }

    void restartRule(RestartRule rule) {
        restartRule = rule;
    }

    RestartRule restartRule() {
        return restartRule;
    }

    /** Whether a server that is alone begins nothing that nobody had. */
    boolean expectsSeveral() {
        return restartRule.membersExpected() > 1;
    }

    /** Is told of members whose directory may not be used. */
    void operator(Consumer<Peer> listener) {
        operator = listener;
    }

    // ---- who lives in it -----------------------------------------------------------------------

    void joins(Peer member) {
        living.put(member.id(), member);
        network.add(member);
        invariants.joined(member);
    }

    void ends(Peer member) {
        living.remove(member.id());
        network.remove(member.id());
    }

    /** In the order they joined. */
    public Collection<Peer> living() {
        return living.values();
    }

    /** The disk of a node, which outlives its members. */
    SimDisk disk(long node) {
        return disks.computeIfAbsent(node, none -> new SimDisk(clock(), limits, planted()));
    }

    private SimDisk.Clock clock() {
        return new SimDisk.Clock() {
            @Override
            public void after(long nanos, Runnable action) {
                timeline.after(nanos, action);
            }

            @Override
            public long between(long from, long until) {
                return timeline.between(from, until);
            }
        };
    }

    private SimDisk.Tampering planted() {
        return new SimDisk.Tampering() {
            @Override
            public Frame.@Nullable OfPartition kept(Frame.OfPartition record) {
                return tampering.kept(record);
            }

            @Override
            public boolean isToldAtOnce() {
                return tampering.isKeptAtOnce();
            }

            @Override
            public boolean isSyncForgotten() {
                return tampering.isSyncForgotten();
            }
        };
    }

    /** On how many disks, of all lives, everything before the position has ever been for good. */
    long disksWith(int service, int partition, LogPosition position) {
        return disks.values().stream()
                .filter(disk -> disk.hasSynced(service, partition, position))
                .count();
    }

    /** A member may not use what it has on disk. */
    void refused(Peer member, Restart.Refused why) {
        tell(() -> member + " is refused: " + why.text());
        operator.accept(member);
    }

    // ---- chance --------------------------------------------------------------------------------

    /** Whether this call is to be made twice. */
    boolean isDoubted() {
        return timeline.happens(duplicates);
    }

    /** How long a handler takes; 0 for one that is inline. */
    boolean isSlow() {
        return timeline.happens(slowHandlers);
    }

    /** After as long as a slow handler takes. */
    void afterHandler(Runnable action) {
        timeline.after(timeline.between(0, SLOWEST_HANDLER_NANOS), action);
    }

    // ---- time ----------------------------------------------------------------------------------

    /**
     * Lets virtual time pass until the condition holds.
     *
     * @throws AssertionError when it does not within so much of it
     */
    void await(String what, BooleanSupplier condition, Duration within) {
        long end = timeline.nowNanos() + Durations.nanos(within);
        while (!condition.getAsBoolean()) {
            if (timeline.nowNanos() >= end) {
                throw breach(
                        "within " + Durations.millis(within) + " ms " + what, divergence() + "");
            }
            timeline.run(Math.min(AWAIT_STEP_NANOS, end - timeline.nowNanos()));
        }
    }

    /** What differs between members that should all hold the same; null if nothing does. */
    @Nullable String divergence() {
        Map<Integer, Hosted> first = new LinkedHashMap<>();
        for (Peer member : living.values()) {
            for (Hosted hosted : member.services()) {
                Hosted other = first.putIfAbsent(hosted.number(), hosted);
                String difference = difference(member, hosted, other == null ? hosted : other);
                if (difference != null) {
                    return member + " " + difference;
                }
            }
        }
        return null;
    }

    private static @Nullable String difference(Peer member, Hosted hosted, Hosted other) {
        if (hosted.spec.isStateless()) {
            return null;
        }
        Ring ring = hosted.rings[0];
        Ring others = other.rings[0];
        boolean isKnown =
                !member.isServer()
                        || ring.contains(member.id())
                        || ring.leaving().contains(member.id());
        if (!isKnown || !hosted.isOnAll(others)) {
            return "sees "
                    + Arrays.stream(hosted.rings).map(Ring::servers).toList()
                    + (isKnown ? ", others see " + others.servers() : " and not itself");
        }
        for (int partition = 0; partition < hosted.spec.partitions(); partition++) {
            Replica replica = hosted.replicas.get(partition);
            Replica theirs = other.replicas.get(partition);
            boolean isSame =
                    replica.committedEnd() == theirs.committedEnd()
                            && hosted.states.get(partition).digest()
                                    == other.states.get(partition).digest();
            if (!isSame || !replica.isInSync()) {
                return replica.report()
                        + (replica.isInSync() ? "" : " is not in sync")
                        + (isSame ? "" : " differs from " + theirs.report());
            }
        }
        return null;
    }

    public long nowNanos() {
        return timeline.nowNanos();
    }

    /** The wall clock as a member has it. */
    public long wallMillis(Peer member) {
        return EPOCH_MILLIS + nowNanos() / Timeline.MILLI + member.clockAheadMillis();
    }

    // ---- what is told --------------------------------------------------------------------------

    /** The text is made only where somebody listens. */
    public void tell(Supplier<String> what) {
        Consumer<String> listener = narrator;
        if (listener != null) {
            listener.accept(timeline.nowNanos() / 1_000 + " us " + what.get());
        }
    }

    public AssertionError breach(String rule, String facts) {
        return new AssertionError(
                "seed "
                        + seed
                        + " at "
                        + timeline.nowNanos() / Timeline.MILLI
                        + " ms: "
                        + rule
                        + ": "
                        + facts);
    }

    /** From now on somebody may be apart from the others. */
    void splits() {
        maySplit = true;
    }

    /** Whether there was or will be more than one side. */
    public boolean maySplit() {
        return maySplit;
    }

    // ---- its parts -----------------------------------------------------------------------------

    long seed() {
        return seed;
    }

    Limits limits() {
        return limits;
    }

    public JsonCodec codec() {
        return codec;
    }

    public JsonDocuments documents() {
        return documents;
    }

    public Timeline timeline() {
        return timeline;
    }

    public SimNetwork network() {
        return network;
    }

    Views views() {
        return views;
    }

    public Invariants invariants() {
        return invariants;
    }

    Tampering tampering() {
        return tampering;
    }
}
