package io.tuli.bench;

/** A benchmark that was asked for wrongly, or whose work was not done. */
final class BenchException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** The exit code that says so. */
    private final int exitCode;

    private BenchException(String message, int exitCode) {
        super(message);
        this.exitCode = exitCode;
    }

    /** The work was not done. */
    BenchException(String message) {
        this(message, Bench.FAILED);
    }

    /** It was asked for wrongly: another command line would do. */
    static BenchException usage(String message) {
        return new BenchException(message, Bench.USAGE);
    }

    int exitCode() {
        return exitCode;
    }
}
