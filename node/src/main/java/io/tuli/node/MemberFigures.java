package io.tuli.node;

import io.netty.util.concurrent.SingleThreadEventExecutor;
import io.tuli.loop.MemberParts.Figures;
import io.tuli.loop.MemberParts.ServiceFigures;
import io.tuli.loop.NodeLoop;
import io.tuli.service.LocalService;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A member in numbers, as its loops say: all are asked at once, and waited for a second. */
final class MemberFigures {

    private static final long WITHIN_NANOS = TimeUnit.SECONDS.toNanos(1);

    private MemberFigures() {}

    static Figures of(NodeContext context) {
        long until = System.nanoTime() + WITHIN_NANOS;
        List<CompletableFuture<Long>> held = new ArrayList<>();
        for (NodeLoop loop : context.loops().all()) {
            CompletableFuture<Long> bytes = new CompletableFuture<>();
            held.add(bytes);
            if (!loop.post(() -> bytes.complete(loop.core().heldBytes()))) {
                bytes.complete(0L);
            }
        }
        List<CompletableFuture<ServiceFigures>> services = new ArrayList<>();
        for (LocalService each : context.book().all()) {
            services.add(context.reports().figures(each));
        }
        long waitingBytes = answered(held, until).stream().mapToLong(Long::longValue).sum();
        return new Figures(
                context.calls().inFlight(),
                waitingBytes,
                context.peers().pendingBytes(),
                tasks(context),
                answered(services, until));
    }

    private static long tasks(NodeContext context) {
        long tasks = 0;
        for (NodeLoop loop : context.loops().all()) {
            if (loop.thread() instanceof SingleThreadEventExecutor executor) {
                tasks += executor.pendingTasks();
            }
        }
        return tasks;
    }

    /** What has come by then. */
    private static <V> List<V> answered(List<CompletableFuture<V>> asked, long until) {
        List<V> all = new ArrayList<>();
        for (CompletableFuture<V> each : asked) {
            try {
                long left = Math.max(0, until - System.nanoTime());
                all.add(each.get(left, TimeUnit.NANOSECONDS));
            } catch (TimeoutException | ExecutionException missing) {
                each.cancel(false); // its loop is held up, or has ended
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return all;
            }
        }
        return all;
    }
}
