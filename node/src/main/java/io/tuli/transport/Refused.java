package io.tuli.transport;

/** Ends a handshake. Carries no stack trace: a stranger can cause it at will. */
final class Refused extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final Refusal refusal;

    Refused(Refusal refusal, String why) {
        super(why, null, false, false);
        this.refusal = refusal;
    }

    Refusal refusal() {
        return refusal;
    }

    /** The reason as text. */
    String why() {
        return String.valueOf(getMessage());
    }
}
