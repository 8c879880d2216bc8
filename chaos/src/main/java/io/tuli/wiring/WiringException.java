package io.tuli.wiring;

/** The network of a run could not be made, changed or removed. */
public final class WiringException extends RuntimeException {

    private static final long serialVersionUID = 1;

    WiringException(String message) {
        super(message);
    }
}
