package io.tuli.sim;

import io.tuli.Epoch;
import io.tuli.Key;
import io.tuli.Limits;
import io.tuli.LogPosition;
import io.tuli.MemberId;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.call.Caller;
import io.tuli.call.Outgoing;
import io.tuli.call.Roads;
import io.tuli.codec.JsonDocuments;
import io.tuli.core.Core;
import io.tuli.log.Entry;
import io.tuli.log.PartitionState;
import io.tuli.protocol.Decision;
import io.tuli.protocol.Effects;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Input;
import io.tuli.protocol.ServiceSpec;
import io.tuli.protocol.Task;
import io.tuli.replica.Replica;
import io.tuli.ring.Ring;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One member: a core and a caller, fed by the timeline. While paused, what reaches it waits. */
public final class SimMember implements Effects, Roads {

    private static final long TICK_NANOS = 20_000_000;

    private final SimCluster cluster;
    private final MemberId id;
    private final boolean isServer;
    private final Core core;
    private final Caller caller;
    private final List<PartitionState> states = new ArrayList<>();
    private final ArrayDeque<Runnable> held = new ArrayDeque<>();
    private final ArrayDeque<Frame> own = new ArrayDeque<>();
    private Ring ring = Ring.EMPTY;
    private boolean isPaused;
    private boolean isDead;

    SimMember(SimCluster cluster, MemberId id, ServiceSpec spec) {
        this.cluster = cluster;
        this.id = id;
        this.isServer = spec.isServed();
        this.core = new Core(id, Limits.defaults(), new JsonDocuments(), this);
        this.caller = new Caller(0, this);
        core.open(
                spec,
                partition -> true,
                partition -> {
                    PartitionState state = new SimState();
                    states.add(state);
                    return state;
                });
        tickLater();
    }

    public MemberId id() {
        return id;
    }

    public boolean isServer() {
        return isServer;
    }

    boolean isDead() {
        return isDead;
    }

    boolean isPaused() {
        return isPaused;
    }

    // ---- what happens to it --------------------------------------------------------------------

    void die() {
        isDead = true;
        held.clear();
    }

    void pause() {
        isPaused = true;
    }

    void resume() {
        isPaused = false;
        while (!held.isEmpty() && !isPaused) {
            held.remove().run();
        }
    }

    private void whenAwake(Runnable action) {
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

    private void tickLater() {
        cluster.timeline()
                .after(
                        TICK_NANOS,
                        () -> {
                            if (!isDead) {
                                if (!isPaused) {
                                    whenAwake(
                                            () -> {
                                                step(new Input.Tick());
                                                caller.tick(now());
                                            });
                                }
                                tickLater();
                            }
                        });
    }

    void linkUp(MemberId member) {
        whenAwake(
                () -> {
                    step(new Input.LinkUp(member));
                    caller.roadsChanged(now());
                });
    }

    void linkDown(MemberId member) {
        whenAwake(
                () -> {
                    step(new Input.LinkDown(member));
                    caller.linkDown(member, now());
                });
    }

    void ringChanged(Ring changed) {
        whenAwake(
                () -> {
                    ring = changed;
                    step(new Input.RingChanged(cluster.spec().number(), changed));
                    caller.roadsChanged(now());
                });
    }

    void received(MemberId from, Frame frame) {
        whenAwake(() -> take(from, frame));
    }

    private void take(MemberId from, Frame frame) {
        switch (frame) {
            case Frame.OfPartition ofPartition -> step(new Input.Received(from, ofPartition));
            case Frame.OfCall ofCall -> caller.answered(from, ofCall, now());
            case Frame.Accepted accepted -> caller.accepted(from, accepted.calls());
            case Frame.Cancel cancel -> step(new Input.Cancelled(from, cancel.call()));
            default -> throw new IllegalStateException("not simulated: " + frame);
        }
    }

    /** Makes a call. */
    void start(Outgoing call) {
        whenAwake(() -> caller.start(call, now()));
    }

    private void step(Input input) {
        core.step(input, now());
    }

    private void endOfBatch() {
        do {
            while (!own.isEmpty()) {
                take(id, own.remove());
            }
            core.flush(now());
            caller.settle();
        } while (!own.isEmpty());
        cluster.invariants().check(this);
    }

    long now() {
        return cluster.timeline().nowNanos();
    }

    // ---- what it does: effects -----------------------------------------------------------------

    @Override
    public void send(MemberId to, Frame frame) {
        if (to.equals(id)) {
            own.add(frame);
        } else {
            cluster.network().send(id, to, frame);
        }
    }

    @Override
    public boolean isWritable(MemberId to) {
        return cluster.network().isUp(id, to);
    }

    @Override
    public void accepted(MemberId to, long call) {
        send(to, new Frame.Accepted(new long[] {call}));
    }

    @Override
    public long wallMillis() {
        return 1_600_000_000_000L + now() / 1_000_000;
    }

    @Override
    public @Nullable Decision decide(Task task) {
        return cluster.decide(this, task);
    }

    void decided(Task task, Decision decision) {
        whenAwake(
                () ->
                        step(
                                new Input.Decided(
                                        task.request().service(),
                                        task.request().partition(),
                                        task.number(),
                                        decision)));
    }

    @Override
    public void applied(int service, int partition, Entry entry) {
        cluster.invariants().applied(this, partition, entry);
    }

    @Override
    public void reset(int service, int partition, LogPosition at) {
        cluster.invariants().reset(this, partition, at);
    }

    @Override
    public void overruled(int service, int partition, Key key, Payload kept, Payload lost) {
        cluster.invariants().overruled();
    }

    @Override
    public void discarded(int service, int partition, LogPosition from, LogPosition to) {
        cluster.invariants().discarded(this, partition, from, to);
    }

    @Override
    public void roleChanged(int service, int partition, String role, Epoch epoch) {
        cluster.timeline().trace(role.hashCode() * 31L + epoch.number());
    }

    @Override
    public void stream(MemberId to, long call, Decision.Stream stream) {}

    @Override
    public void discard(Decision.Stream stream) {}

    @Override
    public void emit(Decision.Emitted emitted, RequestId request) {}

    // ---- what its caller sees ------------------------------------------------------------------

    @Override
    public @Nullable MemberId ownerOf(int service, int partition) {
        return ring.ownerOf(partition);
    }

    @Override
    public Epoch epochOf(int service, int partition) {
        return replica(partition).epoch();
    }

    @Override
    public @Nullable MemberId memberOf(long incarnation) {
        for (MemberId member : ring.servers()) {
            if (member.incarnation() == incarnation) {
                return member;
            }
        }
        for (MemberId member : ring.leaving()) {
            if (member.incarnation() == incarnation) {
                return member;
            }
        }
        return null;
    }

    @Override
    public boolean isOpen(MemberId member) {
        return member.equals(id) || cluster.network().isUp(id, member);
    }

    @Override
    public boolean shows(int service, int partition, LogPosition place) {
        LogPosition applied = replica(partition).applied();
        return applied.offset() >= place.offset();
    }

    // ---- facts ---------------------------------------------------------------------------------

    Replica replica(int partition) {
        Replica replica = core.replica(cluster.spec().number(), partition);
        if (replica == null) {
            throw new IllegalStateException("no such partition: " + partition);
        }
        return replica;
    }

    PartitionState state(int partition) {
        return states.get(partition);
    }

    Ring ring() {
        return ring;
    }

    boolean mayLeave() {
        for (int partition = 0; partition < states.size(); partition++) {
            if (!replica(partition).isHandedOver()) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return Long.toHexString(id.incarnation()) + (isServer ? "" : "c");
    }
}
