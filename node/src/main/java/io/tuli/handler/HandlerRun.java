package io.tuli.handler;

import io.tuli.Codec;
import io.tuli.Failure;
import io.tuli.Handler;
import io.tuli.Message;
import io.tuli.Outcome;
import io.tuli.Refusal;
import io.tuli.TuliException;
import io.tuli.codec.Refusals;
import io.tuli.error.Excerpt;
import io.tuli.protocol.Decision;
import io.tuli.protocol.Thrown;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One run of a handler, from its message to its decision, which is given exactly once: returned to
 * the loop where it is there when the loop looks, else handed over. Thread-safe.
 */
final class HandlerRun<T> {
    static final int NO_PARTITION = -1;

    /** Wrappers around what a stage failed with. */
    private static final int WRAPPERS_MAX = 50;

    /** Stands for: the loop has looked, hand the decision over. */
    private static final Decision LOOKED = Decision.Pass.PASS;

    private final Message message;
    private final RunningTurn<T> turn;
    private final int partition;
    private final Consumer<Decision> handOver;
    private final long begunNanos = System.nanoTime();
    private final AtomicReference<@Nullable Decision> decision = new AtomicReference<>();
    private final AtomicBoolean isGiven = new AtomicBoolean();
    private final AtomicBoolean isReported = new AtomicBoolean();

    HandlerRun(Message message, RunningTurn<T> turn, int partition, Consumer<Decision> handOver) {
        this.message = message;
        this.turn = turn;
        this.partition = partition;
        this.handOver = handOver;
    }

    Message message() {
        return message;
    }

    int partition() {
        return partition;
    }

    long begunNanos() {
        return begunNanos;
    }

    /** True for the first who asks: a run is reported slow once. */
    boolean report() {
        return isReported.compareAndSet(false, true);
    }

    /** Whether it has ended. */
    boolean isGiven() {
        return isGiven.get();
    }

    /** The decision if there is one; if not, null, and it will be handed over. */
    @Nullable Decision await() {
        return decision.compareAndExchange(null, LOOKED);
    }

    /** Runs the handler and gives its decision now, or when the stage it answers with completes. */
    void perform(Handler<T> handler, HandlerReports reports, Runnable onEnd) {
        Object answer;
        try {
            answer = handler.handle(message, turn);
        } catch (Throwable thrown) {
            // Whatever a handler throws, an Error included, is its own call's failure (B11).
            end(null, thrown, reports, onEnd);
            return;
        }
        if (answer instanceof CompletionStage<?> stage) {
            follow(stage, reports, onEnd);
        } else {
            end(answer, null, reports, onEnd);
        }
    }

    /** Gives the decision when the stage completes. */
    void follow(CompletionStage<?> stage, HandlerReports reports, Runnable onEnd) {
        try {
            stage.whenComplete((value, thrown) -> end(value, thrown, reports, onEnd));
        } catch (Throwable thrown) {
            // The stage is the handler's: what it throws is the handler's failure.
            end(null, thrown, reports, onEnd);
        }
    }

    /**
     * Gives a decision from elsewhere; the handler's own, if it still comes, counts for nothing.
     */
    void give(Decision decided) {
        turn.abandon();
        if (!isGiven.compareAndSet(false, true)) {
            closeUnread(decided);
        } else if (decision.compareAndExchange(null, decided) != null) {
            handOver.accept(decided);
        }
    }

    static Decision.Fail failed(TuliException thrown, Codec codec) {
        Decision.Fail fail =
                thrown instanceof Refusal refusal
                        ? Refusals.fail(refusal, codec)
                        : new Decision.Fail(
                                thrown.failure(),
                                Excerpt.detail(String.valueOf(thrown.getMessage())));
        return thrown.outcome() == Outcome.UNKNOWN ? fail.unknown() : fail;
    }

    private void end(
            @Nullable Object answer,
            @Nullable Throwable thrown,
            HandlerReports reports,
            Runnable onEnd) {
        try {
            give(thrown == null ? decided(answer, reports) : failed(thrown, reports));
        } finally {
            onEnd.run();
        }
    }

    private static void closeUnread(Decision decided) {
        if (decided instanceof Decision.Done done && done.stream() instanceof ReplySource source) {
            source.closeUnread();
        }
    }

    private Decision decided(@Nullable Object answer, HandlerReports reports) {
        try {
            return turn.end(answer);
        } catch (Throwable thrown) {
            return refused(thrown, reports);
        }
    }

    /** What becomes of a turn whose end threw that. */
    Decision refused(Throwable thrown, HandlerReports reports) {
        if (!(thrown instanceof TuliException refused)) {
            return failed(thrown, reports);
        }
        return refused.failure() == Failure.TOO_LARGE
                ? failed(refused, turn.codec())
                : new Decision.Fail(
                        Failure.HANDLER_FAILED,
                        Excerpt.detail(
                                "the handler's answer cannot be sent: " + refused.getMessage()));
    }

    /** What becomes of a turn whose handler threw that. */
    Decision failed(Throwable wrapped, HandlerReports reports) {
        Throwable thrown = unwrapped(wrapped);
        if (thrown instanceof TuliException refusal) {
            return failed(refusal, turn.codec());
        }
        if (!isGiven.get()) {
            reports.failed(this, thrown);
        }
        return new Decision.Fail(Failure.HANDLER_FAILED, Thrown.text(thrown));
    }

    /** What really happened, without the wrappers of futures. */
    private static Throwable unwrapped(Throwable wrapped) {
        Throwable thrown = wrapped;
        for (int i = 0; i < WRAPPERS_MAX; i++) {
            boolean isWrapper =
                    thrown instanceof CompletionException || thrown instanceof ExecutionException;
            Throwable cause = isWrapper ? Thrown.causeOf(thrown) : null;
            if (cause == null) {
                return thrown;
            }
            thrown = cause;
        }
        return thrown;
    }
}
