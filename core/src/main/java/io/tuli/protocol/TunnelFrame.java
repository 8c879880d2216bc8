package io.tuli.protocol;

import io.tuli.Payload;

/** A frame of a tunnel, which an Ask has opened: of who asked, or of whose handler has it. */
public sealed interface TunnelFrame extends Frame.OfTunnel {

    /** The number that its opener has given it. */
    long call();

    /** Whether it goes to its opener. */
    boolean toOpener();

    /** What a piece is of the message that it belongs to, or of all that is sent. */
    enum Part {
        MORE,
        LAST,
        /** What has come of the message is to be forgotten. */
        GIVEN_UP,
        /** Nothing more comes. */
        FINISH
    }

    /** Part of a message; {@code offset} is what all pieces before have cost. */
    record Piece(long call, boolean toOpener, long offset, Part part, Payload content)
            implements TunnelFrame {}

    /** The sender takes pieces up to that offset. */
    record Taken(long call, boolean toOpener, long allowed) implements TunnelFrame {}
}
