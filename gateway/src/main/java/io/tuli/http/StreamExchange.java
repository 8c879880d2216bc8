package io.tuli.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.util.ReferenceCountUtil;
import io.tuli.invoke.Connection;
import org.jspecify.annotations.Nullable;

/** One stream of a connection of HTTP/2: a request and its answer. Confined to its loop. */
final class StreamExchange extends ChannelInboundHandlerAdapter implements Answering {

    private final HttpContext server;
    private final StreamsConnection streams;
    private final Connection connection;
    private final ConnectionClock clock;
    private @Nullable ChannelHandlerContext context;
    private @Nullable Incoming incoming;
    private @Nullable Request whole;
    private @Nullable Route route;
    private @Nullable Exchange current;
    private long held;
    private boolean isAnswered;

    StreamExchange(HttpContext server, StreamsConnection streams, Connection connection) {
        this.server = server;
        this.streams = streams;
        this.connection = connection;
        this.clock = new ConnectionClock(server.limits().within());
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
        clock.idle();
        streams.add(this);
    }

    // ---- reading -------------------------------------------------------------------------------

    @Override
    public void channelRead(ChannelHandlerContext from, Object message) {
        try {
            if (message instanceof HttpRequest head && !isAnswered) {
                begin(head);
            }
            if (message instanceof HttpContent content && !isAnswered) {
                add(content);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void begin(HttpRequest head) {
        Response wrong = HeadRules.refusal(head);
        if (wrong == null && head.headers().contains(HttpHeaderNames.UPGRADE)) {
            wrong = HeadRules.malformed(new IllegalArgumentException("upgrade"));
        }
        if (wrong != null) {
            refuse(wrong);
            return;
        }
        Route taking = server.route(head);
        int bytesMax = server.bodyBytes(taking);
        if (HttpUtil.getContentLength(head, 0L) > bytesMax) {
            refuse(HeadRules.tooLarge(bytesMax));
            return;
        }
        route = taking;
        incoming = new Incoming(head, taking, bytesMax);
        clock.body();
    }

    private void add(HttpContent content) {
        Incoming open = incoming;
        if (open == null) {
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
            whole = open.request();
            clock.answer();
            streams.ready(this);
        }
    }

    // ---- answering -----------------------------------------------------------------------------

    /** It is its turn. */
    void start() {
        Request request = whole;
        if (request == null || context == null) {
            return;
        }
        String client = server.proxies().clientOf(connection.address(), request.headers());
        Exchange exchange = new Exchange(this, connection.of(client), request, route);
        current = exchange;
        server.answer(exchange, route);
    }

    @Override
    public void answer(Request request, Response response) {
        ChannelHandlerContext open = context;
        if (open != null) {
            FullHttpResponse full = Wire.of(response, request.head().method(), true);
            server.complete(request.head(), full.headers());
            server.counted(response.status());
            ChannelFuture unused = write(open, full);
        }
    }

    private void refuse(Response response) {
        ChannelHandlerContext open = context;
        if (open != null && !isAnswered) {
            incoming = null;
            server.refused(connection, response.status());
            FullHttpResponse full = Wire.of(response, HttpMethod.GET, true);
            write(open, full)
                    .addListener(
                            written ->
                                    open.writeAndFlush(
                                            new DefaultHttp2ResetFrame(Http2Error.NO_ERROR)));
        }
    }

    private ChannelFuture write(ChannelHandlerContext open, FullHttpResponse full) {
        isAnswered = true;
        current = null;
        int bytes = full.content().readableBytes();
        streams.writing(bytes);
        clock.writing();
        giveBack();
        return open.writeAndFlush(full).addListener(written -> streams.written(bytes));
    }

    @Override
    public ChannelHandlerContext upgrade() {
        ChannelHandlerContext open = context;
        if (open == null) {
            throw new IllegalStateException("the client has gone");
        }
        leave();
        return open;
    }

    // ---- the end -------------------------------------------------------------------------------

    private void giveBack() {
        server.giveBack(held);
        held = 0;
    }

    private void leave() {
        context = null;
        incoming = null;
        whole = null;
        giveBack();
        streams.remove(this);
    }

    @Override
    public void channelInactive(ChannelHandlerContext gone) {
        Exchange open = current;
        current = null;
        leave();
        if (open != null) {
            open.gone();
        }
        gone.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext from, Throwable cause) {
        from.close();
    }

    /** Time has passed. */
    void look(long now) {
        ChannelHandlerContext open = context;
        if (open == null) {
            return;
        }
        Channel channel = open.channel();
        switch (clock.look(now, false, channel)) {
            case NOTHING -> {}
            case TELL -> refuse(HeadRules.slow());
            case CLOSE -> streams.stuck(now);
        }
    }
}
