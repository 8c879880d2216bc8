package io.tuli.loop;

import io.tuli.Failure;
import io.tuli.Outcome;
import io.tuli.Receipt;
import io.tuli.TuliException;
import io.tuli.error.Require;
import io.tuli.protocol.Durations;
import io.tuli.replica.Replica;
import io.tuli.reply.CallLoop;
import io.tuli.service.LocalService;
import io.tuli.spin.LoopThread;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** Waits until a local replica shows what a receipt names. Any thread but a loop's. */
public final class ReceiptWait {

    private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Loops loops;

    public ReceiptWait(Loops loops) {
        this.loops = loops;
    }

    /** How far the replica is. */
    private enum Reached {
        NOT_YET,
        SHOWN,
        /** The changelog has gone another way, and the owner has it so. */
        NEVER
    }

    /**
     * Blocks until then.
     *
     * @throws TuliException TIMEOUT; CONFLICT where it is never reached
     */
    public void await(LocalService service, Receipt receipt, Duration within) {
        int partitions = service.spec().partitions();
        Require.argument(
                receipt.partition() >= 0 && receipt.partition() < partitions,
                "a receipt to wait for is of a partition of the service, of "
                        + partitions
                        + " partitions",
                receipt);
        if (!service.hasReplica()) {
            throw new IllegalStateException(
                    "only a replica reaches a receipt's position, and this member has none of "
                            + service.name());
        }
        LoopThread.requireMayWait("await, service=" + service.name());
        long deadline = System.nanoTime() + Durations.nanos(within);
        while (true) {
            service.requireAgreement();
            switch (reached(service, receipt, deadline)) {
                case SHOWN -> {
                    return;
                }
                case NEVER -> throw gaveWay(service, receipt);
                case NOT_YET -> {
                    if (System.nanoTime() - deadline >= 0
                            || Thread.currentThread().isInterrupted()) {
                        throw late(service, receipt);
                    }
                    LockSupport.parkNanos(LOOK_AGAIN_NANOS);
                }
            }
        }
    }

    private Reached reached(LocalService service, Receipt receipt, long deadline) {
        NodeLoop loop = loops.of(service.number(), receipt.partition());
        CompletableFuture<Reached> reached = new CompletableFuture<>();
        if (!loop.post(() -> reached.complete(reached(loop, service, receipt)))) {
            throw CallLoop.closed();
        }
        try {
            long left = Math.max(1, deadline - System.nanoTime());
            return reached.get(left, TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Reached.NOT_YET;
        } catch (ExecutionException | TimeoutException late) {
            return Reached.NOT_YET;
        }
    }

    private static Reached reached(NodeLoop loop, LocalService service, Receipt receipt) {
        Replica replica = loop.core().replica(service.number(), receipt.partition());
        if (replica == null || !replica.shows(receipt.position())) {
            return Reached.NOT_YET;
        }
        return replica.isPassed(receipt.position()) ? Reached.NEVER : Reached.SHOWN;
    }

    private static TuliException gaveWay(LocalService service, Receipt receipt) {
        return new TuliException(
                Failure.CONFLICT,
                "a receipt's position lies in the changelog, and this one's side of a split gave"
                        + " way: read what a merge has made of the write; "
                        + facts(service, receipt));
    }

    private static TuliException late(LocalService service, Receipt receipt) {
        return new TuliException(
                Outcome.FAILED,
                Failure.TIMEOUT,
                "the replica did not reach the receipt's position in time: "
                        + facts(service, receipt));
    }

    private static String facts(LocalService service, Receipt receipt) {
        return "service="
                + service.name()
                + " partition="
                + receipt.partition()
                + " position="
                + receipt.position();
    }
}
