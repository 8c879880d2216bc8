package io.tuli.write;

import io.tuli.Call;
import io.tuli.Failure;
import io.tuli.Payload;
import io.tuli.TuliException;
import io.tuli.command.Complaints;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The replies of a call, one after another, for the one thread that waits for them. No more are
 * asked for than fit into the queue.
 */
final class Replies implements Flow.Subscriber<Payload> {

    private static final int FETCHED_MAX = 64;

    /** Room for the items asked for, and for the end. */
    private final BlockingQueue<Object> queue = new ArrayBlockingQueue<>(FETCHED_MAX + 2);

    private final Duration timeout;
    private volatile Flow.@Nullable Subscription subscription;

    Replies(Call<Payload> call, Duration timeout) {
        this.timeout = timeout;
        call.replies().subscribe(this);
    }

    /** The next reply; null at the end. */
    @Nullable Payload next() {
        Object next = take();
        if (next instanceof Payload reply) {
            Flow.Subscription known = subscription;
            if (known != null) {
                known.request(1);
            }
            return reply;
        }
        if (next instanceof RuntimeException failed) {
            throw failed;
        }
        return null;
    }

    private Object take() {
        try {
            Object next = queue.poll(timeout.toMillis() + 500, TimeUnit.MILLISECONDS);
            if (next == null) {
                throw new TuliException(Failure.TIMEOUT, "no reply in time: timeout=" + timeout);
            }
            return next;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new TuliException(Failure.CANCELLED, "interrupted while waiting for a reply");
        }
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
        given.request(FETCHED_MAX);
    }

    @Override
    public void onNext(Payload reply) {
        queue.add(reply);
    }

    @Override
    public void onError(Throwable failed) {
        Throwable cause = Complaints.causeOf(failed);
        queue.add(
                cause instanceof RuntimeException known ? known : new IllegalStateException(cause));
    }

    @Override
    public void onComplete() {
        queue.add(End.END);
    }

    private enum End {
        END
    }
}
