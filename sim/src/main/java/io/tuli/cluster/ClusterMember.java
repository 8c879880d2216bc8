package io.tuli.cluster;

import io.tuli.Fold;
import io.tuli.Limits;
import io.tuli.MemberId;
import io.tuli.ServiceConfig;
import io.tuli.call.Caller;
import io.tuli.call.Outgoing;
import io.tuli.handler.AskDesk;
import io.tuli.member.Handoff;
import io.tuli.passage.SimTunnels;
import io.tuli.protocol.Decision;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Input;
import io.tuli.protocol.Servers;
import io.tuli.protocol.ServiceSpec;
import io.tuli.replica.Replica;
import io.tuli.ring.Ring;
import io.tuli.store.SharedState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One member of a simulated mesh: its loops, each with a core and a caller, fed by virtual time.
 * While it is paused, what reaches it waits. One thread.
 */
public final class ClusterMember implements Peer {

    /** What states hash keys by that are made to meet: with every seed the same. */
    public static final long HASH_KEY = 0x6a09e667f3bcc908L;

    private final World world;
    private final MemberId id;
    private final boolean isServer;
    private final int loopCount;
    private final Limits limits;
    private final List<SimLoop> loops = new ArrayList<>();
    private final SimAgreement agreement;
    private final Map<Integer, HostedService> services = new LinkedHashMap<>();
    private final Map<Integer, HostedService> closed = new LinkedHashMap<>();
    private final ArrayDeque<Runnable> held = new ArrayDeque<>();
    private final SimTunnels tunnels = new SimTunnels();
    private boolean isPaused;
    private boolean isDead;
    private long awakeSinceNanos;
    private long requests;
    private long clockAheadMillis;

    ClusterMember(World world, MemberId id, boolean isServer, int loopCount, Limits limits) {
        this.world = world;
        this.id = id;
        this.isServer = isServer;
        this.loopCount = loopCount;
        this.limits = limits;
        for (int loop = 0; loop < loopCount; loop++) {
            loops.add(new SimLoop(world, this, loop, this::running, this::handOver, this::leaveBy));
        }
        this.agreement = new SimAgreement(world, this, world.disk(id.node()));
        world.tell(() -> this + " begins, with so many loops: " + loopCount);
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
            hosted = new HostedService(world.begins(config), this, world);
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
        Hosted before = closed.get(hosted.number());
        if (before != null) {
            hosted.remembers(before);
        }
        services.put(hosted.number(), hosted);
        for (int partition = 0; partition < hosted.spec.partitions(); partition++) {
            hosted.states.add(new SharedState(() -> HASH_KEY));
        }
        for (SimLoop loop : loops) {
            loop.open(hosted.spec, hosted.states::get);
        }
        for (int partition = 0; partition < hosted.spec.partitions(); partition++) {
            Replica replica =
                    loopFor(hosted.number(), partition).replica(hosted.number(), partition);
            hosted.replicas.add(Objects.requireNonNull(replica));
            if (hosted.spec.isKept()) {
                world.invariants().promises.recovered(this, hosted, partition);
            }
        }
        agreement.opened(hosted);
    }

    void close(Faults faults, ServiceConfig<?> config, long afterNanos) {
        HostedService hosted = services.get(ServiceSpec.numberOf(config.name()));
        if (hosted != null) {
            faults.close(this, hosted, afterNanos);
        }
    }

    /** Takes no more messages for the service that others could take; whether none runs. */
    boolean drain(HostedService hosted) {
        loops.getFirst().drain(hosted);
        AskDesk desk = hosted.desk();
        return desk == null || desk.isQuiet();
    }

    /** A loop ends its part in a service; after the last one has, the member has none. */
    void leave(int index, HostedService hosted) {
        SimLoop loop = loops.get(index);
        loop.postNow(
                () -> {
                    loop.leave(hosted.number());
                    if (--hosted.loopsLeft == 0) {
                        services.remove(hosted.number());
                        closed.put(hosted.number(), hosted);
                    }
                });
    }

    // ---- what happens to it --------------------------------------------------------------------

    void die() {
        world.tell(() -> this + " ends");
        isDead = true;
        world.disk(id.node()).crash();
        held.clear();
        loops.forEach(SimLoop::die);
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

    /** All its threads go on, each by itself. */
    void resume() {
        if (isPaused) {
            world.tell(() -> this + " goes on");
            isPaused = false;
            awakeSinceNanos = world.nowNanos();
        }
        List<SimLoop> waiting = new ArrayList<>(loops);
        waiting.removeIf(loop -> !loop.isHeldUp());
        while (!isPaused && !(waiting.isEmpty() && held.isEmpty())) {
            int others = held.isEmpty() ? 0 : 1;
            int next = (int) world.timeline().between(0, waiting.size() + others);
            if (next == waiting.size()) {
                held.remove().run();
            } else if (!waiting.get(next).goOn()) {
                waiting.remove(next);
            }
        }
    }

    @Override
    public void aside(Runnable action) {
        if (isPaused) {
            held.add(action);
        } else if (!isDead) {
            action.run();
        }
    }

    // ---- its loops -----------------------------------------------------------------------------

    @Override
    public Limits limits() {
        return limits;
    }

    @Override
    public int loops() {
        return loopCount;
    }

    private SimLoop loopFor(int service, int partition) {
        return loops.get(loopOf(service, partition));
    }

    @Override
    public void post(int loop, Runnable work) {
        loops.get(loop).post(work);
    }

    private void handOver(int loop, List<Handoff.Arrival> arrivals) {
        SimLoop other = loops.get(loop);
        other.post(() -> other.arrived(arrivals));
    }

    private void leaveBy(int loop, Runnable departure) {
        loops.get(loop).cross(departure);
    }

    /**
     * On the link's own loop now, after what was left there, so that frames find it done; soon on
     * the others. While the member is paused nobody has heard of it, nor passes it on: frames of
     * before come first.
     */
    private void each(SimNetwork.Wire wire, Consumer<SimLoop> change) {
        SimLoop own = loops.get(wire.loopAt(id));
        if (isPaused) {
            own.hold(() -> each(own, own::now, change));
        } else {
            each(own, own::postNow, change);
        }
    }

    private void each(SimLoop own, Consumer<Runnable> here, Consumer<SimLoop> change) {
        for (SimLoop loop : loops) {
            Runnable work = () -> change.accept(loop);
            if (loop == own) {
                here.accept(work);
            } else {
                loop.post(work);
            }
        }
    }

    @Override
    public void linkUp(MemberId member, SimNetwork.Wire wire) {
        each(wire, loop -> loop.linkUp(member, wire));
    }

    @Override
    public void linkDown(MemberId member, SimNetwork.Wire wire) {
        each(wire, loop -> loop.linkDown(member, wire));
    }

    /** There is room again in an outbox. */
    @Override
    public void writable(MemberId member, SimNetwork.Wire wire) {
        each(wire, loop -> loop.writable(member));
    }

    @Override
    public void ringsChanged(int index, Map<Integer, Ring> changed) {
        SimLoop loop = loops.get(index);
        loop.postNow(
                () ->
                        changed.forEach(
                                (number, ring) -> {
                                    Hosted hosted = services.get(number);
                                    if (hosted != null && !hosted.isLeft) {
                                        loop.ring(hosted, ring);
                                    }
                                }));
    }

    @Override
    public void membersChanged(int index, List<MemberId> present, Map<Integer, Servers> servers) {
        SimLoop loop = loops.get(index);
        loop.postNow(() -> loop.members(present, servers));
    }

    @Override
    public void received(MemberId from, SimNetwork.Wire wire, Frame frame) {
        SimLoop loop = loops.get(wire.loopAt(id));
        loop.batch(() -> loop.received(from, frame));
    }

    @Override
    public void received(MemberId from, Frame.OfPartition frame) {
        SimLoop loop = loops.get(loopOf(frame));
        loop.batch(() -> loop.received(from, frame));
    }

    @Override
    public void asked(MemberId from, Frame.Ask ask) {
        SimLoop loop = loops.get(0);
        loop.post(() -> loop.asked(from, ask));
    }

    @Override
    public void start(Outgoing call) {
        SimLoop loop = loopOf(call);
        loop.postNow(() -> loop.start(call));
    }

    @Override
    public void cancel(Outgoing call) {
        SimLoop loop = loopOf(call);
        loop.postNow(() -> loop.cancel(call));
    }

    @Override
    public void say(long call, MemberId to, Frame frame) {
        loops.get(Caller.loopOf(call)).say(to, frame);
    }

    @Override
    public SimTunnels tunnels() {
        return tunnels;
    }

    /** Calls to members are spread over all loops. */
    private SimLoop loopOf(Outgoing call) {
        return call.partition() < 0
                ? loops.get((int) Long.remainderUnsigned(call.spec().id().sequence(), loopCount))
                : loopFor(call.spec().service(), call.partition());
    }

    @Override
    public void decided(int service, int partition, long task, Decision decision) {
        SimLoop loop = loopFor(service, partition);
        loop.postNow(() -> loop.step(new Input.Decided(service, partition, task, decision)));
    }

    @Override
    public void step(int loop, Input input) {
        loops.get(loop).step(input);
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

    @Override
    public @Nullable Hosted closed(int service) {
        return closed.get(service);
    }

    private HostedService running(int service) {
        HostedService hosted = services.get(service);
        if (hosted == null) {
            throw new IllegalStateException("no such service at " + this + ": " + service);
        }
        return hosted;
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
        return services.values().stream().allMatch(Hosted::isHandedOver);
    }

    @Override
    public String toString() {
        return Long.toHexString(id.incarnation()) + (isServer ? "" : "c");
    }
}
