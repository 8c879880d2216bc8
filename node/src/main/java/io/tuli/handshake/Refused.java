package io.tuli.handshake;

/** Ends a handshake. Carries no stack trace: a stranger can cause it at will. */
public final class Refused extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final Refusal refusal;

    public Refused(Refusal refusal, String why) {
        super(why, null, false, false);
        this.refusal = refusal;
    }

    public Refusal refusal() {
        return refusal;
    }

    /** The reason as text. */
    public String why() {
        return String.valueOf(getMessage());
    }
}
