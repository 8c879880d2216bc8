package io.tuli.pipe;

import io.tuli.Failure;
import io.tuli.Outcome;
import io.tuli.Payload;
import io.tuli.TuliException;
import io.tuli.protocol.TunnelFrame;
import java.util.ArrayList;
import java.util.List;

/** What has come of one message that is not whole yet. Under the lock of its tunnel. */
final class Begun {

    private final Gathered all;
    private final int messageBytes;
    private List<TunnelFrame.Piece> pieces = new ArrayList<>();
    private long bytes;

    Begun(Gathered all, int messageBytes) {
        this.all = all;
        this.messageBytes = messageBytes;
    }

    /**
     * One piece more.
     *
     * @throws TuliException TOO_LARGE, OVERLOADED: the tunnel cannot go on
     */
    void add(TunnelFrame.Piece piece) {
        int more = piece.content().sizeBytes();
        if (bytes + more > messageBytes) {
            throw new TuliException(
                    Outcome.UNKNOWN,
                    Failure.TOO_LARGE,
                    "receive() takes messages of so many bytes at most, receiveTo() of any:"
                            + " tunnel.message="
                            + messageBytes);
        }
        if (!all.take(more)) {
            throw new TuliException(
                    Outcome.UNKNOWN,
                    Failure.OVERLOADED,
                    "unfinished messages of all tunnels have so many bytes at most:"
                            + " tunnel.gathered="
                            + all.most());
        }
        bytes += more;
        pieces.add(piece);
    }

    /** All pieces there are, which are not held here any more. */
    List<TunnelFrame.Piece> take() {
        List<TunnelFrame.Piece> taken = pieces;
        forget();
        return taken;
    }

    boolean isEmpty() {
        return pieces.isEmpty();
    }

    void forget() {
        pieces = new ArrayList<>();
        all.giveBack(bytes);
        bytes = 0;
    }

    /** The message that these pieces are, all of it. */
    static Payload joined(List<TunnelFrame.Piece> whole) {
        Payload last = whole.getLast().content();
        if (whole.size() == 1) {
            return last;
        }
        int size = 0;
        for (TunnelFrame.Piece piece : whole) {
            size += piece.content().sizeBytes();
        }
        byte[] bytes = new byte[size];
        int at = 0;
        for (TunnelFrame.Piece piece : whole) {
            byte[] part = piece.content().bytes();
            System.arraycopy(part, 0, bytes, at, part.length);
            at += part.length;
        }
        return Payload.of(last.format(), bytes);
    }
}
