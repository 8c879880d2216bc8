package io.tuli.cluster;

import io.tuli.MemberId;
import io.tuli.call.Outgoing;
import io.tuli.cluster.SimNetwork.Wire;
import io.tuli.log.PartitionState;
import io.tuli.member.Handoff;
import io.tuli.member.MemberCore;
import io.tuli.outage.LoopKeeper;
import io.tuli.outage.SimDisk;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Input;
import io.tuli.protocol.InvalidFrameException;
import io.tuli.protocol.Servers;
import io.tuli.protocol.ServiceSpec;
import io.tuli.replica.Replica;
import io.tuli.ring.Ring;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * One event loop of a simulated member, with the order that those have that ship: what others leave
 * in its inbox is done in the order in which they left it, all there is in one batch, a little
 * later; what its links read and its ticks come in between. While the member is paused what reaches
 * the loop waits. One thread.
 */
final class SimLoop {

    private static final long TICK_NANOS = 20_000_000;
    private static final long WOKEN_LATEST_NANOS = 300_000;
    private static final double BATCH_ENDS = 0.1;

    /** The share of ticks at which a partition is kept anew. */
    private static final double CHECKPOINTS = 0.02;

    private final World world;
    private final Peer member;
    private final int index;
    private final SimLinks links;
    private final SimRequests requests;
    private final SimCore core;
    private final ArrayDeque<Runnable> inbox = new ArrayDeque<>();
    private final ArrayDeque<Runnable> held = new ArrayDeque<>();
    private final ArrayDeque<Runnable> crossing = new ArrayDeque<>();
    private boolean isWoken;
    private boolean isCrossing;
    private boolean isBusy;

    /** In this batch, a frame for another loop: nothing of this one has changed. */
    private boolean hasOnlyPassedOn;

    /**
     * @param others takes what this loop has for another one of the member
     * @param out takes what this loop says on a link of another one
     */
    SimLoop(
            World world,
            Peer member,
            int index,
            IntFunction<HostedService> services,
            Handoff others,
            BiConsumer<Integer, Runnable> out) {
        this.world = world;
        this.member = member;
        this.index = index;
        this.links = new SimLinks(world, member, index, out);
        SimEffects effects = new SimEffects(world, member, services, this::send);
        this.requests =
                new SimRequests(
                        member,
                        index,
                        this::send,
                        (ask, tunnel) -> world.tunnels().opened(member, ask, tunnel));
        LoopKeeper keeper =
                new LoopKeeper(
                        world.disk(member.id().node()),
                        ticket -> post(() -> step(new Input.Kept(ticket))));
        MemberCore.Ports ports =
                new MemberCore.Ports(links, others, requests, effects, effects, keeper);
        this.core = new SimCore(world, member, index, ports);
        tickLater(index == 0 ? TICK_NANOS : world.timeline().between(0, TICK_NANOS));
    }

    private void send(MemberId to, Frame frame) {
        core.send(to, frame);
    }

    // ---- when it does something ----------------------------------------------------------------

    /** Left in its inbox: done soon. */
    void post(Runnable work) {
        inbox.add(work);
        if (!isWoken) {
            isWoken = true;
            long soon = world.timeline().between(0, WOKEN_LATEST_NANOS);
            world.timeline().after(soon, () -> batch(this::drain));
        }
    }

    /** Left in its inbox by somebody who took his time before: done now, if the loop is free. */
    void postNow(Runnable work) {
        if (isBusy) {
            post(work);
        } else {
            inbox.add(work);
            batch(this::drain);
        }
    }

    /** What the loop finds in its turn when its member goes on. */
    void hold(Runnable found) {
        held.add(found);
    }

    /** Within a batch: now, after what was left in its inbox. */
    void now(Runnable work) {
        inbox.add(work);
        drain();
    }

    private void drain() {
        isWoken = false;
        for (Runnable work = inbox.poll(); work != null; work = inbox.poll()) {
            work.run();
        }
    }

    /** What happens on the loop now, with the end of a batch; later where the member is paused. */
    void batch(Runnable action) {
        if (!member.isAlive()) {
            return;
        }
        if (member.isPaused()) {
            held.add(action);
            return;
        }
        isBusy = true;
        action.run();
        endBatch();
        isBusy = false;
    }

    private void endBatch() {
        core.endBatch(world.nowNanos());
        if (!hasOnlyPassedOn) {
            world.invariants().check(member, index);
        }
        hasOnlyPassedOn = false;
    }

    /** Whether something has waited while the member was paused. */
    boolean isHeldUp() {
        return !held.isEmpty();
    }

    /** Does the first of what has waited, in batches of many; answers whether there is more. */
    boolean goOn() {
        isBusy = true;
        held.remove().run();
        hasOnlyPassedOn = false;
        if (held.isEmpty() || world.timeline().happens(BATCH_ENDS)) {
            endBatch();
        }
        isBusy = false;
        return !held.isEmpty();
    }

    void die() {
        held.clear();
    }

    /** Another loop has something for a link of this one: it leaves in order, a little later. */
    void cross(Runnable departure) {
        crossing.add(departure);
        if (!isCrossing) {
            isCrossing = true;
            long soon = world.timeline().between(0, WOKEN_LATEST_NANOS);
            world.timeline().after(soon, this::depart);
        }
    }

    private void depart() {
        if (!member.isAlive()) {
            return;
        }
        if (member.isPaused()) {
            held.add(this::depart);
            return;
        }
        isCrossing = false;
        for (Runnable each = crossing.poll(); each != null; each = crossing.poll()) {
            each.run();
        }
    }

    private void tickLater(long nanos) {
        world.timeline()
                .after(
                        nanos,
                        () -> {
                            if (member.isAlive()) {
                                if (!member.isPaused()) {
                                    batch(this::tick);
                                }
                                tickLater(TICK_NANOS);
                            }
                        });
    }

    private void tick() {
        core.tick(world.nowNanos());
        for (Hosted hosted : member.services()) {
            hosted.tick(index, world.nowNanos());
            int[] here = hosted.ofLoop[index];
            if (hosted.spec.isKept() && here.length > 0 && world.timeline().happens(CHECKPOINTS)) {
                int any = here[(int) world.timeline().between(0, here.length)];
                core.core().keepAnew(hosted.number(), any);
            }
        }
    }

    // ---- what it is told, within a batch -------------------------------------------------------

    void open(ServiceSpec spec, IntFunction<PartitionState> states) {
        SimDisk disk = world.disk(member.id().node());
        core.core()
                .open(
                        spec,
                        partition -> member.loopOf(spec.number(), partition) == index,
                        states,
                        partition -> disk.recovered(spec.number(), partition));
    }

    @Nullable Replica replica(int service, int partition) {
        return core.core().replica(service, partition);
    }

    /** As a loop that ships: whatever wire there was to the member is none from now on. */
    void linkUp(MemberId other, Wire wire) {
        Wire older = links.find(other);
        if (older != null) {
            linkDown(other, older);
        }
        links.up(other, wire);
        core.linkUp(other, world.nowNanos());
    }

    void linkDown(MemberId other, Wire wire) {
        if (links.down(other, wire)) {
            if (wire.loopAt(member.id()) == index) {
                world.tell(() -> member + " lost its link to " + other);
                world.tampering().linkLost(member);
                requests.linkDown(other);
            }
            core.linkDown(other, world.nowNanos());
        }
    }

    void writable(MemberId other) {
        links.writable(other);
        core.linkWritable(world.nowNanos());
    }

    void ring(Hosted hosted, Ring ring) {
        world.tell(() -> member + " sees " + ring.servers());
        world.timeline().trace(ring.hash());
        hosted.rings[index] = ring;
        core.ring(hosted.number(), ring, world.nowNanos());
    }

    void leave(int service) {
        world.tell(() -> member + " leaves " + service);
        if (world.tampering().forgetsPromises()) {
            core.core().close(service);
        }
        core.leave(service);
    }

    /** Takes no more that is asked of the service. */
    void drain(HostedService hosted) {
        requests.close(hosted);
    }

    void members(List<MemberId> present, Map<Integer, Servers> servers) {
        core.members(present);
        servers.forEach((service, now) -> core.servers(service, now, world.nowNanos()));
    }

    void received(MemberId from, Frame frame) {
        hasOnlyPassedOn = frame instanceof Frame.OfPartition about && member.loopOf(about) != index;
        try {
            core.received(from, frame, world.nowNanos());
        } catch (InvalidFrameException refused) {
            world.invariants().refused(member, from, refused);
        }
    }

    /** Not as a frame, so that nothing tampers with it. */
    void asked(MemberId from, Frame.Ask ask) {
        requests.asked(from, ask);
    }

    /** What another loop handed over. */
    void arrived(List<Handoff.Arrival> arrivals) {
        for (Handoff.Arrival arrival : arrivals) {
            try {
                core.arrived(arrival, world.nowNanos());
            } catch (InvalidFrameException refused) {
                world.invariants().refused(member, arrival.from(), refused);
            }
        }
    }

    void start(Outgoing call) {
        core.caller().start(call, world.nowNanos());
    }

    void cancel(Outgoing call) {
        core.caller().cancel(call);
    }

    /** Something is said to a member soon, after what was left for the loop before. */
    void say(MemberId to, Frame frame) {
        post(() -> send(to, frame));
    }

    void step(Input input) {
        core.core().step(input, world.nowNanos());
    }
}
