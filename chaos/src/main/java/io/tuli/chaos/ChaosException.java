package io.tuli.chaos;

/** The run could not be made: nothing can be said about the product. */
final class ChaosException extends RuntimeException {

    private static final long serialVersionUID = 1;

    ChaosException(String message) {
        super(message);
    }
}
