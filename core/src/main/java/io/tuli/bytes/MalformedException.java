package io.tuli.bytes;

import io.tuli.error.Excerpt;

/**
 * Bytes that are not what they must be. Whoever reads them off a link closes it and changes nothing
 * else: what follows there cannot be trusted to begin where a frame begins.
 *
 * <p>Carries no stack trace: a stranger can cause it at will.
 */
public final class MalformedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public MalformedException(String message) {
        super(Excerpt.detail(message), null, false, false);
    }
}
