package io.tuli.pipe;

import io.tuli.Failure;
import io.tuli.Outcome;
import io.tuli.Payload;
import io.tuli.TuliException;
import io.tuli.Tunnel;
import io.tuli.protocol.TunnelFrame;
import io.tuli.spin.LoopThread;
import io.tuli.tunnel.TunnelEnd;
import io.tuli.type.TypeOf;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** Receives the messages of the other side: one thread at a time, the others wait their turn. */
final class Receiver {

    private final Standing standing;
    private final Shared shared;
    private final Semaphore turn = new Semaphore(1);

    // Under the lock.
    private final Begun begun;

    /** What is left of a message is not wanted. */
    private boolean isSkipping;

    Receiver(Standing standing, Shared shared) {
        this.standing = standing;
        this.shared = shared;
        this.begun = new Begun(shared.gathered(), shared.messageBytes());
    }

    /** Nobody receives any more. */
    void forget() {
        standing.locked(
                () -> {
                    begun.forget();
                    return true;
                });
        standing.change(TunnelEnd::forget);
    }

    // ---- whole messages ------------------------------------------------------------------------

    <T> @Nullable T receive(TypeOf<T> type, long deadline) {
        LoopThread.requireMayWait("receive of a tunnel");
        standing.enter(turn, deadline, "receive");
        List<TunnelFrame.Piece> whole;
        try {
            whole = gather(deadline);
        } finally {
            turn.release();
        }
        return whole.isEmpty() ? null : decoded(Begun.joined(whole), type);
    }

    private <T> T decoded(Payload body, TypeOf<T> type) {
        T value = shared.codec().decode(body, type);
        if (value == null) {
            throw new TuliException(
                    Outcome.UNKNOWN,
                    Failure.BAD_REQUEST,
                    "the other side has sent nothing, or null");
        }
        return value;
    }

    /** The pieces of the next message; none at the end. */
    private List<TunnelFrame.Piece> gather(long deadline) {
        standing.lock.lock();
        try {
            while (true) {
                TunnelFrame.Piece piece = awaitPiece(deadline);
                if (piece == null) {
                    begun.forget();
                    return List.of();
                }
                if (piece.part() == TunnelFrame.Part.GIVEN_UP || isSkipping) {
                    isSkipping &= piece.part() == TunnelFrame.Part.MORE;
                    begun.forget();
                } else {
                    add(piece);
                    if (piece.part() == TunnelFrame.Part.LAST) {
                        return begun.take();
                    }
                }
            }
        } finally {
            standing.lock.unlock();
        }
    }

    private void add(TunnelFrame.Piece piece) {
        try {
            begun.add(piece);
        } catch (TuliException tooMuch) {
            standing.giveUp(tooMuch.failure(), String.valueOf(tooMuch.getMessage()));
            begun.forget();
            throw tooMuch;
        }
    }

    /** The next piece; null at the end. Under the lock. */
    private TunnelFrame.@Nullable Piece awaitPiece(long deadline) {
        while (true) {
            TunnelEnd end = standing.end();
            if (end == null) {
                throw standing.ended();
            }
            TunnelFrame.Piece piece = end.take();
            if (piece != null || end.isAtEnd()) {
                return piece;
            }
            if (standing.isOver()) {
                throw standing.ended();
            }
            standing.await(standing.mayReceive, deadline, Standing.EVER_NANOS, "receive");
        }
    }

    // ---- as they come --------------------------------------------------------------------------

    <E extends Exception> boolean receiveTo(Tunnel.Sink<E> out) throws E {
        LoopThread.requireMayWait("receiveTo of a tunnel");
        standing.enter(turn, System.nanoTime() + Standing.EVER_NANOS, "receiveTo");
        boolean isWhole = false;
        try {
            List<TunnelFrame.Piece> pieces = nextPieces(false);
            while (!pieces.isEmpty() && !isWhole) {
                isWhole = pieces.getLast().part() == TunnelFrame.Part.LAST;
                write(pieces, out, isWhole);
                pieces = isWhole ? pieces : nextPieces(true);
            }
            return isWhole;
        } finally {
            turn.release();
        }
    }

    private <E extends Exception> void write(
            List<TunnelFrame.Piece> pieces, Tunnel.Sink<E> out, boolean isWhole) throws E {
        boolean isWritten = false;
        try {
            for (TunnelFrame.Piece piece : pieces) {
                out.write(piece.content().bytes());
            }
            isWritten = true;
        } finally {
            if (!isWritten && !isWhole) {
                standing.locked(() -> isSkipping = true);
            }
        }
    }

    /** What is there of the message, at least a piece; none at the end. */
    private List<TunnelFrame.Piece> nextPieces(boolean hasBegun) {
        standing.lock.lock();
        try {
            List<TunnelFrame.Piece> pieces = new ArrayList<>(begun.take());
            while (pieces.isEmpty()) {
                TunnelFrame.Piece piece = awaitPiece(System.nanoTime() + Standing.EVER_NANOS);
                boolean isGivenUp = piece == null || piece.part() == TunnelFrame.Part.GIVEN_UP;
                if (isGivenUp && hasBegun) {
                    throw new TuliException(
                            Outcome.UNKNOWN,
                            Failure.CANCELLED,
                            "the other side has given this message up half-way");
                }
                if (piece == null) {
                    return List.of();
                }
                if (isGivenUp || isSkipping) {
                    isSkipping &= piece.part() == TunnelFrame.Part.MORE;
                } else {
                    pieces.add(piece);
                }
            }
            return pieces;
        } finally {
            standing.lock.unlock();
        }
    }
}
