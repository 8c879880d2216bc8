package io.tuli.node;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.tuli.MemberId;
import io.tuli.call.Caller;
import io.tuli.call.Outgoing;
import io.tuli.core.Core;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Input;
import io.tuli.reply.CallLoop;
import io.tuli.reply.PendingCall;
import io.tuli.reply.Permits;
import io.tuli.transport.Link;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One event loop of a member: the partitions, calls and links pinned to it. It works in batches -
 * what the network read, what other threads left in the inbox, a tick - and each ends with one
 * replication, one hand-over and one flush of each link touched. Its thread is the only one to
 * touch what it holds; others {@link #post}.
 */
final class NodeLoop implements CallLoop {

    private static final long TICK_MILLIS = 20;

    private final int index;
    private final EventLoop thread;
    private final Loops loops;
    private final MemberId self;
    private final Visitors visitors;
    private final Crossings crossings;
    private final LoopLinks links;
    private final LoopEffects effects;
    private final Core core;
    private final Caller caller;
    private final RoadMap roads;
    private final LoopClock clock = new LoopClock();
    private final Unanswered unanswered = new Unanswered();
    private final Inbox inbox;
    private final Consumer<Throwable> onBroken;
    private @Nullable ScheduledFuture<?> ticks;
    private boolean isOver;
    private @Nullable Permits lender;
    private int owed;

    NodeLoop(int index, EventLoop thread, LoopSetting setting) {
        this.index = index;
        this.thread = thread;
        this.loops = setting.loops();
        this.self = setting.self();
        this.visitors = setting.visitors();
        this.onBroken = setting.onBroken();
        this.crossings = new Crossings(loops);
        this.links = new LoopLinks(self);
        LoopServices services = new LoopServices(setting.services());
        this.effects = new LoopEffects(this, clock, services, setting);
        this.core = new Core(self, setting.limits(), setting.documents(), effects);
        this.roads = new RoadMap(links, core, services);
        this.caller = new Caller(index, roads, setting.limits().dedupWindow());
        this.inbox = new Inbox(thread, this::batch, NodeLoop::orphaned);
    }

    int index() {
        return index;
    }

    EventLoop thread() {
        return thread;
    }

    boolean isThisThread() {
        return thread.inEventLoop();
    }

    // ---- any thread ----------------------------------------------------------------------------

    /**
     * Leaves work for the loop: a call to start, an input for the core, a load from another loop,
     * or a task. In order for each thread that posts. False when the loop has ended.
     */
    boolean post(Object work) {
        return inbox.post(work);
    }

    /** As {@link #post(Object)}, for tasks written as lambdas. */
    @Override
    public boolean post(Runnable task) {
        return inbox.post(task);
    }

    void start() {
        ticks =
                thread.scheduleWithFixedDelay(
                        this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    // ---- the loop's thread ---------------------------------------------------------------------

    Core core() {
        return core;
    }

    @Override
    public Caller caller() {
        return caller;
    }

    LoopLinks links() {
        return links;
    }

    RoadMap roads() {
        return roads;
    }

    /** Ends all calls and takes nothing any more. */
    void stop() {
        if (ticks != null) {
            ticks.cancel(false);
        }
        inbox.close();
        inbox.drain(this::work);
        caller.close();
        endBatch();
        isOver = true;
    }

    /** Work that came when the loop had stopped: a call must end all the same. */
    private static void orphaned(Object work) {
        if (work instanceof PendingCall<?> call) {
            call.failNow(CallLoop.closed());
        }
    }

    private void tick() {
        guarded(
                () -> {
                    long now = System.nanoTime();
                    core.step(new Input.Tick(), now);
                    caller.tick(now);
                    effects.tick(index, now);
                });
        endBatch();
    }

    private void batch() {
        inbox.drain(this::work);
        endBatch();
    }

    private void work(Object work) {
        if (isOver) {
            orphaned(work);
            return;
        }
        try {
            switch (work) {
                case Outgoing call -> caller.start(call, clock.now());
                case Input input -> core.step(input, System.nanoTime());
                case Crossings.Load load -> unload(load.arrivals());
                case Runnable task -> task.run();
                default -> throw new IllegalArgumentException("no work: " + work);
            }
        } catch (RuntimeException | Error broken) {
            stopFor(broken);
        }
    }

    private void unload(List<Crossings.Arrival> arrivals) {
        for (int i = 0; i < arrivals.size(); i++) {
            received(arrivals.get(i).from(), arrivals.get(i).frame());
        }
    }

    /** A frame from a link of this loop, from this member itself, or handed over. */
    void received(MemberId from, Frame frame) {
        switch (frame) {
            case Frame.OfPartition about -> ofPartition(from, about);
            case Frame.OfCall about -> ofCall(from, about);
            case Frame.Accepted accepted -> accepted(from, accepted);
            case Frame.Ask ask -> visitors.asked(from, ask);
            case Frame.Credit credit -> visitors.credited(from, credit);
            case Frame.Cancel cancel -> {
                visitors.cancelled(from, cancel);
                loops.post(new Input.Cancelled(from, cancel.call()));
            }
        }
    }

    private void ofPartition(MemberId from, Frame.OfPartition frame) {
        int owner = loops.indexOf(frame.service(), frame.partition());
        if (owner != index) {
            crossings.arrival(owner, from, frame);
            return;
        }
        core.received(from, frame, clock.now());
    }

    private void ofCall(MemberId from, Frame.OfCall frame) {
        int owner = Caller.loopOf(frame.call());
        if (owner == index) {
            caller.answered(from, frame, clock.now());
        } else if (owner < loops.count()) {
            crossings.arrival(owner, from, frame);
        }
    }

    private void accepted(MemberId from, Frame.Accepted accepted) {
        if (loops.count() == 1) {
            caller.accepted(from, accepted.calls());
            return;
        }
        for (long call : accepted.calls()) {
            int owner = Caller.loopOf(call);
            Frame.Accepted one = new Frame.Accepted(new long[] {call});
            if (owner == index) {
                caller.accepted(from, one.calls());
            } else if (owner < loops.count()) {
                crossings.arrival(owner, from, one);
            }
        }
    }

    /** A request is in a queue; its caller is told at the end of the batch. */
    void accepted(MemberId to, long call) {
        unanswered.accepted(to, call);
    }

    /** Puts a frame on its way. */
    void send(MemberId to, Frame frame) {
        unanswered.sent(to, frame);
        links.send(to, frame);
    }

    /** These will be read next. */
    void expect(List<Frame.OfPartition> frames) {
        if (!isOver) {
            core.expect(frames);
        }
    }

    /** A frame as the network read it. */
    void read(MemberId from, Frame frame) {
        if (isOver) {
            return;
        }
        try {
            received(from, frame);
        } catch (RuntimeException | Error broken) {
            stopFor(broken);
        }
    }

    /** Something happened outside of a batch. */
    void run(Runnable task) {
        guarded(task);
        endBatch();
    }

    /** The network has read all there was. */
    void endBatch() {
        guarded(this::finish);
    }

    LoopClock clock() {
        return clock;
    }

    /** Those of calls that end together are given back together: others wait for them. */
    @Override
    public void giveBack(Permits permits) {
        if (isThisThread()) {
            if (lender != permits) {
                lender = permits;
            }
            owed++;
        } else {
            permits.giveBack(1);
        }
    }

    /** On this thread, before a call is made here: what it needs may be what this loop owes. */
    void settleDebts() {
        if (owed > 0 && lender != null) {
            lender.giveBack(owed);
            owed = 0;
        }
    }

    private void finish() {
        long now = clock.lapse();
        boolean isMore = true;
        while (isMore) {
            receiveFromSelf();
            core.flush(now);
            caller.settle();
            unanswered.tell(links::send);
            isMore = links.hasToSelf();
        }
        settleDebts();
        crossings.handOver();
        links.flush();
    }

    private void receiveFromSelf() {
        Frame frame = links.pollSelf();
        while (frame != null) {
            received(self, frame);
            frame = links.pollSelf();
        }
    }

    // ---- what changes around -------------------------------------------------------------------

    void linkUp(MemberId member, Link link) {
        Link older = links.find(member);
        if (older != null) {
            linkDown(member, older);
        }
        links.up(member, link);
        long now = System.nanoTime();
        core.step(new Input.LinkUp(member), now);
        caller.roadsChanged(now);
    }

    void linkDown(MemberId member, Link link) {
        if (links.down(member, link)) {
            long now = System.nanoTime();
            core.step(new Input.LinkDown(member), now);
            caller.linkDown(member, now);
        }
    }

    /** Who is not there any more answers nothing, whatever becomes of the link. */
    void memberGone(MemberId member) {
        Link link = links.find(member);
        if (link != null) {
            linkDown(member, link);
        }
    }

    void linkWritable(MemberId member) {
        links.writable(member);
        long now = System.nanoTime();
        core.step(new Input.LinkWritable(), now);
        caller.roadsChanged(now);
    }

    private void guarded(Runnable step) {
        if (isOver) {
            return;
        }
        try {
            step.run();
        } catch (RuntimeException | Error broken) {
            stopFor(broken);
        }
    }

    /** An error here is a bug of ours: the member must not go on with half a step done. */
    private void stopFor(Throwable broken) {
        isOver = true;
        onBroken.accept(broken);
    }
}
