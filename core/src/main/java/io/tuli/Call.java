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
