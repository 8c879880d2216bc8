package io.tuli.node;

import io.tuli.Failure;
import io.tuli.TuliException;
import io.tuli.loop.NodeLoop;
import io.tuli.protocol.Durations;
import io.tuli.service.LocalService;
import io.tuli.spin.LoopThread;
import io.tuli.spin.MeshFuture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a member goes: it says so, hands its partitions over, waits for its own calls, leaves the
 * membership, and gives back every thread and socket. Once; whoever comes second waits for the
 * first.
 *
 * <p>A thread of its own does it, which is there from the beginning: it keeps the process alive
 * while the member is there, and a member that is out of memory needs no other. Each step has a
 * bound, and what it throws does not keep the next from being made. So closing ends, whatever
 * users' code does on loops and elsewhere.
 */
final class Departure {

    private static final Logger LOG = LoggerFactory.getLogger(Departure.class);
    private static final Duration DRAIN_MOST = Duration.ofDays(1);
    private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long CALLS_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Of each step, and of all that come after handing over. */
    private static final long ANNOUNCE_SECONDS = 2;

    private static final long GUESTS_SECONDS = 10;

    private static final long MEMBERSHIP_SECONDS = 8;
    private static final long USERS_SECONDS = 2;
    private static final long LOOPS_SECONDS = 5;
    private static final long TRANSPORT_SECONDS = 8;
    private static final long ALL_SECONDS = 30;

    private static final int TELL_MOST = 100;

    private final NodeContext context;
    private final HandingOver handingOver;
    private final AtomicBoolean isLeaving = new AtomicBoolean();
    private final CountDownLatch hasBegun = new CountDownLatch(1);
    private final CountDownLatch isGone = new CountDownLatch(1);
    private final MeshFuture<@Nullable Void> closed = new MeshFuture<>();
    private final Set<Runnable> guests = ConcurrentHashMap.newKeySet();
    private final Thread keeper;
    private volatile Duration drain = Duration.ZERO;
    private volatile boolean isHurried;
    private volatile @Nullable Throwable why;
    private volatile @Nullable Thread hook;

    Departure(NodeContext context) {
        this.context = context;
        this.handingOver = new HandingOver(context);
        this.keeper =
                Thread.ofPlatform()
                        .daemon(false)
                        .name("tuli-keeper-" + context.self().name())
                        .unstarted(this::keep);
    }

    /**
     * From now on the member is there, and leaves also when the process is told to end.
     *
     * @throws TuliException CLOSED when the process is ending already
     */
    void hookUp() {
        keeper.start();
        Thread thread =
                Thread.ofPlatform()
                        .name("tuli-shutdown-" + context.self().name())
                        .unstarted(() -> leave(context.setting().drain()));
        hook = thread;
        try {
            Runtime.getRuntime().addShutdownHook(thread);
        } catch (IllegalStateException ending) {
            leave(Duration.ZERO);
            throw new TuliException(Failure.CLOSED, "the process is ending: nobody joins any more");
        }
    }

    /** Ends before the member does; see {@code MemberParts}. */
    AutoCloseable before(Runnable end) {
        guests.add(end);
        return () -> guests.remove(end);
    }

    /**
     * Completes when nothing is left of the member; exceptionally, with what it died of, when it
     * could not go on.
     */
    CompletableFuture<@Nullable Void> closed() {
        return closed.copy();
    }

    void requireOpen() {
        if (isLeaving.get()) {
            throw new TuliException(Failure.CLOSED, "this member has left the mesh: join again");
        }
    }

    /** Blocks until nothing is left of the member; on a loop it only begins. */
    void leave(Duration within) {
        begin(within, null);
        if (!LoopThread.isCurrent() && !Thread.currentThread().equals(keeper)) {
            awaitGone();
        }
    }

    /** At once, without a word: for a member that must not go on. Returns at once. */
    void abandon(Throwable broken) {
        begin(Duration.ZERO, broken);
    }

    private void begin(Duration within, @Nullable Throwable broken) {
        if (isLeaving.compareAndSet(false, true)) {
            drain = within.isNegative() ? Duration.ZERO : within;
            why = broken;
            hasBegun.countDown();
        }
    }

    /** An interrupt hurries the member on; it goes in good order all the same. */
    private void awaitGone() {
        long most = drainNanos() + TimeUnit.SECONDS.toNanos(ALL_SECONDS);
        long end = System.nanoTime() + most;
        boolean isInterrupted = false;
        boolean isDone = false;
        for (long left = most; left > 0 && !isDone; left = end - System.nanoTime()) {
            try {
                isDone = isGone.await(left, TimeUnit.NANOSECONDS);
            } catch (InterruptedException interrupted) {
                isInterrupted = true;
                isHurried = true;
            }
        }
        while (isDone && !closed.isDone() && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(LOOK_AGAIN_NANOS / 100); // a moment later somebody else says so
        }
        if (!isDone) {
            LOG.warn("closing takes longer than it may, it is left alone: {}", context.self());
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private long drainNanos() {
        return Durations.nanos(drain.compareTo(DRAIN_MOST) > 0 ? DRAIN_MOST : drain);
    }

    // ---- on the keeper's thread ----------------------------------------------------------------

    private void keep() {
        boolean isAwaited = false;
        while (!isAwaited) {
            try {
                hasBegun.await();
                isAwaited = true;
            } catch (InterruptedException nobodys) {
                LOG.debug("the keeper of {} keeps on", context.self());
            }
        }
        try {
            go();
        } finally {
            isGone.countDown();
            tellClosed();
        }
    }

    private void go() {
        long deadlineNanos = System.nanoTime() + drainNanos();
        if (why == null) {
            for (Runnable guest : guests) {
                step("to end what is built on it", GUESTS_SECONDS, guest);
            }
        }
        step("to say so", ANNOUNCE_SECONDS, context.directory()::leave);
        attempt("to hand over", () -> awaitHandedOver(deadlineNanos));
        attempt("to answer what runs", () -> awaitAsks(deadlineNanos));
        attempt("to await calls", () -> awaitCalls(deadlineNanos));
        step("to leave the membership", MEMBERSHIP_SECONDS, context.membership()::close);
        step("to end handlers, feeds and folds", USERS_SECONDS, this::closeServices);
        step("to end streams", USERS_SECONDS, context.memberRequests()::close);
        attempt("to end the watchdog", context.watchdog()::close);
        attempt("to end the loops", this::stopLoops);
        attempt("to keep what was given", this::closeJournal);
        step("to end the links", TRANSPORT_SECONDS, context.transport()::close);
        attempt("to forget the process", this::unhook);
    }

    private void attempt(String what, Runnable work) {
        try {
            work.run();
        } catch (Throwable thrown) {
            failed(what, thrown);
        }
    }

    /** On a thread that can be left behind. */
    private void step(String what, long seconds, Runnable work) {
        FutureTask<@Nullable Void> task = new FutureTask<>(work, null);
        try {
            String name = "tuli-leaving-" + context.self().name();
            Thread.ofPlatform().daemon().name(name).start(task);
        } catch (Throwable noThread) {
            task.run();
        }
        try {
            task.get(seconds, TimeUnit.SECONDS);
        } catch (ExecutionException thrown) {
            failed(what, thrown);
        } catch (TimeoutException late) {
            LOG.warn("closing goes on, it takes too long {}: {}", what, context.self());
        } catch (InterruptedException interrupted) {
            LOG.warn("closing goes on, it was interrupted {}: {}", what, context.self());
        }
    }

    private void failed(String what, Throwable thrown) {
        LOG.warn("closing goes on, it could not be done {}: {}", what, context.self(), thrown);
    }

    /** Whoever waits for this may do as he likes: the keeper ends. */
    private void tellClosed() {
        for (int tries = 0; tries < TELL_MOST; tries++) {
            try {
                Thread.ofVirtual().name("tuli-closed").start(this::completeClosed);
                return;
            } catch (Throwable noMemory) {
                LockSupport.parkNanos(LOOK_AGAIN_NANOS); // by and by there is some
            }
        }
        completeClosed();
    }

    private void completeClosed() {
        Throwable broken = why;
        if (broken == null) {
            closed.complete(null);
        } else {
            closed.completeExceptionally(broken);
        }
    }

    // ---- handing over --------------------------------------------------------------------------

    private boolean mayWait(long deadlineNanos) {
        return !isHurried && System.nanoTime() - deadlineNanos < 0;
    }

    private void awaitHandedOver(long deadlineNanos) {
        if (drain.isZero()) {
            return;
        }
        boolean isDone = isHandedOver();
        while (!isDone && mayWait(deadlineNanos)) {
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
            isDone = isHandedOver();
        }
        if (!isDone) {
            LOG.warn("left before all partitions were handed over: member={}", context.self());
        }
    }

    private boolean isHandedOver() {
        return context.book().all().stream().allMatch(handingOver::isDone);
    }

    /** Others are asked from now on: what has begun may end. */
    private void awaitAsks(long deadlineNanos) {
        while (!context.memberRequests().drain() && mayWait(deadlineNanos)) {
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        }
    }

    private void awaitCalls(long deadlineNanos) {
        long end = Math.min(deadlineNanos, System.nanoTime() + CALLS_NANOS);
        while (context.calls().inFlight() > 0 && mayWait(end)) {
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        }
    }

    // ---- the end -------------------------------------------------------------------------------

    /** All are told before any is waited for. */
    private void closeServices() {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
        context.publishing().close();
        context.memberRequests().tunnels().close();
        context.book().all().forEach(LocalService::end);
        context.book().all().forEach(service -> service.awaitEnd(end));
    }

    private void stopLoops() {
        List<CompletableFuture<Boolean>> stopped = new ArrayList<>();
        for (NodeLoop loop : context.loops().all()) {
            stopped.add(stopped(loop));
        }
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LOOPS_SECONDS);
        for (int i = 0; i < stopped.size(); i++) {
            long left = Math.max(1, end - System.nanoTime());
            boolean hasStopped =
                    stopped.get(i).completeOnTimeout(false, left, TimeUnit.NANOSECONDS).join();
            if (!hasStopped) {
                NodeLoop loop = context.loops().at(i);
                LOG.warn("a loop did not stop within {} s, its calls end: {}", LOOPS_SECONDS, loop);
                loop.forsake();
            }
        }
    }

    /** True when it has, false when its thread has ended otherwise. */
    private static CompletableFuture<Boolean> stopped(NodeLoop loop) {
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        try {
            loop.thread()
                    .execute(
                            () -> {
                                try {
                                    loop.stop();
                                } finally {
                                    done.complete(true);
                                }
                            });
        } catch (RejectedExecutionException ended) {
            LOG.debug("the thread of a loop has ended already");
            done.complete(false);
        }
        return done;
    }

    private void closeJournal() {
        MemberJournal journal = context.journal();
        if (journal != null && !journal.close()) {
            LOG.warn("the disk hangs, its directory stays locked: member={}", context.self());
        }
    }

    private void unhook() {
        Thread known = hook;
        if (known == null) {
            return;
        }
        try {
            Runtime.getRuntime().removeShutdownHook(known);
        } catch (IllegalStateException alreadyEnding) {
            LOG.debug("the process is ending anyway");
        }
    }
}
