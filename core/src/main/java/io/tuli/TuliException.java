package io.tuli;

import io.tuli.error.Printable;
import java.util.Objects;

/**
 * A call or an operation that did not end OK; {@link #failure()} tells what to do next. Its message
 * gives no orders to a terminal, whatever keys and values are told of in it. What a handler refuses
 * with a code, a name and data is a {@link Refusal}.
 */
public sealed class TuliException extends RuntimeException permits Refusal {

    private static final long serialVersionUID = 1;

    private final Outcome outcome;
    private final Failure failure;

    public TuliException(Outcome outcome, Failure failure, String message) {
        super(Printable.of(message), null, false, true);
        this.outcome = Objects.requireNonNull(outcome, "outcome");
        this.failure = Objects.requireNonNull(failure, "failure");
    }

    /** A failure before anything could have an effect. */
    public TuliException(Failure failure, String message) {
        this(Outcome.FAILED, failure, message);
    }

    /**
     * Whether the request may have had an effect: FAILED never, UNKNOWN perhaps. OK means that it
     * had, and that only its reply cannot be read as the type that was asked for.
     */
    public Outcome outcome() {
        return outcome;
    }

    public Failure failure() {
        return failure;
    }

    public Failure.Category category() {
        return failure.category();
    }

    /** The same with the stack of the thread that calls this. */
    public TuliException here() {
        return new TuliException(outcome, failure, String.valueOf(getMessage()));
    }
}
