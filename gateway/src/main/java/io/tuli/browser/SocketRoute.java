package io.tuli.browser;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.concurrent.EventExecutor;
import io.tuli.engine.EngineRefusal;
import io.tuli.engine.EngineSession;
import io.tuli.http.Exchange;
import io.tuli.http.Request;
import io.tuli.http.Response;
import io.tuli.http.Route;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Everything at {@code /socket.io/}: handshakes, polls, posts, WebSockets, and what is none of
 * them. A session is used by the loop it began on; who comes by another connection's loop is handed
 * over.
 */
public final class SocketRoute implements Route, AutoCloseable {

    private static final String PATH = "/socket.io/";
    private static final String TEXT = "text/plain; charset=UTF-8";
    private static final String RETRY_SECONDS = "5";

    private final SocketContext context;
    private final Sessions sessions;
    private final EventRelay relay;
    private final PlainRoute plain;

    /** Takes clients until it is closed, and tells them the events of what is exposed. */
    public SocketRoute(SocketContext context) {
        this.context = context;
        this.relay = new EventRelay(context.rules());
        this.sessions = new Sessions(context, relay);
        this.plain = new PlainRoute(context, sessions);
        relay.follow(context.exposures());
    }

    @Override
    public boolean takes(HttpRequest head, String path) {
        return path.equals(PATH);
    }

    @Override
    public int bodyBytes() {
        return context.limits().engine().payloadMax();
    }

    @Override
    public void answer(Exchange exchange) {
        Request request = exchange.request();
        Asked asked = Asked.of(request.query());
        boolean isUpgrade =
                request.headers()
                        .contains(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true);
        BrowserSession session = asked.sid().isEmpty() ? null : sessions.find(asked.sid());
        EngineRefusal refusal = refusal(request, asked, session, isUpgrade);
        if (refusal != null) {
            refuse(exchange, refusal);
        } else if (session == null) {
            open(exchange, isUpgrade);
        } else if (isUpgrade) {
            upgrade(exchange, session, false);
        } else if (request.method().equals("GET")) {
            poll(exchange, session);
        } else {
            post(exchange, session);
        }
    }

    private @Nullable EngineRefusal refusal(
            Request request, Asked asked, @Nullable BrowserSession session, boolean isUpgrade) {
        if (!asked.version().equals("4")) {
            return EngineRefusal.VERSION_UNKNOWN;
        }
        boolean isSocket = asked.transport().equals("websocket");
        if (!isSocket && !asked.transport().equals("polling")) {
            return EngineRefusal.TRANSPORT_UNKNOWN;
        }
        if (!context.cors().allows(request.headers())) {
            return EngineRefusal.FORBIDDEN;
        }
        boolean isGet = request.method().equals("GET");
        if (asked.sid().isEmpty()) {
            return !isGet
                    ? EngineRefusal.BAD_HANDSHAKE_METHOD
                    : isSocket == isUpgrade ? null : EngineRefusal.BAD_REQUEST;
        }
        if (session == null) {
            return EngineRefusal.SESSION_UNKNOWN;
        }
        boolean isKnown = isGet || (request.method().equals("POST") && !isUpgrade);
        return isSocket == isUpgrade && isKnown ? null : EngineRefusal.BAD_REQUEST;
    }

    static void refuse(Exchange exchange, EngineRefusal refusal) {
        Response response = Response.text(refusal.status(), "application/json", refusal.json());
        exchange.answer(
                refusal.status() == 400 || refusal.status() == 403
                        ? response
                        : response.with(HttpHeaderNames.RETRY_AFTER, RETRY_SECONDS));
    }

    private void open(Exchange exchange, boolean isUpgrade) {
        EngineRefusal full = sessions.reserve(exchange.connection().address());
        if (full != null) {
            refuse(exchange, full);
            return;
        }
        EventExecutor loop = (EventExecutor) exchange.connection().loop();
        String authorization = exchange.request().header(HttpHeaderNames.AUTHORIZATION);
        BrowserSession session =
                sessions.open(exchange.connection().address(), loop, authorization);
        if (isUpgrade) {
            upgrade(exchange, session, true);
        } else {
            String handshake = session.engine().handshake();
            exchange.answer(text(handshake.getBytes(StandardCharsets.UTF_8)));
        }
    }

    /** A WebSocket on which the session begins or goes on. */
    private void upgrade(Exchange exchange, BrowserSession session, boolean isNew) {
        int payloadMax = context.limits().engine().payloadMax();
        WebSocketWire wire = WebSocketWire.upgrade(exchange, session, null, payloadMax);
        session.run(
                () -> {
                    if (wire == null) {
                        if (isNew) {
                            session.engine().close();
                        }
                    } else if (isNew) {
                        session.engine().open(wire);
                    } else if (!session.engine().probe(wire)) {
                        wire.close();
                    }
                });
    }

    private static Response text(byte[] body) {
        return Response.of(200, TEXT, body).with(HttpHeaderNames.CACHE_CONTROL, "no-store");
    }

    private static void poll(Exchange exchange, BrowserSession session) {
        HeldPoll poll = new HeldPoll(exchange);
        exchange.onGone(() -> session.run(() -> session.engine().lost(poll)));
        session.run(() -> session.engine().poll(poll));
    }

    private static void post(Exchange exchange, BrowserSession session) {
        String body;
        try {
            ByteBuffer bytes = ByteBuffer.wrap(exchange.request().body());
            body = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException malformed) {
            session.run(session.engine()::close);
            refuse(exchange, EngineRefusal.BAD_REQUEST);
            return;
        }
        session.run(
                () -> {
                    boolean isTaken = session.engine().post(body);
                    session.whenRoom(() -> on(exchange, () -> posted(exchange, isTaken)));
                });
    }

    private static void posted(Exchange exchange, boolean isTaken) {
        if (isTaken) {
            exchange.answer(
                    Response.text(200, "text/html", "ok")
                            .with(HttpHeaderNames.CACHE_CONTROL, "no-store"));
        } else {
            refuse(exchange, EngineRefusal.BAD_REQUEST);
        }
    }

    /** On the loop of the exchange's connection, at once if it is this one. */
    private static void on(Exchange exchange, Runnable task) {
        EventExecutor loop = (EventExecutor) exchange.connection().loop();
        if (loop.inEventLoop()) {
            task.run();
        } else {
            loop.execute(task);
        }
    }

    /** New clients are refused, and those that are there are told to come back elsewhere. */
    public void drain() {
        sessions.drain();
    }

    /** Takes clients that want no Socket.IO; they count among its sessions. */
    public Route plain() {
        return plain;
    }

    /** How many sessions there are. */
    public int size() {
        return sessions.size();
    }

    @Override
    public void close() {
        sessions.drain();
        relay.close();
    }

    /** A poll as its session holds it. */
    private record HeldPoll(Exchange exchange) implements EngineSession.Poll {

        @Override
        public void answer(byte[] body) {
            on(exchange, () -> exchange.answer(text(body)));
        }

        @Override
        public void refuse(EngineRefusal refusal) {
            on(exchange, () -> SocketRoute.refuse(exchange, refusal));
        }
    }

    /** What a request's query says, as it stands there: none of it needs to be encoded. */
    private record Asked(String version, String transport, String sid) {

        static Asked of(String query) {
            String version = "";
            String transport = "";
            String sid = "";
            for (String part : query.split("&")) {
                int equals = part.indexOf('=');
                String value = part.substring(equals + 1);
                switch (equals < 0 ? "" : part.substring(0, equals)) {
                    case "EIO" -> version = value;
                    case "transport" -> transport = value;
                    case "sid" -> sid = value;
                    default -> {}
                }
            }
            return new Asked(version, transport, sid);
        }
    }
}
