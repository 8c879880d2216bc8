package io.tuli.run;

/** A benchmark that was asked for wrongly, or whose work was not done. */
public final class BenchException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** Exit code: the work was not done. */
    public static final int FAILED = 1;

    /** Exit code: it was asked for wrongly. */
    public static final int USAGE = 2;

    private final int exitCode;

    private BenchException(String message, int exitCode) {
        super(message);
        this.exitCode = exitCode;
    }

    /** The work was not done. */
    public BenchException(String message) {
        this(message, FAILED);
    }

    /** It was asked for wrongly: another command line would do. */
    public static BenchException usage(String message) {
        return new BenchException(message, USAGE);
    }

    public int exitCode() {
        return exitCode;
    }
}
