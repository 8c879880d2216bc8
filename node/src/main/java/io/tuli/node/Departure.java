package io.tuli.node;

import io.tuli.Failure;
import io.tuli.TuliException;
import io.tuli.loop.NodeLoop;
import io.tuli.replica.Replica;
import io.tuli.service.LocalService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a member goes: it says so, hands its partitions over, waits for its own calls, leaves the
 * membership, and gives back every thread and socket. Once; whoever comes second waits for the
 * first.
 */
final class Departure {

    private static final Logger LOG = LoggerFactory.getLogger(Departure.class);
    private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long CALLS_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long STOP_SECONDS = 5;

    private final NodeContext organs;
    private final AtomicBoolean hasBegun = new AtomicBoolean();
    private final CountDownLatch isGone = new CountDownLatch(1);
    private volatile @Nullable Thread hook;

    Departure(NodeContext organs) {
        this.organs = organs;
    }

    /** Leaves also when the process is told to end. */
    void hookUp() {
        Thread thread =
                Thread.ofPlatform()
                        .name("tuli-shutdown-" + organs.self().name())
                        .unstarted(() -> leave(organs.setting().drain()));
        hook = thread;
        Runtime.getRuntime().addShutdownHook(thread);
    }

    void requireOpen() {
        if (hasBegun.get()) {
            throw new TuliException(Failure.CLOSED, "this member has left the mesh: join again");
        }
    }

    /** Blocks until nothing is left of the member; on a loop it only begins. */
    void leave(Duration drain) {
        if (organs.loops().current() != null) {
            Thread.ofPlatform().name("tuli-leave").start(() -> leave(drain));
            return;
        }
        if (hasBegun.compareAndSet(false, true)) {
            try {
                go(drain);
            } finally {
                isGone.countDown();
            }
        } else {
            awaitGone(drain);
        }
    }

    /** At once, without a word: for a member that must not go on. */
    void abandon() {
        Thread.ofPlatform().name("tuli-abandon").start(() -> leave(Duration.ZERO));
    }

    private void awaitGone(Duration drain) {
        try {
            if (!isGone.await(drain.toSeconds() + 2 * STOP_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("another thread is still closing {}", organs.self());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void go(Duration drain) {
        long deadlineNanos = System.nanoTime() + drain.toNanos();
        organs.directory().leave();
        if (!drain.isZero()) {
            awaitHandedOver(deadlineNanos);
        }
        awaitCalls(Math.min(deadlineNanos, System.nanoTime() + CALLS_NANOS));
        organs.membership().close();
        organs.book().all().forEach(LocalService::close);
        organs.visitors().close();
        stopLoops();
        organs.transport().close();
        unhook();
    }

    // ---- handing over --------------------------------------------------------------------------

    private void awaitHandedOver(long deadlineNanos) {
        boolean isDone = isHandedOver();
        while (!isDone && System.nanoTime() - deadlineNanos < 0) {
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
            isDone = Thread.currentThread().isInterrupted() || isHandedOver();
        }
        if (!isDone) {
            LOG.warn("left before all partitions were handed over: member={}", organs.self());
        }
    }

    private boolean isHandedOver() {
        for (LocalService service : organs.book().all()) {
            boolean isServed = service.spec().isServed() && !service.isRefused();
            if (isServed && hasHeir(service) && kept(service) > 0) {
                return false;
            }
        }
        return true;
    }

    private boolean hasHeir(LocalService service) {
        return organs.directory().servers(service.name()).stream()
                .anyMatch(server -> !server.equals(organs.self().id()));
    }

    /** Partitions that would suffer if this member went now. */
    private int kept(LocalService service) {
        List<CompletableFuture<Integer>> counts = new ArrayList<>();
        for (NodeLoop loop : organs.loops().all()) {
            CompletableFuture<Integer> count = new CompletableFuture<>();
            if (!loop.post(() -> count.complete(kept(loop, service)))) {
                count.complete(0);
            }
            counts.add(count);
        }
        return counts.stream()
                .mapToInt(count -> count.completeOnTimeout(1, 1, TimeUnit.SECONDS).join())
                .sum();
    }

    private static int kept(NodeLoop loop, LocalService service) {
        int kept = 0;
        for (int partition = 0; partition < service.spec().partitions(); partition++) {
            Replica replica = loop.core().replica(service.number(), partition);
            kept += replica == null || replica.isHandedOver() ? 0 : 1;
        }
        return kept;
    }

    private void awaitCalls(long deadlineNanos) {
        while (organs.calls().inFlight() > 0
                && System.nanoTime() - deadlineNanos < 0
                && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        }
    }

    // ---- the end -------------------------------------------------------------------------------

    private void stopLoops() {
        List<CompletableFuture<Void>> stopped = new ArrayList<>();
        for (NodeLoop loop : organs.loops().all()) {
            stopped.add(stopped(loop));
        }
        try {
            CompletableFuture.allOf(stopped.toArray(CompletableFuture[]::new))
                    .get(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (Exception late) {
            LOG.warn("a loop did not stop within {} s: {}", STOP_SECONDS, organs.self());
        }
    }

    private static CompletableFuture<Void> stopped(NodeLoop loop) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        try {
            loop.thread()
                    .execute(
                            () -> {
                                loop.stop();
                                done.complete(null);
                            });
        } catch (RejectedExecutionException ended) {
            LOG.debug("the thread of a loop has ended already");
            done.complete(null);
        }
        return done;
    }

    private void unhook() {
        Thread known = hook;
        if (known == null || known.equals(Thread.currentThread())) {
            return;
        }
        try {
            Runtime.getRuntime().removeShutdownHook(known);
        } catch (IllegalStateException alreadyEnding) {
            LOG.debug("the process is ending anyway");
        }
    }
}
