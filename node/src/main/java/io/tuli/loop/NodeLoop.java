package io.tuli.loop;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.tuli.Failure;
import io.tuli.MemberId;
import io.tuli.Outcome;
import io.tuli.TuliException;
import io.tuli.call.Caller;
import io.tuli.call.Outgoing;
import io.tuli.member.Handoff;
import io.tuli.member.MemberCore;
import io.tuli.member.PartitionRouter;
import io.tuli.pipe.Opening;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Input;
import io.tuli.protocol.InvalidFrameException;
import io.tuli.protocol.Servers;
import io.tuli.protocol.Thrown;
import io.tuli.reply.CallLoop;
import io.tuli.reply.PendingCall;
import io.tuli.reply.Permits;
import io.tuli.ring.Ring;
import io.tuli.transport.Link;
import io.tuli.wall.LogLimit;
import io.tuli.wall.Wall;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One event loop of a member: the partitions, calls and links pinned to it. It works in batches -
 * what the network read, what other threads left in the inbox, a tick - and each ends with one
 * replication, one hand-over and one flush of each link touched. Its thread is the only one to
 * touch what it holds; others {@link #post}.
 */
public final class NodeLoop implements CallLoop {

    private static final Logger LOG = LoggerFactory.getLogger(NodeLoop.class);

    private static final long TICK_MILLIS = 20;

    private final int index;
    private final EventLoop thread;
    private final Loops loops;
    private final LoopNetwork links;
    private final LoopHost effects;
    private final LoopJournal journal;
    private final MemberCore memberCore;
    private final LoopClock clock = new LoopClock();
    private final LoopInbox inbox;
    private final Consumer<Throwable> onBroken;
    private final LogLimit limit = new LogLimit();
    private @Nullable ScheduledFuture<?> ticks;
    private boolean isOver;
    private @Nullable Permits lender;
    private int owed;

    public NodeLoop(int index, EventLoop thread, LoopContext setting) {
        this.index = index;
        this.thread = thread;
        this.loops = setting.loops();
        this.onBroken = setting.onBroken();
        this.journal = setting.journal();
        this.links = new LoopNetwork(setting.self());
        LoopServices services = new LoopServices(setting.services());
        this.effects = new LoopHost(clock, services, setting.streams(), setting.emissions());
        this.memberCore =
                new MemberCore(
                        new MemberCore.Setting(
                                setting.self(),
                                index,
                                loops.count(),
                                setting.limits(),
                                setting.documents()),
                        new MemberCore.Ports(
                                links,
                                this::toLoop,
                                setting.requests(),
                                effects,
                                effects,
                                journal.keeper(index)));
        this.inbox = new LoopInbox(thread, this::batch, NodeLoop::orphaned);
    }

    int index() {
        return index;
    }

    public EventLoop thread() {
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

    @Override
    public boolean post(Outgoing call) {
        return inbox.post(call);
    }

    /** As {@link #post(Object)}, for tasks written as lambdas. */
    @Override
    public boolean post(Runnable task) {
        return inbox.post(task);
    }

    public void start() {
        ticks =
                thread.scheduleWithFixedDelay(
                        this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    // ---- the loop's thread ---------------------------------------------------------------------

    public PartitionRouter core() {
        return memberCore.core();
    }

    @Override
    public Caller caller() {
        return memberCore.caller();
    }

    LoopNetwork links() {
        return links;
    }

    /** Ends all calls and takes nothing any more. */
    public void stop() {
        if (ticks != null) {
            ticks.cancel(false);
        }
        inbox.close();
        inbox.drain(this::work);
        caller().close();
        endBatch();
        isOver = true;
    }

    /** Work that came when the loop had stopped: a call must end all the same. */
    private static void orphaned(Object work) {
        failNow(work, CallLoop.closed());
    }

    private static void failNow(Object work, TuliException why) {
        if (work instanceof PendingCall<?> call) {
            call.failNow(why);
        } else if (work instanceof Opening opening) {
            opening.failNow(why);
        }
    }

    private void tick() {
        guarded(
                () -> {
                    long now = System.nanoTime();
                    memberCore.tick(now);
                    effects.tick(index, now);
                    journal.look(now);
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
                case Outgoing call -> caller().start(call, clock.now());
                case Input input -> core().step(input, System.nanoTime());
                case Load load -> unload(load.arrivals());
                case Runnable task -> task.run();
                default -> throw new IllegalArgumentException("no work: " + work);
            }
        } catch (Throwable thrown) {
            failed(thrown);
            failNow(work, notBegun(thrown));
        }
    }

    private static TuliException notBegun(Throwable thrown) {
        String text = "the call could not be begun: " + Thrown.text(thrown);
        return new TuliException(Outcome.UNKNOWN, Failure.UNAVAILABLE, text);
    }

    /** All that another loop has for this one at the end of a batch. */
    private record Load(List<Handoff.Arrival> arrivals) {}

    private void toLoop(int other, List<Handoff.Arrival> arrivals) {
        loops.at(other).post((Object) new Load(arrivals));
    }

    private void unload(List<Handoff.Arrival> arrivals) {
        for (int i = 0; i < arrivals.size(); i++) {
            Handoff.Arrival arrival = arrivals.get(i);
            try {
                memberCore.arrived(arrival, clock.now());
            } catch (Throwable thrown) {
                refuse(arrival.from(), thrown);
            }
        }
    }

    /** Puts a frame on its way. */
    void send(MemberId to, Frame frame) {
        memberCore.send(to, frame);
    }

    /** These will be read next. */
    void prefetch(List<Frame.OfPartition> frames) {
        if (isOver) {
            return;
        }
        try {
            core().prefetch(frames);
        } catch (Throwable thrown) {
            failed(thrown);
        }
    }

    /**
     * A frame as the network read it. Nothing of it is thrown past its link: one that cannot be
     * taken ends that.
     */
    public void read(MemberId from, Frame frame) {
        if (isOver) {
            return;
        }
        try {
            memberCore.received(from, frame, clock.now());
        } catch (Throwable thrown) {
            refuse(from, thrown);
        }
    }

    private void refuse(MemberId from, Throwable thrown) {
        String why;
        if (thrown instanceof InvalidFrameException) {
            why = String.valueOf(thrown.getMessage());
        } else {
            failed(thrown);
            why = "a frame could not be taken: " + Thrown.text(thrown);
        }
        Link link = links.find(from);
        if (link != null) {
            link.refuse(why);
        }
    }

    /**
     * Something happened outside of a batch. What was left for the loop before comes first: a link
     * that comes up is newer than all the loop is yet to hear of.
     */
    void run(Runnable task) {
        inbox.drain(this::work);
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

    /** Whatever fails, what there is for others leaves. */
    private void finish() {
        // Users' code that ran here may have left it so; to a loop it means nothing.
        boolean unused = Thread.interrupted();
        try {
            memberCore.endBatch(clock.lapse());
            settleDebts();
        } finally {
            links.flush();
        }
    }

    // ---- what changes around -------------------------------------------------------------------

    /** A service's servers are others now. */
    public void ring(int service, Ring ring) {
        memberCore.ring(service, ring, System.nanoTime());
    }

    /** Others serve a service now. */
    public void servers(int service, Servers servers) {
        memberCore.servers(service, servers, System.nanoTime());
    }

    /** This member has no part in a service any more. */
    public void leave(int service) {
        memberCore.leave(service);
        effects.forget(service);
    }

    public void members(List<MemberId> present) {
        memberCore.members(present);
    }

    void linkUp(MemberId member, Link link) {
        Link older = links.find(member);
        if (older != null) {
            linkDown(member, older);
        }
        links.up(member, link);
        memberCore.linkUp(member, System.nanoTime());
    }

    void linkDown(MemberId member, Link link) {
        if (links.down(member, link)) {
            memberCore.linkDown(member, System.nanoTime());
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
        memberCore.linkWritable(System.nanoTime());
    }

    private void guarded(Runnable step) {
        if (isOver) {
            return;
        }
        try {
            step.run();
        } catch (Throwable thrown) {
            failed(thrown);
        }
    }

    /**
     * Something was thrown that no wall has taken: a bug of ours, whose input is lost. The loop
     * goes on; only without memory it cannot.
     */
    private void failed(Throwable thrown) {
        if (Thrown.isFatal(thrown)) {
            stopFor(thrown);
        } else if (limit.mayLog()) {
            String text = "An input failed, the loop goes on: " + this + " notLogged=";
            Wall.log(LOG, text + limit.takeUnlogged(), thrown);
        }
    }

    /** The member must not go on. */
    void stopFor(Throwable broken) {
        isOver = true;
        onBroken.accept(broken);
    }

    /**
     * Ends all its calls, for its thread does not come back: somebody's code holds it for ever.
     * From another thread, when all is over.
     */
    public void forsake() {
        isOver = true;
        inbox.close();
        inbox.drain(NodeLoop::orphaned);
        caller().close();
    }

    @Override
    public String toString() {
        return "loop " + index;
    }
}
