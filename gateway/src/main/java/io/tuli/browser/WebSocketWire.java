package io.tuli.browser;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshakerFactory;
import io.netty.util.ReferenceCountUtil;
import io.tuli.engine.EngineSession;
import io.tuli.engine.Packet;
import io.tuli.http.Exchange;
import io.tuli.http.HalfClose;
import io.tuli.http.Response;
import java.util.concurrent.TimeUnit;

/**
 * A WebSocket as a session speaks to it. Compression is not offered. Used by its session's loop,
 * which mostly is the channel's; Netty takes care of where it is not.
 */
final class WebSocketWire implements EngineSession.Socket {

    private static final WriteBufferWaterMark ROOM = new WriteBufferWaterMark(32 * 1024, 64 * 1024);
    private static final long CLOSE_MILLIS = 2_000;
    private static final String VERSION = "13";

    private final Channel channel;
    private volatile boolean isClosing;

    private WebSocketWire(Channel channel) {
        this.channel = channel;
    }

    /**
     * Makes a WebSocket of a request's connection, on which the session begins or goes on.
     *
     * @param isNew whether it begins
     */
    static void upgrade(
            Exchange exchange, BrowserSession session, boolean isNew, SocketLimits limits) {
        FullHttpRequest request = exchange.request().toFull();
        int payloadMax = limits.engine().payloadMax();
        WebSocketServerHandshaker handshaker =
                new WebSocketServerHandshakerFactory(
                                "ws://" + exchange.request().header(HttpHeaderNames.HOST),
                                null,
                                WebSocketDecoderConfig.newBuilder()
                                        .maxFramePayloadLength(payloadMax)
                                        .closeOnProtocolViolation(false)
                                        .build())
                        .newHandshaker(request);
        if (handshaker == null) {
            exchange.answer(
                    Response.empty(426).with(HttpHeaderNames.SEC_WEBSOCKET_VERSION, VERSION));
            if (isNew) {
                session.engine().close();
            }
            return;
        }
        Channel channel = exchange.upgrade().channel();
        WebSocketWire wire = new WebSocketWire(channel);
        channel.config().setWriteBufferWaterMark(ROOM);
        WebSocketFrames frames = new WebSocketFrames(session, wire, payloadMax);
        channel.pipeline().addLast(new Utf8FrameValidator(false), frames);
        handshaker
                .handshake(channel, request)
                .addListener(
                        done -> {
                            if (!done.isSuccess()) {
                                channel.close();
                            }
                        });
        session.run(
                () -> {
                    if (isNew) {
                        session.engine().open(wire);
                    } else if (!session.engine().probe(wire)) {
                        wire.close();
                    }
                });
    }

    @Override
    public boolean hasRoom() {
        return channel.isWritable();
    }

    @Override
    public void send(Packet packet) {
        channel.write(new TextWebSocketFrame(Unpooled.wrappedBuffer(packet.bytes())));
    }

    @Override
    public void flush() {
        channel.flush();
    }

    @Override
    public void close() {
        close(WebSocketCloseStatus.NORMAL_CLOSURE);
    }

    /**
     * Says why, if it can, and closes it in any case: when the other side has closed it, or has had
     * time to. To close it while something is unread would take back what was said; so what comes
     * is read, and not looked at.
     */
    void close(WebSocketCloseStatus status) {
        if (isClosing) {
            return;
        }
        isClosing = true;
        if (!channel.isWritable()) {
            channel.close();
            return;
        }
        channel.pipeline().addFirst(new Unread());
        channel.config().setAutoRead(true);
        channel.writeAndFlush(new CloseWebSocketFrame(status))
                .addListener(said -> HalfClose.of(channel));
        channel.eventLoop().schedule(() -> channel.close(), CLOSE_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** More is read, or nothing for now. */
    void read(boolean isWanted) {
        channel.config().setAutoRead(isWanted || isClosing);
    }

    /** Takes bytes and does nothing with them. */
    private static final class Unread extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext context, Object bytes) {
            ReferenceCountUtil.release(bytes);
        }
    }
}
