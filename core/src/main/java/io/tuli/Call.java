package io.tuli;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * What was sent, and its milestones: accepted, committed, reply, replies. Thread-safe.
 *
 * <p>Every milestone completes by the deadline, with a value or with a {@link TuliException} that
 * says FAILED or UNKNOWN. Futures are made when first asked for. They are completed on a mesh
 * thread: hand longer work to an executor of yours.
 */
public interface Call<R> {

    /** The identity under which a repeat is recognised. */
    RequestId id();

    /** The owner has taken the request into its queue. Survives nothing. */
    CompletableFuture<Void> accepted();

    /** The request's entry has the copies its {@link Commit} names. */
    CompletableFuture<Receipt> committed();

    /**
     * The handler's answer; for a stream, its first item. The local replica, if there is one, shows
     * the change. An answer that cannot be read as an {@code R} is told as a {@link TuliException}
     * of outcome OK, because the request was executed.
     */
    CompletableFuture<@Nullable R> reply();

    /**
     * Waits for {@link #reply()}, not longer than the call's deadline, and answers it. For threads
     * that may wait: handlers that are not inline, consumers of feeds, threads of yours.
     *
     * <p>A thread that is interrupted while it waits gives the call up; it stays interrupted.
     *
     * @return null where the reply is nothing, or JSON null
     * @throws TuliException as the call ended, with the stack of this thread; CANCELLED when the
     *     thread is interrupted
     * @throws IllegalStateException at once on an event loop, which nobody may hold up: in inline
     *     handlers, merge functions and callbacks of a call's futures
     */
    @Nullable R await();

    /**
     * All answers, in order, with back-pressure; cancelling the subscription stops the stream at
     * its source. One subscriber, and only the first of {@link #reply()} and this to be asked for
     * may be used.
     */
    Flow.Publisher<R> replies();

    /**
     * Gives the call up. What has been sent may still be executed; a running stream is stopped at
     * the owner.
     */
    void cancel();
}
