package io.tuli.node;

import io.tuli.Failure;
import io.tuli.Outcome;
import io.tuli.TuliException;
import java.io.IOException;
import java.util.concurrent.CompletionException;

/** All that users' code may throw, by a name that can be sent. */
enum Planted {
    EXCEPTION(false),
    CHECKED(false),
    ASSERTION(false),
    LINKAGE(false),
    DEEP_RECURSION(false),
    OUT_OF_MEMORY(false),
    TOO_LARGE_AN_ARRAY(false),
    INTERNAL(false),
    WITHOUT_A_TEXT(false),
    CAUSED_BY_ITSELF(false),
    WITHOUT_END(false),
    INTERRUPTED(false),
    HALF_A_SURROGATE(true),
    LONG_TEXT(true),
    WITHOUT_A_FAILURE(false),
    SAID_TO_BE_OK(true),
    SAID_TO_PASS(true);

    private final boolean isTold;

    Planted(boolean isTold) {
        this.isTold = isTold;
    }

    /** Whether it is a {@link TuliException}, whose failure is the handler's word. */
    boolean isTold() {
        return isTold;
    }

    /** Throws it; answers so that it can stand anywhere. */
    @SuppressWarnings("TypeParameterUnusedInFormals") // it answers nothing
    <T> T raise() {
        switch (this) {
            case DEEP_RECURSION -> throw new IllegalStateException("depth " + deeper(0));
            case TOO_LARGE_AN_ARRAY ->
                    throw new IllegalStateException("made " + new long[Integer.MAX_VALUE].length);
            case INTERRUPTED -> Thread.currentThread().interrupt();
            default -> {}
        }
        throw Planted.<RuntimeException>unchecked(thrown());
    }

    private Throwable thrown() {
        return switch (this) {
            case EXCEPTION -> new IllegalStateException("planted");
            case CHECKED -> new IOException("planted");
            case ASSERTION -> new AssertionError("planted");
            case LINKAGE -> new NoClassDefFoundError("planted");
            case OUT_OF_MEMORY -> new OutOfMemoryError("planted");
            case INTERNAL -> new InternalError("planted");
            case WITHOUT_A_TEXT -> new Mute();
            case CAUSED_BY_ITSELF -> new Circle();
            case WITHOUT_END -> new Endless();
            case INTERRUPTED -> new InterruptedException("planted");
            case HALF_A_SURROGATE -> new TuliException(Failure.CONFLICT, "half \uD83E of a pair");
            case LONG_TEXT -> new TuliException(Failure.CONFLICT, "x".repeat(3_000_000));
            case WITHOUT_A_FAILURE -> new TuliException(noFailure(), "planted");
            case SAID_TO_BE_OK -> new TuliException(Outcome.OK, Failure.CONFLICT, "planted");
            case SAID_TO_PASS -> new TuliException(Failure.UNAVAILABLE, "planted");
            case DEEP_RECURSION, TOO_LARGE_AN_ARRAY -> new AssertionError(this);
        };
    }

    @SuppressWarnings("NullAway") // what users do all the same
    private static Failure noFailure() {
        return null;
    }

    private static int deeper(int depth) {
        return depth == Integer.MAX_VALUE ? 0 : 1 + deeper(depth + 1);
    }

    // The compiler does not look whether it is one.
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T extends Throwable> T unchecked(Throwable thrown) throws T {
        throw (T) thrown;
    }

    /** None of its methods can be called. */
    static final class Mute extends RuntimeException {
        private static final long serialVersionUID = 1;

        @Override
        public String getMessage() {
            throw new OutOfMemoryError("no message");
        }

        @Override
        public String getLocalizedMessage() {
            throw new AssertionError("no message");
        }

        @Override
        public String toString() {
            throw new AssertionError("no text");
        }

        @Override
        public synchronized Throwable getCause() {
            throw new AssertionError("no cause");
        }

        @Override
        public StackTraceElement[] getStackTrace() {
            throw new AssertionError("no stack");
        }
    }

    /** Its cause is itself. */
    private static final class Circle extends Error {
        private static final long serialVersionUID = 1;

        @Override
        public synchronized Throwable getCause() {
            return this;
        }
    }

    /** A wrapper of a wrapper of a wrapper. */
    static final class Endless extends CompletionException {
        private static final long serialVersionUID = 1;

        Endless() {
            super("endless");
        }

        @Override
        public synchronized Throwable getCause() {
            return new Endless();
        }
    }
}
