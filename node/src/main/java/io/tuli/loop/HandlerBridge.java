package io.tuli.loop;

import io.tuli.Failure;
import io.tuli.MeshEvent;
import io.tuli.TuliException;
import io.tuli.handler.CarriedTrace;
import io.tuli.handler.HandlerHost;
import io.tuli.protocol.Decision;
import io.tuli.protocol.Durations;
import io.tuli.protocol.Input;
import io.tuli.reply.CallLoop;
import io.tuli.service.Listeners;
import io.tuli.spin.LoopThread;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** What handlers need of this member, from any thread. */
public final class HandlerBridge implements HandlerHost {

    private final Loops loops;
    private final Listeners listeners;
    private final CarriedTrace traces;

    public HandlerBridge(Loops loops, Listeners listeners, CarriedTrace traces) {
        this.loops = loops;
        this.listeners = listeners;
        this.traces = traces;
    }

    @Override
    public void decided(int service, int partition, long task, Decision decision) {
        loops.of(service, partition)
                .post((Object) new Input.Decided(service, partition, task, decision));
    }

    @Override
    public <V> V onLoop(int service, int partition, Supplier<V> work, Duration within) {
        NodeLoop loop = loops.of(service, partition);
        if (loop.isThisThread()) {
            return work.get();
        }
        LoopThread.requireMayWait("a document of another loop's partition");
        CompletableFuture<V> answer = new CompletableFuture<>();
        boolean isPosted =
                loop.post(
                        () -> {
                            try {
                                answer.complete(work.get());
                            } catch (Throwable thrown) {
                                answer.completeExceptionally(thrown);
                            }
                        });
        if (!isPosted) {
            throw CallLoop.closed();
        }
        try {
            return answer.get(Durations.nanos(within), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new TuliException(Failure.CLOSED, "interrupted: the member is closing");
        } catch (TimeoutException late) {
            throw new TuliException(
                    Failure.TIMEOUT,
                    "the partition's loop did not answer in time: within=" + within);
        } catch (ExecutionException thrown) {
            throw thrown.getCause() instanceof RuntimeException cause
                    ? cause
                    : new IllegalStateException(thrown.getCause());
        }
    }

    @Override
    public CarriedTrace traces() {
        return traces;
    }

    @Override
    public void event(MeshEvent event) {
        listeners.tell(event);
    }
}
