package io.tuli.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.tuli.protocol.Frame;
import io.tuli.wire.FrameDecoder;
import io.tuli.wire.WireException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Cuts what a link receives into frames and hands them over. Loop-confined.
 *
 * <p>Frames that lie in one buffer as a whole are read where they are. Only one that crosses two
 * buffers is put together, in memory that grows as its bytes arrive: a length alone costs nothing.
 */
final class LinkReader extends ChannelInboundHandlerAdapter {

    private static final int KEPT_BYTES_MAX = 64 * 1024;

    private final Link link;
    private final LinkListener listener;
    private final FrameDecoder decoder;
    private final Refusals refusals;
    private @Nullable ByteBuf partial;
    private boolean hasRead;

    LinkReader(Link link, LinkListener listener, FrameDecoder decoder, Refusals refusals) {
        this.link = link;
        this.listener = listener;
        this.decoder = decoder;
        this.refusals = refusals;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        link.heard();
        link.home().beginBatch();
        try {
            if (!link.isClosed()) {
                read(ctx, (ByteBuf) message);
            }
        } catch (WireException e) {
            refuse(ctx, Refusal.BAD_FRAME, String.valueOf(e.getMessage()));
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void read(ChannelHandlerContext ctx, ByteBuf in) {
        Refused last = hasRead ? null : Greeting.lateRefusal(in);
        hasRead = true;
        if (last != null) {
            refuse(ctx, last.refusal(), last.why());
            return;
        }
        if (partial != null && partial.isReadable()) {
            complete(ctx, partial, in);
        }
        Frame frame = decoder.next(in);
        while (frame != null && !link.isClosed()) {
            handOver(ctx, frame);
            frame = decoder.next(in);
        }
        if (in.isReadable() && !link.isClosed()) {
            if (partial == null) {
                partial = ctx.alloc().buffer(in.readableBytes());
            }
            partial.writeBytes(in);
        }
    }

    /** Takes from {@code in} what the frame begun in {@code begun} lacks, and no more. */
    private void complete(ChannelHandlerContext ctx, ByteBuf begun, ByteBuf in) {
        while (begun.isReadable()) {
            int missing = decoder.missing(begun);
            int there = Math.min(missing, in.readableBytes());
            begun.writeBytes(in, there);
            if (there < missing) {
                return;
            }
            Frame frame = decoder.next(begun);
            if (frame != null) {
                handOver(ctx, frame);
            }
        }
        begun.clear();
        if (begun.capacity() > KEPT_BYTES_MAX) {
            begun.release();
            partial = null;
        }
    }

    private void handOver(ChannelHandlerContext ctx, Frame frame) {
        switch (Permission.of(link.peer().role(), frame)) {
            case ALLOWED -> listener.received(link, frame);
            case IGNORED -> {}
            case FORBIDDEN ->
                    refuse(
                            ctx,
                            Refusal.FORBIDDEN_FRAME,
                            "a "
                                    + link.peer().role()
                                    + " must not send "
                                    + frame.getClass().getSimpleName());
        }
    }

    private void refuse(ChannelHandlerContext ctx, Refusal refusal, String why) {
        refusals.count(ctx.channel().remoteAddress(), refusal, why);
        link.close(why);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        try {
            listener.batchEnd(link);
        } finally {
            link.home().endBatch();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        link.writabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        release();
        link.ended();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        release();
    }

    private void release() {
        if (partial != null) {
            partial.release();
            partial = null;
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException) {
            link.close("the connection broke: " + cause.getMessage());
        } else {
            link.failed(cause);
        }
    }
}
