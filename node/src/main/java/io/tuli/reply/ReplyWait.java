package io.tuli.reply;

import io.tuli.Call;
import io.tuli.Failure;
import io.tuli.Outcome;
import io.tuli.TuliException;
import io.tuli.protocol.Thrown;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One thread's wait for the reply of a call. What it throws has that thread's stack. */
final class ReplyWait<R> {

    /** A loop that is well tells the end of a call so soon after its deadline. */
    private static final long GRACE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /** So long the loop of a call that was given up may take to say how it ended. */
    private static final long CANCELLED_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Call<R> call;
    private final CompletableFuture<@Nullable R> reply;
    private final long deadlineNanos;

    ReplyWait(Call<R> call, long deadlineNanos) {
        this.call = call;
        this.reply = call.reply();
        this.deadlineNanos = deadlineNanos;
    }

    @Nullable R await() {
        try {
            long left = deadlineNanos + GRACE_NANOS - System.nanoTime();
            return reply.get(Math.max(0, left), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            return givenUp();
        } catch (TimeoutException late) {
            call.cancel();
            throw new TuliException(
                    Outcome.UNKNOWN,
                    Failure.TIMEOUT,
                    "there was no reply before the deadline: call=" + call.id());
        } catch (ExecutionException | CancellationException ended) {
            throw failed(ended);
        }
    }

    /** How the call ended that was given up, because its thread is wanted elsewhere. */
    private @Nullable R givenUp() {
        call.cancel();
        try {
            return reply.get(CANCELLED_NANOS, TimeUnit.NANOSECONDS);
        } catch (ExecutionException | CancellationException ended) {
            throw failed(ended);
        } catch (TimeoutException | InterruptedException unknown) {
            throw new TuliException(
                    Outcome.UNKNOWN,
                    Failure.CANCELLED,
                    "the thread was interrupted while it waited for a reply: call=" + call.id());
        } finally {
            Thread.currentThread().interrupt();
        }
    }

    private TuliException failed(Exception ended) {
        if (ended.getCause() instanceof TuliException told) {
            return told.here();
        }
        return new TuliException(
                Outcome.UNKNOWN,
                Failure.CANCELLED,
                "the future of the reply was completed by others than the mesh: call="
                        + call.id()
                        + " "
                        + Thrown.text(ended));
    }
}
