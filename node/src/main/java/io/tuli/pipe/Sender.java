package io.tuli.pipe;

import io.tuli.Failure;
import io.tuli.Payload;
import io.tuli.TuliException;
import io.tuli.Tunnel;
import io.tuli.protocol.TunnelFrame;
import io.tuli.spin.LoopThread;
import io.tuli.tunnel.TunnelEnd;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Sends the messages of one side of a tunnel: one thread at a time, the others wait their turn. */
final class Sender {

    /** Who waits for room on a link looks again so soon, for not all of it is told. */
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final Standing standing;
    private final Shared shared;
    private final Semaphore turn = new Semaphore(1);

    Sender(Standing standing, Shared shared) {
        this.standing = standing;
        this.shared = shared;
    }

    void send(Object message, long deadline) {
        LoopThread.requireMayWait("send of a tunnel");
        Payload body = shared.codec().encode(message);
        if (body.isNone() || body.equals(Payload.NULL)) {
            throw new TuliException(
                    Failure.BAD_REQUEST,
                    "a message of a tunnel is something: null is what receive() says at the end");
        }
        standing.enter(turn, deadline, "send");
        boolean isSent = false;
        try {
            write(body.format(), body.bytes(), body.sizeBytes(), true, deadline);
            isSent = true;
        } finally {
            leave(isSent);
        }
    }

    <E extends Exception> void sendFrom(Tunnel.Source<E> content) throws E {
        LoopThread.requireMayWait("sendFrom of a tunnel");
        long deadline = System.nanoTime() + Standing.EVER_NANOS;
        standing.enter(turn, deadline, "sendFrom");
        boolean isSent = false;
        try {
            byte[] buffer = new byte[TunnelEnd.PIECE_BYTES];
            for (int count = content.read(buffer); count >= 0; count = content.read(buffer)) {
                if (count == 0 || count > buffer.length) {
                    throw new IllegalStateException(
                            "a source reads one byte at least, and no more than fit: " + count);
                }
                write(Payload.Format.OPAQUE, buffer, count, false, deadline);
            }
            write(Payload.Format.OPAQUE, buffer, 0, true, deadline);
            isSent = true;
        } finally {
            leave(isSent);
        }
    }

    /** Whatever has kept a message from being sent, the next one can be. */
    private void leave(boolean isSent) {
        if (!isSent) {
            standing.change(TunnelEnd::giveUp);
        }
        turn.release();
    }

    private void write(
            Payload.Format format, byte[] bytes, int count, boolean isAll, long deadline) {
        int at = 0;
        boolean isDone = false;
        while (!isDone) {
            TunnelFrame.Piece piece = awaitSent(format, bytes, at, count, isAll, deadline);
            at += piece.content().sizeBytes();
            isDone = at == count;
        }
    }

    private TunnelFrame.Piece awaitSent(
            Payload.Format format, byte[] bytes, int from, int to, boolean isAll, long deadline) {
        standing.lock.lock();
        try {
            while (true) {
                TunnelEnd end = sendable();
                if (!end.hasRoomFor(to - from)) {
                    standing.await(standing.maySend, deadline, Standing.EVER_NANOS, "send");
                    continue;
                }
                TunnelFrame.Piece piece = end.next(format, bytes, from, to, isAll);
                if (shared.ways().sendIfRoom(standing.peer(), piece)) {
                    end.sent(piece);
                    return piece;
                }
                standing.await(standing.maySend, deadline, LOOK_NANOS, "send");
            }
        } finally {
            standing.lock.unlock();
        }
    }

    private TunnelEnd sendable() {
        TunnelEnd end = standing.end();
        if (end != null && end.hasFinished()) {
            throw new IllegalStateException("a tunnel takes no messages after finish()");
        }
        if (end == null || standing.isOver()) {
            throw standing.ended();
        }
        return end;
    }
}
