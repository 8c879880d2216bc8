package io.tuli.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;
import io.tuli.handshake.Greeting;

/**
 * Stands before the encryption and the handshake of a connection. By the first byte it tells
 * whether the other side encrypts: where only one does, both are told why there is no link, in
 * clear, and nothing else is ever taken in clear. Of who dials it counts what comes until the
 * handshake is done. On an encrypted link it stays, and counts what is written. Loop-confined.
 */
final class Gate extends ChannelDuplexHandler {

    /** Records of TLS begin with their kind (RFC 8446, 5.1). */
    private static final int TLS_FIRST = 20;

    private static final int TLS_LAST = 23;

    private final Handshake handshake;
    private final boolean isEncrypted;
    private final long bytesMax;
    private boolean hasBegun;
    private boolean isOpen;
    private long bytes;
    private long written;

    /** With a limit to what the other side may send before it is known. */
    Gate(Handshake handshake, boolean isEncrypted, long bytesMax) {
        this.handshake = handshake;
        this.isEncrypted = isEncrypted;
        this.bytesMax = bytesMax;
    }

    /**
     * Closes a connection at once, beneath its encryption: a farewell of TLS would wait for tasks
     * that are under way, and for a peer that takes nothing. Any thread.
     */
    static void close(Channel channel) {
        ChannelHandlerContext gate = channel.pipeline().context(Gate.class);
        if (gate == null) {
            channel.close();
        } else {
            gate.close();
        }
    }

    /** The handshake is done. */
    static void opened(ChannelPipeline pipeline) {
        Gate gate = pipeline.get(Gate.class);
        if (gate.isEncrypted) {
            gate.isOpen = true;
        } else {
            pipeline.remove(gate);
        }
    }

    /** How many pieces were given to the socket. */
    long written() {
        return written;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (isOpen) {
            ctx.fireChannelRead(message);
            return;
        }
        ByteBuf in = (ByteBuf) message;
        bytes += in.readableBytes();
        ChannelHandlerContext its = ctx.pipeline().context(handshake);
        boolean isMore = true;
        if (bytes > bytesMax) {
            handshake.isNone(its, "no handshake is so long: bytes=" + bytes);
            isMore = false;
        } else if (!hasBegun && in.isReadable()) {
            hasBegun = true;
            isMore = begin(its, in);
        }
        if (isMore && ctx.channel().isOpen()) {
            ctx.fireChannelRead(message);
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    /** Whether what comes concerns those behind. */
    private boolean begin(ChannelHandlerContext its, ByteBuf in) {
        int first = in.getUnsignedByte(in.readerIndex());
        boolean isTls = first >= TLS_FIRST && first <= TLS_LAST;
        if (isEncrypted && Greeting.isInClear(in)) {
            handshake.otherIsInClear(its);
        } else if (isEncrypted && !isTls) {
            handshake.isNone(its, "the first bytes are not those of a member");
            return false;
        } else if (!isEncrypted && isTls) {
            handshake.otherIsEncrypted(its);
        }
        return true;
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        written++;
        ctx.write(message, promise);
    }
}
