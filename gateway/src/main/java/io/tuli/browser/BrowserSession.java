package io.tuli.browser;

import io.netty.util.concurrent.EventExecutor;
import io.tuli.Payload;
import io.tuli.Refusal;
import io.tuli.engine.EngineSession;
import io.tuli.engine.Packet;
import io.tuli.invoke.Caller;
import io.tuli.invoke.Connection;
import io.tuli.invoke.ErrorJson;
import io.tuli.invoke.Login;
import io.tuli.invoke.PayloadJson;
import io.tuli.socketio.SocketClient;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client: its session, as whom it is logged in, its calls that are not answered. Everything but
 * {@link #run} is used by its loop.
 */
final class BrowserSession implements SocketClient.Server, Asker, Hearer, Spoken {

    private static final Logger LOG = LoggerFactory.getLogger(BrowserSession.class);

    private final SocketContext context;
    private final Sessions sessions;
    private final EventRelay relay;
    private final EventExecutor loop;
    private final String authorization;
    private final Connection connection;
    private final EngineSession engine;
    private final SocketClient client;
    private final FeathersCalls feathers;
    private final ServiceCalls services;
    private final OpenCalls calls = new OpenCalls(this::hasRoom);
    private final SessionLogin login;
    private boolean wasConnected;

    BrowserSession(
            String id,
            Connection connection,
            String authorization,
            SocketContext context,
            Sessions sessions,
            EventRelay relay) {
        this.context = context;
        this.sessions = sessions;
        this.relay = relay;
        this.loop = (EventExecutor) connection.loop();
        this.authorization = authorization;
        this.connection = connection;
        SocketLimits limits = context.limits();
        long now = System.nanoTime();
        this.client =
                new SocketClient(this, limits.calls(), now + limits.connectWithin().toNanos());
        this.engine = new EngineSession(id, limits.engine(), client, now);
        this.client.on(engine);
        this.feathers = new FeathersCalls(this, context);
        this.services = new ServiceCalls(this, context);
        this.login =
                new SessionLogin(
                        context.logins(),
                        connection,
                        caller -> relay.join(this, caller),
                        client::disconnect);
    }

    EngineSession engine() {
        return engine;
    }

    @Override
    public Connection connection() {
        return connection;
    }

    @Override
    public EventExecutor loop() {
        return loop;
    }

    @Override
    public void run(Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
        } else {
            try {
                loop.execute(task);
            } catch (RejectedExecutionException ended) {
                LOG.debug("a loop has ended, and its sessions with it", ended);
            }
        }
    }

    @Override
    public void tick(long nowNanos) {
        engine.tick(nowNanos);
        client.tick(nowNanos);
    }

    // ---- what comes over its WebSocket ---------------------------------------------------------

    @Override
    public void received(WebSocketWire wire, String text) {
        engine.received(wire, text);
    }

    @Override
    public void ponged() {
        // Its heart beats in packets.
    }

    @Override
    public void flush() {
        engine.flush();
    }

    @Override
    public void lost(WebSocketWire wire) {
        engine.lost(wire);
    }

    // ---- what it asks for ----------------------------------------------------------------------

    @Override
    public void connecting(SocketClient of, String namespace, @Nullable Object payload) {
        if (!namespace.equals(FeathersCalls.NAMESPACE)) {
            if (services.isThere(namespace)) {
                accept(namespace);
            } else {
                client.refuse(namespace, message("Invalid namespace"));
            }
        } else if (authorization.isEmpty() || context.logins().path() == null) {
            accept(namespace);
        } else {
            context.logins()
                    .verify(authorization, connection)
                    .whenComplete((proven, failed) -> proven(namespace, proven, failed));
        }
    }

    private void proven(String namespace, @Nullable Login proven, @Nullable Throwable failed) {
        if (proven == null) {
            String why = ErrorJson.refusal(failed == null ? refused() : failed).text();
            client.refuse(namespace, message(why));
        } else {
            bind(proven);
            accept(namespace);
        }
    }

    private static Refusal refused() {
        return Refusal.notAuthenticated("Not authenticated");
    }

    private byte[] message(String text) {
        return context.invoker().codec().encode(Map.of("message", text)).bytes();
    }

    private void accept(String namespace) {
        if (engine.isClosed()) {
            return;
        }
        if (!wasConnected) {
            wasConnected = true;
            sessions.connected(this);
        }
        relay.join(this, caller());
        client.accept(namespace, sessions.newId());
    }

    @Override
    public void event(
            SocketClient of,
            String namespace,
            List<@Nullable Object> arguments,
            SocketClient.Answer answer) {
        if (namespace.equals(FeathersCalls.NAMESPACE)) {
            feathers.event(arguments, answer);
        } else {
            services.event(namespace, arguments, answer);
        }
    }

    @Override
    public void tooMany(SocketClient of, String namespace, SocketClient.Answer answer) {
        fail(
                answer,
                Refusal.tooManyRequests(
                        "a connection has at most "
                                + context.limits().calls()
                                + " calls in flight: wait for answers"));
    }

    // ---- what it is answered -------------------------------------------------------------------

    @Override
    public void answer(CompletableFuture<Payload> call, SocketClient.Answer answer) {
        calls.add(call);
        call.whenComplete(
                (result, failed) -> {
                    if (failed == null) {
                        succeed(answer, result);
                    } else {
                        fail(answer, ErrorJson.refusal(failed));
                    }
                    calls.takeUp();
                });
    }

    @Override
    public void succeed(SocketClient.Answer answer, Payload result) {
        byte[] json = PayloadJson.of(result, context.invoker().codec());
        answer.send(Json.list(Payload.NULL.bytes(), json));
    }

    @Override
    public void fail(SocketClient.Answer answer, Refusal refusal) {
        answer.send(Json.list(ErrorJson.bytes(refusal, context.invoker().codec())));
    }

    /** Whether more of it may be read: not while it waits for answers to too many bytes. */
    @Override
    public boolean hasRoom() {
        return client.openBytes() < context.limits().callBytes() || engine.isClosed();
    }

    @Override
    public void whenRoom(Runnable task) {
        calls.whenRoom(task);
    }

    @Override
    public boolean mayHear(String service) {
        return login.mayHear(service);
    }

    @Override
    public void tell(String namespace, Packet event) {
        client.send(namespace, event);
    }

    // ---- as whom it is logged in ---------------------------------------------------------------

    @Override
    public Caller caller() {
        return login.caller();
    }

    @Override
    public @Nullable Login login() {
        return login.login();
    }

    /** Logs it in until the token ends; then the session ends. */
    @Override
    public void bind(Login proven) {
        login.bind(proven);
    }

    /** Nobody is logged in any more. */
    @Override
    public void unbind() {
        login.unbind();
    }

    // ---- its end -------------------------------------------------------------------------------

    @Override
    public void left(SocketClient of, String namespace) {
        if (namespace.equals(FeathersCalls.NAMESPACE)) {
            calls.cancel();
        }
    }

    @Override
    public void closed(SocketClient of) {
        login.close();
        calls.cancel();
        relay.end(this);
        sessions.closed(this, wasConnected);
        calls.takeUp();
    }
}
