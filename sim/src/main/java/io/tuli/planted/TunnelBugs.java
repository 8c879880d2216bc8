package io.tuli.planted;

import io.tuli.MemberId;
import io.tuli.Payload;
import io.tuli.cluster.Peer;
import io.tuli.cluster.Tampering;
import io.tuli.protocol.Frame;
import io.tuli.protocol.TunnelFrame;
import org.jspecify.annotations.Nullable;

/** Planted faults in tunnels. */
final class TunnelBugs {

    /** One of so many pieces. */
    private static final int SOME = 5;

    private static final int TWICE_BYTES = 10_000;

    private TunnelBugs() {}

    /** What comes after it is counted as if it had been sent. */
    static Tampering losesAPiece() {
        return new Tampering() {
            private int pieces;

            @Override
            public @Nullable Frame sent(Peer from, MemberId to, Frame frame) {
                boolean isLost =
                        frame instanceof TunnelFrame.Piece piece
                                && piece.part() == TunnelFrame.Part.MORE
                                && ++pieces % SOME == 0;
                return isLost ? null : frame;
            }
        };
    }

    /** Whoever takes pieces allows more than it has room for. */
    static Tampering givesCreditTwice() {
        return new Tampering() {
            @Override
            public Frame sent(Peer from, MemberId to, Frame frame) {
                return frame instanceof TunnelFrame.Taken more
                        ? new TunnelFrame.Taken(
                                more.call(), more.toOpener(), more.allowed() + TWICE_BYTES)
                        : frame;
            }
        };
    }

    /** Who serves does not hear that a tunnel was closed. */
    static Tampering outliveTheirOpeners() {
        return new Tampering() {
            @Override
            public @Nullable Frame received(Peer by, MemberId from, Frame frame) {
                return frame instanceof Frame.Cancel ? null : frame;
            }
        };
    }

    /** What is given up half-way counts as a whole message. */
    static Tampering endsWhatIsGivenUp() {
        return new Tampering() {
            @Override
            public Frame sent(Peer from, MemberId to, Frame frame) {
                return frame instanceof TunnelFrame.Piece piece
                                && piece.part() == TunnelFrame.Part.GIVEN_UP
                        ? new TunnelFrame.Piece(
                                piece.call(),
                                piece.toOpener(),
                                piece.offset(),
                                TunnelFrame.Part.LAST,
                                Payload.opaque(new byte[0]))
                        : frame;
            }
        };
    }
}
