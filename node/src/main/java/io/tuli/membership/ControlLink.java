package io.tuli.membership;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.tuli.Member;
import io.tuli.transport.ControlPort;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One connection of the control channel, whose other side has proven who it is. On the control
 * loop.
 *
 * <pre>
 * frame    = length:i32 bytes
 * farewell = 0:i32                 nothing follows: whoever closes without it has died
 * </pre>
 */
final class ControlLink extends ByteToMessageDecoder {

    /** Whoever sends a longer one is no member. */
    static final int FRAME_BYTES_MAX = 1024 * 1024;

    private static final long LAST_WORD_MILLIS = 500;

    /** Hears what comes on it. On the control loop. */
    @FunctionalInterface
    interface Ears {

        /** A frame; the array is the receiver's. */
        void heard(ControlLink link, byte[] frame);
    }

    private final Channel channel;
    private final Member peer;
    private final InetSocketAddress at;
    private final boolean isDialer;
    private final Ears ears;
    private long heardNanos = System.nanoTime();
    private long usedNanos = heardNanos;
    private boolean isFarewell;

    /**
     * @param peer who the other side is
     * @param at where its control channel is reached
     * @param isDialer whether this side has dialed
     */
    ControlLink(Channel channel, Member peer, InetSocketAddress at, boolean isDialer, Ears ears) {
        this.channel = channel;
        this.peer = peer;
        this.at = at;
        this.isDialer = isDialer;
        this.ears = ears;
    }

    Member peer() {
        return peer;
    }

    InetSocketAddress at() {
        return at;
    }

    boolean isOn(Channel other) {
        return channel.equals(other);
    }

    boolean isDialer() {
        return isDialer;
    }

    /** Whether it was closed with a word, by either side. */
    boolean isFarewell() {
        return isFarewell;
    }

    /** When something last came on it. */
    long heardNanos() {
        return heardNanos;
    }

    /** When something last came or went on it. */
    long usedNanos() {
        return usedNanos;
    }

    /** Answers whether there was room for it: what is not sent now is not sent. */
    boolean send(byte[] frame) {
        if (!channel.isActive() || !channel.isWritable()) {
            return false;
        }
        usedNanos = System.nanoTime();
        ByteBuf out = channel.alloc().buffer(Integer.BYTES + frame.length);
        out.writeInt(frame.length).writeBytes(frame);
        channel.writeAndFlush(out, channel.voidPromise());
        return true;
    }

    /** Closes it with a word. */
    void close() {
        if (!isFarewell) {
            isFarewell = true;
            channel.writeAndFlush(channel.alloc().buffer(Integer.BYTES).writeInt(0))
                    .addListener(said -> cut());
            channel.eventLoop().schedule(this::cut, LAST_WORD_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** Closes it at once, without one. */
    void cut() {
        ControlPort.cut(channel);
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (isFarewell || !channel.isOpen()) {
            in.skipBytes(in.readableBytes());
            return;
        }
        if (in.readableBytes() < Integer.BYTES) {
            return;
        }
        int length = in.getInt(in.readerIndex());
        if (length < 0 || length > FRAME_BYTES_MAX) {
            in.skipBytes(in.readableBytes());
            cut();
        } else if (length == 0) {
            isFarewell = true;
            cut();
        } else if (in.readableBytes() >= Integer.BYTES + length) {
            byte[] frame = new byte[length];
            in.skipBytes(Integer.BYTES).readBytes(frame);
            heardNanos = System.nanoTime();
            usedNanos = heardNanos;
            ears.heard(this, frame);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        cut();
    }

    @Override
    public String toString() {
        return peer + " at " + at;
    }
}
