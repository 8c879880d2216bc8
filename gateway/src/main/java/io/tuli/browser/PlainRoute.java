package io.tuli.browser;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.tuli.Refusal;
import io.tuli.engine.EngineRefusal;
import io.tuli.http.Exchange;
import io.tuli.http.Response;
import io.tuli.http.Route;
import io.tuli.invoke.Connection;
import io.tuli.invoke.ErrorJson;
import io.tuli.invoke.Login;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * WebSockets that speak {@code tuli.v1}, at {@code /}: frames of JSON, for clients that have
 * nothing but a WebSocket. Thread-safe.
 */
final class PlainRoute implements Route {

    /** What a client asks for as {@code Sec-WebSocket-Protocol}. */
    static final String PROTOCOL = "tuli.v1";

    private static final String PROVIDER = "websocket";
    private static final int SUBSCRIPTIONS_MAX = 1_000;

    private final SocketContext context;
    private final Sessions sessions;
    private final Semaphore subscriptions = new Semaphore(SUBSCRIPTIONS_MAX);

    PlainRoute(SocketContext context, Sessions sessions) {
        this.context = context;
        this.sessions = sessions;
    }

    @Override
    public boolean takes(HttpRequest head, String path) {
        return path.equals("/")
                && head.method().equals(HttpMethod.GET)
                && head.headers()
                        .contains(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)
                && head.headers()
                        .containsValue(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, PROTOCOL, false);
    }

    @Override
    public void answer(Exchange exchange) {
        if (!context.cors().allows(exchange.request().headers())) {
            SocketRoute.refuse(exchange, EngineRefusal.FORBIDDEN);
            return;
        }
        String authorization = exchange.request().header(HttpHeaderNames.AUTHORIZATION);
        if (authorization.isEmpty() || context.logins().path() == null) {
            open(exchange, null);
            return;
        }
        context.logins()
                .verify(authorization, exchange.connection())
                .whenComplete(
                        (login, failed) -> {
                            if (failed == null) {
                                open(exchange, login);
                            } else {
                                refuse(exchange, ErrorJson.refusal(failed));
                            }
                        });
    }

    private void refuse(Exchange exchange, Refusal refusal) {
        exchange.answer(
                Response.json(refusal.code(), ErrorJson.bytes(refusal, context.invoker().codec())));
    }

    private void open(Exchange exchange, @Nullable Login login) {
        String address = exchange.connection().address();
        EngineRefusal full = sessions.reserve(address);
        if (full != null) {
            SocketRoute.refuse(exchange, full);
            return;
        }
        Connection connection =
                new Connection(
                        PROVIDER, address, exchange.connection().loop(), context.limits().calls());
        PlainSession session = new PlainSession(context, sessions, connection, subscriptions);
        WebSocketWire wire = null;
        try {
            int payloadMax = context.limits().engine().payloadMax();
            wire = WebSocketWire.upgrade(exchange, session, PROTOCOL, payloadMax);
        } catch (IllegalStateException gone) {
            // nobody is to be told
        }
        if (wire == null) {
            sessions.forgo(address);
        } else {
            session.open(wire, login);
        }
    }
}
