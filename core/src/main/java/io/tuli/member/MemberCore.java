package io.tuli.member;

import io.tuli.Failure;
import io.tuli.Limits;
import io.tuli.MemberId;
import io.tuli.call.Caller;
import io.tuli.log.Documents;
import io.tuli.protocol.Effects;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Host;
import io.tuli.protocol.Input;
import io.tuli.protocol.Keeper;
import io.tuli.protocol.Observer;
import io.tuli.protocol.Outbox;
import io.tuli.protocol.Servers;
import io.tuli.protocol.TunnelFrame;
import io.tuli.ring.Ring;
import java.util.ArrayDeque;
import java.util.List;
import java.util.stream.LongStream;

/**
 * What one member decides on one of its loops: its partitions, its calls, and which frame is for
 * whom. A member's event loops and the simulation run this same class; what they bring along is the
 * network, the time and the users' code. One thread.
 *
 * <p>It works in batches: inputs, in order, then {@link #endBatch}. Time is passed along, a
 * monotonic one in nanoseconds. The simulation plants faults by overriding what is protected.
 */
public class MemberCore implements Outbox {

    private final int loop;
    private final int loops;
    private final MemberId self;
    private final Network network;
    private final MemberRequests requests;
    private final PartitionRouter core;
    private final Caller caller;
    private final RouteTable routes;
    private final AcceptedCalls accepted = new AcceptedCalls();
    private final CancelQuota cancels = new CancelQuota();
    private final HandoffQueue handoffs;
    private final ArrayDeque<Frame> toSelf = new ArrayDeque<>();

    /**
     * What a loop is told about itself.
     *
     * @param loop its number, from 0
     * @param loops how many the member has
     * @param limits of one loop: its part where all share one
     */
    public record Setting(MemberId self, int loop, int loops, Limits limits, Documents documents) {}

    /** What a loop is given to work with. */
    public record Ports(
            Network network,
            Handoff handoff,
            MemberRequests requests,
            Host host,
            Observer observer,
            Keeper keeper) {

        /** Where nothing is kept. */
        public Ports(
                Network network,
                Handoff handoff,
                MemberRequests requests,
                Host host,
                Observer observer) {
            this(network, handoff, requests, host, observer, Keeper.NONE);
        }
    }

    @SuppressWarnings("this-escape") // Nothing is called back before the constructor is done.
    public MemberCore(Setting setting, Ports ports) {
        this.self = setting.self();
        this.loop = setting.loop();
        this.loops = setting.loops();
        this.network = ports.network();
        this.requests = ports.requests();
        this.handoffs = new HandoffQueue(loops, ports.handoff());
        Effects effects = new Effects(this, ports.host(), ports.observer(), ports.keeper());
        this.core = new PartitionRouter(self, setting.limits(), setting.documents(), effects);
        this.routes = new RouteTable(this, core);
        this.caller = new Caller(loop, routes, setting.limits().dedupWindow());
    }

    /** The part of each loop, of what all loops of a member share. */
    public static Limits partOf(Limits limits, int loops) {
        int held = limits.heldBytes();
        return limits.toBuilder()
                .laggingBytes(limits.laggingBytes() / loops)
                .heldBytes(held == 0 ? 0 : Math.max(1, held / loops))
                .build();
    }

    /** The loop a partition is pinned to. */
    public static int loopOf(int service, int partition, int loops) {
        return Math.floorMod(service + partition, loops);
    }

    /** How many calls for these versions of a service were shared out before this one. */
    final long nextShared(int service, String versions) {
        return requests.nextShared(service, versions);
    }

    public PartitionRouter core() {
        return core;
    }

    public Caller caller() {
        return caller;
    }

    // ---- what comes in -------------------------------------------------------------------------

    /** A frame from a link of this loop. */
    public final void received(MemberId from, Frame frame, long now) {
        heard(from, frame, now);
    }

    /** A frame that another loop of this member handed over. */
    public final void arrived(Handoff.Arrival arrival, long now) {
        if (arrival.frame() instanceof Frame.Cancel cancel) {
            core.step(new Input.Cancelled(arrival.from(), cancel.call()), now);
        } else {
            heard(arrival.from(), arrival.frame(), now);
        }
    }

    /** A frame as this member hears it. */
    protected void heard(MemberId from, Frame frame, long now) {
        switch (frame) {
            case Frame.OfPartition about -> ofPartition(from, about, now);
            case Frame.OfCall about -> ofCall(from, about, now);
            case Frame.Accepted calls -> accepted(from, calls);
            case Frame.Ask ask -> requests.asked(from, ask);
            case Frame.Credit credit -> requests.credited(from, credit);
            case Frame.Cancel cancel -> cancelled(from, cancel, now);
            case Frame.Denied denied -> requests.denied(from, denied);
            case Frame.OfMembership news -> requests.membership(from, news);
            case Frame.OfSubjects about -> requests.ofSubjects(from, about, now);
            case TunnelFrame about -> ofTunnel(from, about);
        }
    }

    private void ofPartition(MemberId from, Frame.OfPartition frame, long now) {
        int owner = loopOf(frame.service(), frame.partition(), loops);
        if (owner == loop) {
            core.received(from, frame, now);
        } else {
            handoffs.add(owner, from, frame);
        }
    }

    private void ofCall(MemberId from, Frame.OfCall frame, long now) {
        int owner = Caller.loopOf(frame.call());
        if (owner == loop) {
            caller.answered(from, frame, now);
        } else if (owner < loops) {
            handoffs.add(owner, from, frame);
        }
    }

    /** Its opener's end is at the loop that made the call; the other one is the member's. */
    private void ofTunnel(MemberId from, TunnelFrame frame) {
        int owner = Caller.loopOf(frame.call());
        if (!frame.toOpener()) {
            requests.tunnelled(from, frame);
        } else if (owner == loop) {
            caller.tunnelled(from, frame);
        } else if (owner < loops) {
            handoffs.add(owner, from, frame);
        }
    }

    private void accepted(MemberId from, Frame.Accepted frame) {
        if (loops == 1) {
            caller.accepted(from, frame.calls());
            return;
        }
        for (int owner = 0; owner < loops; owner++) {
            long[] calls = ofLoop(owner, frame.calls());
            if (calls.length > 0 && owner == loop) {
                caller.accepted(from, calls);
            } else if (calls.length > 0) {
                handoffs.add(owner, from, new Frame.Accepted(calls));
            }
        }
    }

    private static long[] ofLoop(int loop, long[] calls) {
        return LongStream.of(calls).filter(call -> Caller.loopOf(call) == loop).toArray();
    }

    /** What the call is about may be pinned to any loop. */
    private void cancelled(MemberId from, Frame.Cancel cancel, long now) {
        requests.cancelled(from, cancel);
        if (!cancels.take(from, now)) {
            return;
        }
        core.step(new Input.Cancelled(from, cancel.call()), now);
        for (int other = 0; other < loops; other++) {
            if (other != loop) {
                handoffs.add(other, from, cancel);
            }
        }
    }

    /** Time has passed. */
    public final void tick(long now) {
        core.step(new Input.Tick(), now);
        caller.tick(now);
        if (loop == 0) {
            requests.tick(now);
        }
    }

    // ---- what changes around -------------------------------------------------------------------

    /** A service's servers are others now. */
    public final void ring(int service, Ring ring, long now) {
        routes.ring(service, ring);
        core.step(new Input.RingChanged(service, ring), now);
        caller.routesChanged(now);
    }

    /** Others serve a service now: whom calls to whichever server can ask. */
    public final void servers(int service, Servers servers, long now) {
        caller.servers(service, servers, now);
    }

    /**
     * This member has no part in a service any more: what it holds of it is gone, and its calls
     * end. What it has promised of the partitions it keeps to, in case it serves them again.
     */
    public final void leave(int service) {
        core.leave(service);
        caller.giveUp(service, Failure.CLOSED, "this member has closed the service");
        routes.forget(service);
    }

    /** These members are there now. */
    public final void members(List<MemberId> present) {
        routes.members(present);
        core.members(present);
    }

    public final void linkUp(MemberId member, long now) {
        core.step(new Input.LinkUp(member), now);
        caller.routesChanged(now);
    }

    public final void linkDown(MemberId member, long now) {
        core.step(new Input.LinkDown(member), now);
        caller.linkDown(member, now);
    }

    /** There is room in the outbox to some member again. */
    public final void linkWritable(long now) {
        core.step(new Input.LinkWritable(), now);
        caller.routesChanged(now);
    }

    // ---- what goes out -------------------------------------------------------------------------

    /**
     * The end of a batch: what it gave rise to is sent, and what this member tells itself heard.
     */
    public final void endBatch(long now) {
        try {
            do {
                for (Frame frame = toSelf.poll(); frame != null; frame = toSelf.poll()) {
                    heard(self, frame, now);
                }
                core.flush(now);
                caller.settle();
                accepted.tell(this::said);
            } while (!toSelf.isEmpty());
        } finally {
            handoffs.handOver();
        }
    }

    @Override
    public final void send(MemberId to, Frame frame) {
        accepted.sent(to, frame);
        said(to, frame);
    }

    /** A frame as it leaves this member; what it says to itself it hears before the batch ends. */
    protected void said(MemberId to, Frame frame) {
        if (to.equals(self)) {
            toSelf.add(frame);
        } else {
            network.send(to, frame);
        }
    }

    @Override
    public final void accepted(MemberId to, long call) {
        accepted.accepted(to, call);
    }

    @Override
    public final boolean isWritable(MemberId to) {
        return to.equals(self) || network.isWritable(to);
    }

    @Override
    public final int messageBytesMax() {
        return network.messageBytesMax();
    }

    final boolean isOpen(MemberId to) {
        return to.equals(self) || network.isOpen(to);
    }

    /** Whether a call may end, given whether the local replica shows its write. */
    protected boolean isShown(boolean isShown) {
        return isShown;
    }
}
