package io.tuli.workload;

/** The run could not be made: nothing can be said about the product. */
public final class ChaosException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public ChaosException(String message) {
        super(message);
    }
}
