package io.tuli.sim;

import io.tuli.Fold;
import io.tuli.Member;
import io.tuli.MemberId;
import io.tuli.ServiceConfig;
import io.tuli.call.Outgoing;
import io.tuli.protocol.Decision;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Input;
import io.tuli.protocol.InvalidFrameException;
import io.tuli.protocol.ServiceSpec;
import io.tuli.replica.Replica;
import io.tuli.ring.Ring;
import io.tuli.store.SharedState;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One member of a simulated mesh: a core and a caller, fed by virtual time. While it is paused,
 * what reaches it waits. One thread.
 */
public final class SimMember {

    private static final long TICK_NANOS = 20_000_000;

    private final SimCluster cluster;
    private final MemberId id;
    private final boolean isServer;
    private final SimEffects effects;
    private final SimCore core;
    private final SimAgreement agreement;
    private final Map<Integer, Hosted> services = new LinkedHashMap<>();
    private final ArrayDeque<Runnable> held = new ArrayDeque<>();
    private Map<Integer, Ring> rings = Map.of();
    private boolean isPaused;
    private boolean isDead;
    private long awakeSinceNanos;
    private long requests;
    private long clockAheadMillis;

    SimMember(SimCluster cluster, MemberId id, boolean isServer) {
        this.cluster = cluster;
        this.id = id;
        this.isServer = isServer;
        this.effects = new SimEffects(cluster, this);
        this.core = new SimCore(cluster, this, effects);
        this.agreement = new SimAgreement(cluster, this);
        tickLater();
    }

    /** Whom a fault is for; a key has no owner before members have met. */
    static SimMember known(@Nullable SimMember member) {
        if (member == null) {
            throw new IllegalArgumentException(
                    "a fault is for a member: member=null; a key has no owner until members have"
                            + " met: awaitConvergence first");
        }
        return member;
    }

    public MemberId id() {
        return id;
    }

    public boolean isServer() {
        return isServer;
    }

    /** Not killed, and has not left. */
    public boolean isAlive() {
        return !isDead;
    }

    public boolean isPaused() {
        return isPaused;
    }

    /**
     * The service on this member: served by a server, used with a live replica by a client. The
     * handler runs inline, on the one thread of the simulation, whatever the configuration says.
     *
     * @throws IllegalArgumentException when it folds a service that the member does not have yet
     */
    public <T> SimService<T> service(ServiceConfig<T> config) {
        Hosted hosted = services.get(ServiceSpec.numberOf(config.name()));
        if (hosted == null) {
            hosted = new Hosted(config, this, cluster);
            addFolds(hosted);
            open(hosted);
            hosted.folds.forEach(SimFold::start);
        }
        return new SimService<>(cluster, this, hosted, config.type());
    }

    /** Servers fold; in the order of their names, because that of the configuration is none. */
    private void addFolds(Hosted hosted) {
        new TreeMap<>(isServer ? hosted.config.folds() : Map.<String, Fold>of())
                .forEach(
                        (name, fold) -> {
                            Hosted source = services.get(ServiceSpec.numberOf(name));
                            if (source == null) {
                                throw new IllegalArgumentException(
                                        "a member has a service before it folds it: " + name);
                            }
                            hosted.folds.add(new SimFold(cluster, this, source, hosted, fold));
                        });
    }

    private void open(Hosted hosted) {
        services.put(hosted.number(), hosted);
        core.core()
                .open(
                        hosted.spec,
                        partition -> true,
                        partition -> {
                            SharedState state = new SharedState();
                            hosted.states.add(state);
                            return state;
                        });
        for (int partition = 0; partition < hosted.spec.partitions(); partition++) {
            Replica replica = core.core().replica(hosted.number(), partition);
            hosted.replicas.add(java.util.Objects.requireNonNull(replica));
        }
        agreement.opened(hosted);
    }

    // ---- what happens to it --------------------------------------------------------------------

    void die() {
        cluster.tell(() -> this + " ends");
        isDead = true;
        held.clear();
    }

    void pause() {
        cluster.tell(() -> this + " is paused");
        isPaused = true;
    }

    void skew(long aheadMillis) {
        clockAheadMillis = aheadMillis;
    }

    /** By how much its wall clock is wrong. */
    long clockAheadMillis() {
        return clockAheadMillis;
    }

    void resume() {
        if (isPaused) {
            cluster.tell(() -> this + " goes on");
            isPaused = false;
            awakeSinceNanos = cluster.nowNanos();
        }
        while (!held.isEmpty() && !isPaused) {
            held.remove().run();
        }
    }

    void whenAwake(Runnable action) {
        if (isDead) {
            return;
        }
        if (isPaused) {
            held.add(action);
        } else {
            action.run();
            endOfBatch();
        }
    }

    /** Of another thread than its loop. */
    void aside(Runnable action) {
        if (isPaused) {
            held.add(action);
        } else if (!isDead) {
            action.run();
        }
    }

    private void tickLater() {
        cluster.timeline()
                .after(
                        TICK_NANOS,
                        () -> {
                            if (!isDead) {
                                if (!isPaused) {
                                    whenAwake(this::tick);
                                }
                                tickLater();
                            }
                        });
    }

    private void tick() {
        core.tick(cluster.nowNanos());
        services.values().forEach(hosted -> hosted.feeds.tick(0, cluster.nowNanos()));
    }

    void linkUp(MemberId member) {
        whenAwake(
                () -> {
                    core.linkUp(member, cluster.nowNanos());
                });
    }

    void linkDown(MemberId member) {
        whenAwake(
                () -> {
                    cluster.tell(() -> this + " lost its link to " + member);
                    cluster.tampering().linkLost(this);
                    core.linkDown(member, cluster.nowNanos());
                });
    }

    /** There is room again in an outbox. */
    void writable() {
        whenAwake(() -> core.caller().routesChanged(cluster.nowNanos()));
    }

    void ringsChanged(Map<Integer, Ring> changed) {
        whenAwake(
                () -> {
                    Map<Integer, Ring> all = new LinkedHashMap<>(rings);
                    all.putAll(changed);
                    rings = all;
                    for (Hosted hosted : services.values()) {
                        Ring ring = changed.get(hosted.number());
                        if (ring != null) {
                            cluster.tell(() -> this + " sees " + ring.servers());
                            cluster.timeline().trace(ring.hash());
                            hosted.ring = ring;
                            core.ring(hosted.number(), ring, cluster.nowNanos());
                        }
                    }
                    core.caller().routesChanged(cluster.nowNanos());
                });
    }

    void membersChanged(List<MemberId> present) {
        whenAwake(() -> core.members(present));
    }

    void received(MemberId from, Frame frame) {
        whenAwake(
                () -> {
                    try {
                        core.received(from, frame, cluster.nowNanos());
                    } catch (InvalidFrameException refused) {
                        cluster.invariants().refused(this, from, refused);
                    }
                });
    }

    /** Something this member says. */
    void send(MemberId to, Frame frame) {
        core.send(to, frame);
    }

    void start(Outgoing call) {
        whenAwake(() -> core.caller().start(call, cluster.nowNanos()));
    }

    void cancel(Outgoing call) {
        whenAwake(() -> core.caller().cancel(call));
    }

    void decided(int service, int partition, long task, Decision decision) {
        whenAwake(() -> step(new Input.Decided(service, partition, task, decision)));
    }

    void step(Input input) {
        core.core().step(input, cluster.nowNanos());
    }

    private void endOfBatch() {
        core.endBatch(cluster.nowNanos());
        cluster.invariants().check(this);
    }

    // ---- facts ---------------------------------------------------------------------------------

    SimAgreement agreement() {
        return agreement;
    }

    /** As the others see it. */
    Member member() {
        Member.Role role = isServer ? Member.Role.SERVER : Member.Role.CLIENT;
        return new Member(id, toString(), role, "simulated", 0);
    }

    Collection<Hosted> services() {
        return services.values();
    }

    @Nullable Hosted hosted(int service) {
        return services.get(service);
    }

    Hosted required(int service) {
        Hosted hosted = services.get(service);
        if (hosted == null) {
            throw new IllegalStateException("no such service at " + this + ": " + service);
        }
        return hosted;
    }

    Replica replica(Frame.OfPartition frame) {
        return required(frame.service()).replicas.get(frame.partition());
    }

    Ring ring(int service) {
        return rings.getOrDefault(service, Ring.EMPTY);
    }

    long nextRequest() {
        return ++requests;
    }

    /** Since when it has been able to do anything. */
    long awakeSinceNanos() {
        return awakeSinceNanos;
    }

    boolean isHandedOver() {
        for (Hosted hosted : services.values()) {
            for (Replica replica : hosted.replicas) {
                if (!replica.isHandedOver()) {
                    return false;
                }
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return Long.toHexString(id.incarnation()) + (isServer ? "" : "c");
    }
}
