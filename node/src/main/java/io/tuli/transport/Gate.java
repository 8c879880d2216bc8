package io.tuli.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.ssl.SslHandler;
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
        if (bytes > bytesMax) {
            handshake.isNone(its, "no handshake is so long: bytes=" + bytes);
        } else if (!hasBegun && in.isReadable()) {
            hasBegun = true;
            begin(its, in);
        }
        if (its.channel().isOpen()) {
            ctx.fireChannelRead(message);
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    private void begin(ChannelHandlerContext its, ByteBuf in) {
        int first = in.getUnsignedByte(in.readerIndex());
        boolean isTls = first >= TLS_FIRST && first <= TLS_LAST;
        if (isEncrypted && Greeting.isInClear(in)) {
            handshake.otherIsInClear(its);
        } else if (isEncrypted && !isTls) {
            its.pipeline().remove(SslHandler.class); // it would answer
            handshake.isNone(its, "the first bytes are not those of a member");
        } else if (!isEncrypted && isTls) {
            handshake.otherIsEncrypted(its);
        }
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        written++;
        ctx.write(message, promise);
    }
}
