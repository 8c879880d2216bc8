package io.tuli.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.tuli.protocol.Frame;
import io.tuli.wire.FrameEncoder;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be written on one link. Frames are encoded one after another into an array; when it
 * is full it is written at once, the last one on {@link #flush}. Netty copies it for the kernel,
 * and holds what the socket did not take. Loop-confined, except {@link #waitingBytes}.
 *
 * <p>An array, because a frame is many small fields, and each costs several times as much in direct
 * memory; the copy costs little. The same one serves again and again.
 */
final class Outbox {

    /** Small enough for the processor's cache, large enough to make the system call cheap. */
    static final int PIECE_BYTES = 64 * 1024;

    private final Channel channel;
    private final FrameEncoder encoder;
    private @Nullable ByteBuf piece;
    private @Nullable ByteBuf kept;
    private final @Nullable Gate encrypted;
    private long frames;
    private long pieces;

    Outbox(Channel channel, FrameEncoder encoder) {
        this.channel = channel;
        this.encoder = encoder;
        this.encrypted = channel.pipeline().get(Gate.class);
    }

    /**
     * Encodes a frame.
     *
     * @throws io.tuli.TuliException TOO_LARGE or BAD_REQUEST; the outbox is as before
     */
    void add(Frame frame) {
        int room = encoder.roomFor(frame);
        encoder.encode(frame, room, pieceFor(room));
        frames++;
    }

    /** Bytes that a frame takes at most. */
    int sizeAtMost(Frame frame) {
        return encoder.sizeAtMost(frame);
    }

    void addKeepAlive() {
        FrameEncoder.encodeKeepAlive(pieceFor(FrameEncoder.KEEP_ALIVE_BYTES));
    }

    private ByteBuf pieceFor(int bytes) {
        ByteBuf current = piece;
        if (current != null && current.writableBytes() >= bytes) {
            return current;
        }
        flush();
        ByteBuf next = reusable(bytes);
        piece = next;
        return next;
    }

    private ByteBuf reusable(int bytes) {
        ByteBuf again = kept;
        if (again != null && bytes <= PIECE_BYTES && again.refCnt() == 1) {
            kept = null;
            return again.clear();
        }
        return channel.alloc().heapBuffer(Math.max(PIECE_BYTES, bytes));
    }

    /** Gives the last piece to the socket. */
    void flush() {
        ByteBuf full = piece;
        if (full == null || !full.isReadable()) {
            return;
        }
        piece = null;
        if (kept == null && full.capacity() == PIECE_BYTES) {
            kept = full.retain();
        }
        pieces++;
        channel.writeAndFlush(full, channel.voidPromise());
    }

    /** Bytes that neither the socket has taken nor {@link #flush} is to come for. Any thread. */
    long waitingBytes() {
        ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
        return waiting == null ? 0 : waiting.totalPendingWriteBytes();
    }

    /** Bytes not yet given to the socket. */
    int unflushedBytes() {
        return piece == null ? 0 : piece.readableBytes();
    }

    /** A number that changes whenever the socket takes something. */
    long progress() {
        ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
        if (waiting == null) {
            return 0;
        }
        long written = encrypted == null ? pieces : encrypted.written();
        return ((written - waiting.size()) << 32) + waiting.currentProgress();
    }

    long frames() {
        return frames;
    }

    /** How many pieces were given to the socket: one system call each, where it keeps up. */
    long pieces() {
        return pieces;
    }

    void release() {
        if (piece != null) {
            piece.release();
            piece = null;
        }
        if (kept != null) {
            kept.release();
            kept = null;
        }
    }
}
