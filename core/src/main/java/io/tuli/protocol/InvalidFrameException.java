package io.tuli.protocol;

import io.tuli.error.Excerpt;

/**
 * A frame that no honest member sends. Thrown before anything was changed because of it; whoever
 * delivered it is to be let go of.
 */
public final class InvalidFrameException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public InvalidFrameException(String rule) {
        super(Excerpt.detail(rule), null, false, false);
    }

    /** Throws unless the frame keeps a rule. */
    public static void require(boolean isKept, String rule, Object fact) {
        if (!isKept) {
            throw new InvalidFrameException(rule + ": " + Excerpt.of(fact));
        }
    }
}
