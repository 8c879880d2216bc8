package io.tuli.http;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.concurrent.EventExecutor;
import io.tuli.header.Cors;
import io.tuli.header.Proxies;
import io.tuli.header.TraceContext;
import io.tuli.invoke.AccessLog;
import io.tuli.invoke.Caller;
import io.tuli.invoke.Connection;
import io.tuli.wall.LogLimit;
import java.io.IOException;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What all connections of a server share. Thread-safe. */
final class HttpContext {

    private static final Logger LOG = LoggerFactory.getLogger(HttpContext.class);
    private static final int CLASSES = 6;

    private final List<Route> routes;
    private final Cors cors;
    private final HttpLimits limits;
    private final Proxies proxies;
    private final Map<Executor, LoopConnections> byLoop = new HashMap<>();
    private final AtomicLong waitingBytes = new AtomicLong();
    private final AtomicLongArray responses = new AtomicLongArray(CLASSES);
    private final LogLimit limit = new LogLimit();
    private volatile boolean isClosing;
    private volatile String date = "";
    private volatile long dateSecond = -1;

    HttpContext(
            List<Route> routes,
            Cors cors,
            HttpLimits limits,
            Proxies proxies,
            EventLoopGroup loops) {
        this.routes = List.copyOf(routes);
        this.cors = cors;
        this.limits = limits;
        this.proxies = proxies;
        for (EventExecutor each : loops) {
            byLoop.put(each, new LoopConnections((EventLoop) each));
        }
    }

    Proxies proxies() {
        return proxies;
    }

    HttpLimits limits() {
        return limits;
    }

    // ---- who is there --------------------------------------------------------------------------

    /** On that loop. */
    void opened(Watched connection, Executor loop) {
        at(loop).add(connection);
    }

    /** On that loop. */
    void closed(Watched connection, Executor loop) {
        at(loop).remove(connection);
    }

    private LoopConnections at(Executor loop) {
        LoopConnections all = byLoop.get(loop);
        if (all == null) {
            throw new IllegalStateException("a connection is on a loop of the member");
        }
        return all;
    }

    boolean isClosing() {
        return isClosing;
    }

    void closing() {
        isClosing = true;
    }

    /** To all connections, each on its loop. */
    void each(Consumer<Watched> task) {
        byLoop.forEach(
                (loop, all) -> {
                    try {
                        loop.execute(() -> all.each(task));
                    } catch (RejectedExecutionException ended) {
                        LOG.debug("a loop has ended, and its connections with it", ended);
                    }
                });
    }

    // ---- memory --------------------------------------------------------------------------------

    /** Bytes of bodies that are held; false where there is no room for them. */
    boolean take(int bytes) {
        if (waitingBytes.addAndGet(bytes) > limits.waitingBytes()) {
            waitingBytes.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    void giveBack(long bytes) {
        waitingBytes.addAndGet(-bytes);
    }

    /** Bytes of bodies that are held. */
    long waitingBytes() {
        return waitingBytes.get();
    }

    // ---- answering -----------------------------------------------------------------------------

    /** The first route that takes it; null where none does. */
    @Nullable Route route(HttpRequest head) {
        String target = head.uri();
        int mark = target.indexOf('?');
        String path = mark < 0 ? target : target.substring(0, mark);
        for (Route each : routes) {
            if (each.takes(head, path)) {
                return each;
            }
        }
        return null;
    }

    int bodyBytes(@Nullable Route route) {
        int own = route == null ? 0 : route.bodyBytes();
        return own == 0 ? limits.bodyBytes() : own;
    }

    void answer(Exchange exchange, @Nullable Route route) {
        if (exchange.request().head().method().equals(HttpMethod.OPTIONS)) {
            exchange.answer(Response.empty(204));
        } else if (route == null) {
            exchange.answer(Wire.error(404, "NotFound", "Page not found"));
        } else {
            try {
                route.answer(exchange);
            } catch (Throwable thrown) {
                caught(thrown);
                exchange.answer(Wire.error(500, "GeneralError", "The gateway could not answer"));
            }
        }
    }

    /** One more response of this status. */
    void counted(int status) {
        responses.incrementAndGet(Math.clamp(status / 100, 0, CLASSES - 1));
    }

    /** Who has sent what is no request is told so. */
    void refused(Connection from, int status) {
        counted(status);
        if (AccessLog.isOn()) {
            AccessLog.write(
                    new AccessLog.Line(from.address(), "-", "-", status, 0, Caller.ANONYMOUS, "-"));
        }
    }

    /** How many responses there were: at 2 those of 200 to 299. */
    long responses(int statusClass) {
        return responses.get(statusClass);
    }

    /** Puts on a response what is on every one. */
    void complete(HttpRequest request, HttpHeaders response) {
        if (!response.contains("Cross-Origin-Resource-Policy")) { // it is for its own origin
            cors.put(request.headers(), response);
        }
        if (request.method().equals(HttpMethod.OPTIONS)) {
            cors.putPreflight(request.headers(), response);
        }
        String trace = TraceContext.parent(request.headers());
        if (trace != null) {
            response.set(TraceContext.PARENT, trace);
        }
        response.set(HttpHeaderNames.DATE, date()).set("X-Content-Type-Options", "nosniff");
    }

    private String date() {
        long second = System.currentTimeMillis() / 1_000;
        if (second != dateSecond) {
            date = DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC));
            dateSecond = second;
        }
        return date;
    }

    /** What must not happen has happened; a connection that broke may. */
    void caught(Throwable thrown) {
        if (!(thrown instanceof IOException) && limit.mayLog()) {
            LOG.warn("A request failed: notLogged={}", limit.takeUnlogged(), thrown);
        }
    }
}
