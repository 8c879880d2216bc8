package io.tuli.cluster;

import io.tuli.Fold;
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
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One member of a simulated mesh: a core and a caller, fed by virtual time. While it is paused,
 * what reaches it waits. One thread.
 */
public final class ClusterMember implements Peer {

    /** What states hash keys by that are made to meet: with every seed the same. */
    public static final long HASH_KEY = 0x6a09e667f3bcc908L;

    private static final long TICK_NANOS = 20_000_000;

    private final World world;
    private final MemberId id;
    private final boolean isServer;
    private final SimEffects effects;
    private final SimLinks links;
    private final SimCore core;
    private final SimAgreement agreement;
    private final Map<Integer, HostedService> services = new LinkedHashMap<>();
    private final ArrayDeque<Runnable> held = new ArrayDeque<>();
    private Map<Integer, Ring> rings = Map.of();
    private boolean isPaused;
    private boolean isDead;
    private long awakeSinceNanos;
    private long requests;
    private long clockAheadMillis;

    ClusterMember(World world, MemberId id, boolean isServer) {
        this.world = world;
        this.id = id;
        this.isServer = isServer;
        this.effects = new SimEffects(world, this, this::running);
        this.links = new SimLinks(world.network(), id, world.limits().messageBytes());
        this.core = new SimCore(world, this, links, effects);
        this.agreement = new SimAgreement(world, this);
        tickLater();
    }

    @Override
    public MemberId id() {
        return id;
    }

    @Override
    public boolean isServer() {
        return isServer;
    }

    /** Not killed, and has not left. */
    @Override
    public boolean isAlive() {
        return !isDead;
    }

    @Override
    public boolean isPaused() {
        return isPaused;
    }

    /**
     * The service on this member: served by a server, used with a live replica by a client. The
     * handler runs inline, on the one thread of the simulation, whatever the configuration says.
     *
     * @throws IllegalArgumentException when it folds a service that the member does not have yet
     */
    public <T> ClusterService<T> service(ServiceConfig<T> config) {
        HostedService hosted = services.get(ServiceSpec.numberOf(config.name()));
        if (hosted == null) {
            hosted = new HostedService(config, this, world);
            addFolds(hosted);
            open(hosted);
            hosted.folds.forEach(SimFold::start);
        }
        return new ClusterService<>(world, this, hosted, config.type());
    }

    /** Servers fold; in the order of their names, because that of the configuration is none. */
    private void addFolds(HostedService hosted) {
        new TreeMap<>(isServer ? hosted.config.folds() : Map.<String, Fold>of())
                .forEach(
                        (name, fold) -> {
                            HostedService source = services.get(ServiceSpec.numberOf(name));
                            if (source == null) {
                                throw new IllegalArgumentException(
                                        "a member has a service before it folds it: " + name);
                            }
                            hosted.folds.add(new SimFold(world, this, source, hosted, fold));
                        });
    }

    private void open(HostedService hosted) {
        services.put(hosted.number(), hosted);
        core.core()
                .open(
                        hosted.spec,
                        partition -> true,
                        partition -> {
                            SharedState state = new SharedState(() -> HASH_KEY);
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
        world.tell(() -> this + " ends");
        isDead = true;
        held.clear();
    }

    void pause() {
        world.tell(() -> this + " is paused");
        isPaused = true;
    }

    void skew(long aheadMillis) {
        clockAheadMillis = aheadMillis;
    }

    /** By how much its wall clock is wrong. */
    @Override
    public long clockAheadMillis() {
        return clockAheadMillis;
    }

    void resume() {
        if (isPaused) {
            world.tell(() -> this + " goes on");
            isPaused = false;
            awakeSinceNanos = world.nowNanos();
        }
        while (!held.isEmpty() && !isPaused) {
            held.remove().run();
        }
    }

    @Override
    public void whenAwake(Runnable action) {
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
    @Override
    public void aside(Runnable action) {
        if (isPaused) {
            held.add(action);
        } else if (!isDead) {
            action.run();
        }
    }

    private void tickLater() {
        world.timeline()
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
        core.tick(world.nowNanos());
        services.values().forEach(hosted -> hosted.feeds.tick(0, world.nowNanos()));
    }

    /** As a loop that ships: whatever wire there was to the member is none from now on. */
    @Override
    public void linkUp(MemberId member, SimNetwork.Wire wire) {
        whenAwake(
                () -> {
                    SimNetwork.Wire older = links.find(member);
                    if (older != null) {
                        lost(member, older);
                    }
                    links.up(member, wire);
                    core.linkUp(member, world.nowNanos());
                });
    }

    @Override
    public void linkDown(MemberId member, SimNetwork.Wire wire) {
        whenAwake(() -> lost(member, wire));
    }

    private void lost(MemberId member, SimNetwork.Wire wire) {
        if (links.down(member, wire)) {
            world.tell(() -> this + " lost its link to " + member);
            world.tampering().linkLost(this);
            core.linkDown(member, world.nowNanos());
        }
    }

    /** There is room again in an outbox. */
    @Override
    public void writable() {
        whenAwake(() -> core.linkWritable(world.nowNanos()));
    }

    @Override
    public void ringsChanged(Map<Integer, Ring> changed) {
        whenAwake(
                () -> {
                    Map<Integer, Ring> all = new LinkedHashMap<>(rings);
                    all.putAll(changed);
                    rings = all;
                    for (Hosted hosted : services.values()) {
                        Ring ring = changed.get(hosted.number());
                        if (ring != null) {
                            world.tell(() -> this + " sees " + ring.servers());
                            world.timeline().trace(ring.hash());
                            hosted.ring = ring;
                            core.ring(hosted.number(), ring, world.nowNanos());
                        }
                    }
                    core.caller().routesChanged(world.nowNanos());
                });
    }

    @Override
    public void membersChanged(List<MemberId> present) {
        whenAwake(() -> core.members(present));
    }

    @Override
    public void received(MemberId from, Frame frame) {
        whenAwake(
                () -> {
                    try {
                        core.received(from, frame, world.nowNanos());
                    } catch (InvalidFrameException refused) {
                        world.invariants().refused(this, from, refused);
                    }
                });
    }

    /** Something this member says. */
    @Override
    public void send(MemberId to, Frame frame) {
        core.send(to, frame);
    }

    @Override
    public void start(Outgoing call) {
        whenAwake(() -> core.caller().start(call, world.nowNanos()));
    }

    @Override
    public void cancel(Outgoing call) {
        whenAwake(() -> core.caller().cancel(call));
    }

    @Override
    public void decided(int service, int partition, long task, Decision decision) {
        whenAwake(() -> step(new Input.Decided(service, partition, task, decision)));
    }

    @Override
    public void step(Input input) {
        core.core().step(input, world.nowNanos());
    }

    private void endOfBatch() {
        core.endBatch(world.nowNanos());
        world.invariants().check(this);
    }

    // ---- facts ---------------------------------------------------------------------------------

    SimAgreement agreement() {
        return agreement;
    }

    @Override
    public Collection<Hosted> services() {
        return Collections.unmodifiableCollection(services.values());
    }

    @Override
    public @Nullable Hosted hosted(int service) {
        return services.get(service);
    }

    private HostedService running(int service) {
        HostedService hosted = services.get(service);
        if (hosted == null) {
            throw new IllegalStateException("no such service at " + this + ": " + service);
        }
        return hosted;
    }

    @Override
    public Ring ring(int service) {
        return rings.getOrDefault(service, Ring.EMPTY);
    }

    @Override
    public long nextRequest() {
        return ++requests;
    }

    /** Since when it has been able to do anything. */
    @Override
    public long awakeSinceNanos() {
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
