package io.tuli.wire;

/**
 * Bytes that are no frame. Whoever meets it closes the link they came from and changes nothing
 * else: what follows on that link cannot be trusted to begin where a frame begins.
 *
 * <p>Carries no stack trace: a stranger can cause it at will.
 */
public final class WireException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public WireException(String message) {
        super(message, null, false, false);
    }
}
