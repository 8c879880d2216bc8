package io.tuli.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.tuli.header.TraceContext;
import io.tuli.invoke.AccessLog;
import io.tuli.invoke.Caller;
import io.tuli.invoke.Connection;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer. Used on the connection's loop; the next request of the connection
 * waits until it is answered.
 */
public final class Exchange {

    private final Answering http;
    private final Connection connection;
    private final Request request;
    private final @Nullable Route route;
    private final long begunNanos = System.nanoTime();
    private Caller by = Caller.ANONYMOUS;
    private boolean isOver;
    private @Nullable Runnable onGone;

    Exchange(Answering http, Connection connection, Request request, @Nullable Route route) {
        this.http = http;
        this.connection = connection;
        this.request = request;
        this.route = route;
    }

    public Request request() {
        return request;
    }

    public Connection connection() {
        return connection;
    }

    /** Says as whom the client has logged in, for the access log. */
    public void by(Caller caller) {
        by = caller;
    }

    /** Writes to the access log, where that is on, how it has ended. */
    void log(int status) {
        if (AccessLog.isOn()) {
            AccessLog.write(
                    new AccessLog.Line(
                            connection().address(),
                            request.method(),
                            route == null ? "-" : route.shown(request),
                            status,
                            System.nanoTime() - begunNanos,
                            by,
                            TraceContext.id(request.headers())));
        }
    }

    /** Answers; a second answer is dropped, and one to a client that has gone. */
    public void answer(Response response) {
        if (!isOver) {
            isOver = true;
            onGone = null;
            log(response.status());
            http.answer(request, response);
        }
    }

    /** Says what is to happen if the client goes before it is answered. */
    public void onGone(Runnable task) {
        if (!isOver) {
            onGone = task;
        }
    }

    /**
     * Ends HTTP on this connection: this handler leaves the pipeline. What is left of ours is the
     * decoder and the encoder, which a WebSocket handshake takes out.
     *
     * @return the context of the decoder, to add handlers after it
     */
    public ChannelHandlerContext upgrade() {
        isOver = true;
        onGone = null;
        log(request.headers().contains(HttpHeaderNames.UPGRADE, "websocket", true) ? 101 : 200);
        return http.upgrade();
    }

    /** The client has gone. */
    void gone() {
        Runnable task = onGone;
        onGone = null;
        isOver = true;
        if (task != null) {
            task.run();
        }
    }
}
