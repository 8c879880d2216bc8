package io.tuli.browser;

import io.netty.buffer.Unpooled;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
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
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket as a session speaks to it. Compression is not offered. Used by its session's loop,
 * which mostly is the channel's; Netty takes care of where it is not.
 */
final class WebSocketWire implements EngineSession.Socket {

    private static final WriteBufferWaterMark ROOM = new WriteBufferWaterMark(32 * 1024, 64 * 1024);

    /** So much is read in one turn, then it is others' turn: many small messages are much work. */
    private static final int READ_BYTES = 16 * 1024;

    private static final int READ_BYTES_MIN = 64;
    private static final long CLOSE_MILLIS = 2_000;
    private static final String VERSION = "13";

    private final Channel channel;
    private volatile boolean isClosing;
    private boolean isReading;
    private boolean isUnflushed;

    private WebSocketWire(Channel channel) {
        this.channel = channel;
    }

    /**
     * Makes a WebSocket of a request's connection. The session is told of it on this thread's turn,
     * before anything comes over it.
     *
     * @param protocol what is spoken over it; null for what needs no name
     * @return null where it asks for another version of WebSockets, and has been told so
     * @throws IllegalStateException where the client has gone
     */
    static @Nullable WebSocketWire upgrade(
            Exchange exchange, Spoken session, @Nullable String protocol, int payloadMax) {
        FullHttpRequest request = exchange.request().toFull();
        WebSocketServerHandshaker handshaker =
                new WebSocketServerHandshakerFactory(
                                "ws://" + exchange.request().header(HttpHeaderNames.HOST),
                                protocol,
                                WebSocketDecoderConfig.newBuilder()
                                        .maxFramePayloadLength(payloadMax)
                                        .closeOnProtocolViolation(false)
                                        .build())
                        .newHandshaker(request);
        if (handshaker == null) {
            exchange.answer(
                    Response.empty(426).with(HttpHeaderNames.SEC_WEBSOCKET_VERSION, VERSION));
            return null;
        }
        Channel channel = exchange.upgrade().channel();
        WebSocketWire wire = new WebSocketWire(channel);
        channel.config()
                .setWriteBufferWaterMark(ROOM)
                .setRecvByteBufAllocator(
                        new AdaptiveRecvByteBufAllocator(READ_BYTES_MIN, READ_BYTES, READ_BYTES)
                                .maxMessagesPerRead(1));
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
        return wire;
    }

    @Override
    public boolean hasRoom() {
        return channel.isWritable();
    }

    @Override
    public void send(Packet packet) {
        send(packet.bytes());
    }

    /** Sends a text when it is flushed. */
    void send(byte[] text) {
        channel.write(new TextWebSocketFrame(Unpooled.wrappedBuffer(text)));
    }

    /** Asks whether the other side is there. */
    void ping() {
        channel.writeAndFlush(new PingWebSocketFrame());
    }

    /**
     * While a read brings one message after the other, answers to them go out together, at its end
     * or when they are many.
     */
    @Override
    public void flush() {
        if (channel.eventLoop().inEventLoop() && isReading && channel.isWritable()) {
            isUnflushed = true;
        } else {
            channel.flush();
        }
    }

    /** A read brings messages; on the channel's loop. */
    void reading() {
        isReading = true;
    }

    /** It has brought all; on the channel's loop. */
    void readComplete() {
        isReading = false;
        if (isUnflushed) {
            isUnflushed = false;
            channel.flush();
        }
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
