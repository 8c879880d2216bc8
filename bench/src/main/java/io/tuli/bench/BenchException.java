package io.tuli.bench;

/** A benchmark that was asked for wrongly, or whose work was not done. */
final class BenchException extends RuntimeException {

    private static final long serialVersionUID = 1;

    BenchException(String message) {
        super(message);
    }
}
