package io.tuli.handshake;

/** What a connection is for, as who dials says. The ordinal is the number on the wire. */
public enum Purpose {
    /** Frames: a link. */
    DATA,
    /** What the membership says: who is there. */
    CONTROL
}
