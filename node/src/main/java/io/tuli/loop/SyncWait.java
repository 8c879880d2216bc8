package io.tuli.loop;

import io.tuli.Failure;
import io.tuli.Outcome;
import io.tuli.TuliException;
import io.tuli.protocol.Durations;
import io.tuli.replica.Replica;
import io.tuli.reply.CallLoop;
import io.tuli.service.LocalService;
import io.tuli.spin.LoopThread;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/** Waits until all partitions of a local replica are in sync. Any thread but a loop's. */
public final class SyncWait {

    private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final Loops loops;
    private final Function<LocalService, String> why;

    /**
     * @param why for what a service waits, in words; empty where it does not
     */
    public SyncWait(Loops loops, Function<LocalService, String> why) {
        this.loops = loops;
        this.why = why;
    }

    public void await(LocalService service, Duration within) {
        if (service.spec().isStateless()) {
            return; // there is nothing to get into sync
        }
        service.followRight().require();
        if (!service.hasReplica()) {
            throw new IllegalStateException(
                    "only a replica gets into sync, and this member has none of " + service.name());
        }
        LoopThread.requireMayWait("awaitSync, service=" + service.name());
        service.requireAgreement();
        long deadline = System.nanoTime() + Durations.nanos(within);
        String late = "its loops did not answer";
        for (int unsynced = unsynced(service, deadline);
                unsynced != 0;
                unsynced = unsynced(service, deadline)) {
            service.followRight().require();
            service.requireAgreement();
            late = unsynced > 0 ? "partitions not in sync=" + unsynced : late;
            if (System.nanoTime() - deadline >= 0 || Thread.currentThread().isInterrupted()) {
                throw late(service, late);
            }
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        }
    }

    private TuliException late(LocalService service, String facts) {
        String waits = why.apply(service);
        return new TuliException(
                Outcome.FAILED,
                waits.isEmpty() ? Failure.TIMEOUT : Failure.UNAVAILABLE,
                (waits.isEmpty() ? "" : waits + "; ")
                        + "the replica did not get into sync in time: service="
                        + service.name()
                        + " "
                        + facts);
    }

    /** How many partitions are not in sync; -1 if the loops did not say so by the deadline. */
    private int unsynced(LocalService service, long deadline) {
        List<CompletableFuture<Integer>> counts = new ArrayList<>();
        for (NodeLoop loop : loops.all()) {
            CompletableFuture<Integer> count = new CompletableFuture<>();
            if (!loop.post(() -> count.complete(unsynced(loop, service)))) {
                throw CallLoop.closed();
            }
            counts.add(count);
        }
        int sum = 0;
        for (CompletableFuture<Integer> count : counts) {
            try {
                long left = Math.max(1, deadline - System.nanoTime());
                sum += count.get(left, TimeUnit.NANOSECONDS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return -1;
            } catch (ExecutionException | TimeoutException late) {
                return -1;
            }
        }
        return sum;
    }

    /**
     * Feeds know what is counted here before its caller does: a feed that begins then begins at
     * this moment, and not when its loop comes to it.
     */
    private static int unsynced(NodeLoop loop, LocalService service) {
        service.noteSync(loop.index());
        int unsynced = 0;
        for (int partition = 0; partition < service.spec().partitions(); partition++) {
            Replica replica = loop.core().replica(service.number(), partition);
            unsynced += replica == null || replica.isInSync() ? 0 : 1;
        }
        return unsynced;
    }
}
