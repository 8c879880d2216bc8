package io.tuli.browser;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What comes over one WebSocket: texts, whole or in fragments, for its session. What is too long,
 * in too many fragments, binary, or no frame closes it and says why.
 */
final class WebSocketFrames extends SimpleChannelInboundHandler<WebSocketFrame> {

    private static final int FRAGMENTS_MAX = 256;

    private final Spoken session;
    private final WebSocketWire wire;
    private final int payloadMax;
    private @Nullable ByteArrayOutputStream begun;
    private int fragments;

    WebSocketFrames(Spoken session, WebSocketWire wire, int payloadMax) {
        this.session = session;
        this.wire = wire;
        this.payloadMax = payloadMax;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
        wire.reading();
        switch (frame) {
            case TextWebSocketFrame text -> text(text);
            case ContinuationWebSocketFrame more -> more(more);
            case PingWebSocketFrame ping -> {
                if (context.channel().isWritable()) { // who reads nothing is owed nothing
                    context.writeAndFlush(new PongWebSocketFrame(ping.content().retain()));
                }
            }
            case PongWebSocketFrame pong -> session.run(session::ponged);
            case CloseWebSocketFrame close ->
                    context.writeAndFlush(close.retain()).addListener(ChannelFutureListener.CLOSE);
            default -> wire.close(WebSocketCloseStatus.INVALID_MESSAGE_TYPE);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        wire.readComplete();
        context.fireChannelReadComplete();
    }

    private void text(TextWebSocketFrame frame) {
        if (begun != null) {
            wire.close(WebSocketCloseStatus.PROTOCOL_ERROR);
        } else if (frame.isFinalFragment()) {
            received(frame.text());
        } else {
            begun = new ByteArrayOutputStream();
            fragments = 0;
            append(frame.content());
        }
    }

    private void more(ContinuationWebSocketFrame frame) {
        ByteArrayOutputStream whole = begun;
        if (whole == null) {
            wire.close(WebSocketCloseStatus.PROTOCOL_ERROR);
        } else if (append(frame.content()) && frame.isFinalFragment()) {
            begun = null;
            received(whole.toString(StandardCharsets.UTF_8));
        }
    }

    private boolean append(ByteBuf content) {
        ByteArrayOutputStream whole = begun;
        fragments++;
        if (whole == null
                || whole.size() + content.readableBytes() > payloadMax
                || fragments > FRAGMENTS_MAX) {
            begun = null;
            wire.close(WebSocketCloseStatus.MESSAGE_TOO_BIG);
            return false;
        }
        byte[] bytes = new byte[content.readableBytes()];
        content.readBytes(bytes);
        whole.writeBytes(bytes);
        return true;
    }

    private void received(String text) {
        session.run(
                () -> {
                    session.received(wire, text);
                    if (!session.hasRoom()) {
                        wire.read(false);
                        session.whenRoom(() -> wire.read(true));
                    }
                });
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (context.channel().isWritable()) {
            session.run(session::flush);
        }
        context.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        begun = null;
        session.run(() -> session.lost(wire));
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof CorruptedWebSocketFrameException broken) {
            wire.close(broken.closeStatus());
        } else {
            context.close();
        }
    }
}
