package io.tuli.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.tuli.invoke.Connection;
import java.util.ArrayDeque;
import java.util.Deque;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One connection: puts requests together and has them answered, one after the other. While one is
 * answered a few more are read, so that it shows when the client goes; then nothing is read until
 * there is room. Whatever breaks a rule is told once, after the answers that are due, and is the
 * end of the connection. Confined to its loop.
 */
final class HttpConnection extends ChannelInboundHandlerAdapter implements Answering, Watched {

    /** So many requests may be in one read of the socket: more are an attack. */
    private static final int WAITING_MAX = 1_000;

    /** So much is read after the last word, that the client comes to read it. */
    private static final long DRAINED_MAX = 16 << 20;

    private final HttpContext server;
    private final StrictDecoder decoder;
    private final Connection connection;
    private final ConnectionClock clock;
    private final Deque<Whole> waiting = new ArrayDeque<>();

    /** A request that has come, and who takes it. */
    private record Whole(Request request, @Nullable Route route) {}

    private @Nullable ChannelHandlerContext context;
    private @Nullable Incoming incoming;
    private @Nullable Exchange current;
    private @Nullable Response lastWord;
    private long held;
    private long drained;
    private boolean isStarting;
    private boolean isDeaf;

    HttpConnection(HttpContext server, StrictDecoder decoder, Connection connection) {
        this.server = server;
        this.decoder = decoder;
        this.connection = connection;
        this.clock = new ConnectionClock(server.limits().within());
    }

    // ---- reading -------------------------------------------------------------------------------

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        this.context = context;
        clock.idle();
        server.opened(this, connection.loop());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            if (isDeaf) {
                drain(context, message);
            } else if (message instanceof HttpRequest head) {
                begin(context, head);
            }
            if (!isDeaf && message instanceof HttpContent content) {
                add(content);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void drain(ChannelHandlerContext context, Object message) {
        drained += message instanceof ByteBuf bytes ? bytes.readableBytes() : 0;
        if (drained > DRAINED_MAX) {
            context.close();
        }
    }

    private void begin(ChannelHandlerContext context, HttpRequest head) {
        Response wrong = HeadRules.refusal(head);
        if (wrong != null) {
            refuse(wrong);
            return;
        }
        Route route = server.route(head);
        int bytesMax = server.bodyBytes(route);
        if (HttpUtil.getContentLength(head, 0L) > bytesMax) {
            refuse(HeadRules.tooLarge(bytesMax));
            return;
        }
        incoming = new Incoming(head, route, bytesMax);
        clock.body();
        if (HttpUtil.is100ContinueExpected(head) && current == null) {
            context.writeAndFlush(
                    new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
        }
    }

    private void add(HttpContent content) {
        Incoming open = incoming;
        if (open == null) {
            return;
        }
        if (content.decoderResult().isFailure()) {
            refuse(HeadRules.malformed(content.decoderResult().cause()));
            return;
        }
        int bytes = content.content().readableBytes();
        if (!open.hasRoom(bytes)) {
            refuse(HeadRules.tooLarge(open.bytesMax()));
            return;
        }
        if (!server.take(bytes)) {
            refuse(HeadRules.crowded());
            return;
        }
        held += bytes;
        open.add(content.content());
        if (content instanceof LastHttpContent) {
            incoming = null;
            waiting.add(new Whole(open.request(), open.route()));
            next();
        }
    }

    // ---- answering -----------------------------------------------------------------------------

    /** One after the other, and none inside of another's answer. */
    private void next() {
        if (isStarting) {
            return;
        }
        isStarting = true;
        while (current == null && !waiting.isEmpty()) {
            start(waiting.remove());
        }
        isStarting = false;
        ChannelHandlerContext open = open();
        if (current == null && open != null) {
            if (lastWord != null) {
                say(open, lastWord);
            } else if (incoming == null) {
                clock.idle();
            }
        }
        if (open != null) {
            boolean isFull = waiting.size() >= server.limits().pipelined();
            open.channel().config().setAutoRead(isDeaf || !isFull);
            if (waiting.size() > WAITING_MAX) {
                refuse(HeadRules.crowded());
            }
        }
    }

    private void start(Whole whole) {
        String client = server.proxies().clientOf(connection.address(), whole.request().headers());
        Exchange exchange =
                new Exchange(this, connection.of(client), whole.request(), whole.route());
        current = exchange;
        clock.answer();
        server.answer(exchange, whole.route());
    }

    @Override
    public void answer(Request request, Response response) {
        ChannelHandlerContext open = open();
        if (open == null) {
            return;
        }
        boolean isKept = HttpUtil.isKeepAlive(request.head()) && !server.isClosing();
        write(open, Wire.of(response, request.head().method(), isKept), request);
        clock.writing();
        open.flush();
        release(request.body().length);
    }

    private void write(ChannelHandlerContext open, FullHttpResponse full, Request request) {
        server.complete(request.head(), full.headers());
        server.counted(full.status().code());
        boolean isKept = !full.headers().contains(HttpHeaderNames.CONNECTION, "close", true);
        open.write(full)
                .addListener(
                        written -> {
                            if (!written.isSuccess()) {
                                open.close();
                            } else if (isKept) {
                                current = null;
                                next();
                            } else {
                                isDeaf = true;
                                end(open);
                            }
                        });
    }

    // ---- the end -------------------------------------------------------------------------------

    /** What has come breaks a rule: what was asked before is answered, then this is said. */
    private void refuse(Response response) {
        if (isDeaf) {
            return;
        }
        isDeaf = true;
        incoming = null;
        lastWord = response;
        ChannelHandlerContext open = open();
        if (open == null) {
            return;
        }
        if (open.pipeline().context(decoder) != null) {
            open.pipeline().remove(decoder);
        }
        next();
    }

    private void say(ChannelHandlerContext open, Response response) {
        lastWord = null;
        FullHttpResponse full = Wire.of(response, HttpMethod.GET, false);
        server.refused(connection, response.status());
        full.headers().set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, "*");
        clock.writing();
        open.writeAndFlush(full).addListener(written -> end(open));
    }

    /** Says that nothing more comes, and reads on for a while: else what was said may be lost. */
    private void end(ChannelHandlerContext open) {
        clock.draining();
        waiting.clear();
        if (!open.channel().isActive()) {
            return;
        }
        open.channel().config().setAutoRead(true);
        HalfClose.of(open.channel());
    }

    @Override
    public ChannelHandlerContext upgrade() {
        ChannelHandlerContext open = open();
        if (open == null) {
            throw new IllegalStateException("the client has gone");
        }
        leave();
        ChannelHandlerContext before = open.pipeline().context(decoder);
        open.pipeline().remove(this);
        return before;
    }

    private void leave() {
        current = null;
        waiting.clear();
        incoming = null;
        isDeaf = true;
        context = null;
        release(held);
        server.closed(this, connection.loop());
    }

    private void release(long bytes) {
        held -= bytes;
        server.giveBack(bytes);
    }

    private @Nullable ChannelHandlerContext open() {
        return context;
    }

    @Override
    public void channelInactive(ChannelHandlerContext gone) {
        Exchange open = current;
        leave();
        if (open != null) {
            open.gone();
        }
        gone.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof SSLException || cause.getCause() instanceof SSLException) {
            context.close(); // it speaks another language, or breaks this one
        } else if (cause instanceof DecoderException) {
            refuse(HeadRules.malformed(cause.getCause() == null ? cause : cause.getCause()));
        } else {
            server.caught(cause);
            context.close();
        }
    }

    @Override
    public void look(long now) {
        ChannelHandlerContext open = open();
        if (open == null) {
            return;
        }
        switch (clock.look(now, decoder.hasBegun(), open.channel())) {
            case NOTHING -> {}
            case TELL -> refuse(HeadRules.slow());
            case CLOSE -> open.close();
        }
    }

    @Override
    public void retire() {
        ChannelHandlerContext open = open();
        if (open != null && current == null && waiting.isEmpty() && incoming == null) {
            open.close();
        }
    }

    @Override
    public void abort() {
        ChannelHandlerContext open = open();
        if (open != null) {
            open.close();
        }
    }
}
