package io.tuli.browser;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
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
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client: its session, as whom it is logged in, its calls that are not answered. Everything but
 * {@link #run} is used by its loop.
 */
final class BrowserSession implements SocketClient.Server, Asker, Hearer {

    private static final Logger LOG = LoggerFactory.getLogger(BrowserSession.class);
    private static final String BEARER = "Bearer ";
    private static final int UNAVAILABLE = 503;
    private static final long AGAIN_SECONDS = 5;
    private static final long EXPIRY_SECONDS_MAX = TimeUnit.DAYS.toSeconds(30);

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
    private final Set<Running> calls = new HashSet<>(2);
    private final List<Runnable> waitingForRoom = new ArrayList<>(0);

    private @Nullable Login login;
    private @Nullable ScheduledFuture<?> expiry;
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

    /** Runs on its loop: at once where this is it. */
    void run(Runnable task) {
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
        Running running = new Running(call);
        if (!call.isDone()) {
            calls.add(running);
        }
        call.whenComplete(
                (result, failed) -> {
                    calls.remove(running);
                    if (failed == null) {
                        succeed(answer, result);
                    } else {
                        fail(answer, ErrorJson.refusal(failed));
                    }
                    takeUp();
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
    boolean hasRoom() {
        return client.openBytes() < context.limits().callBytes() || engine.isClosed();
    }

    /** Runs now, or once there is room. */
    void whenRoom(Runnable task) {
        if (hasRoom()) {
            task.run();
        } else {
            waitingForRoom.add(task);
        }
    }

    private void takeUp() {
        if (!waitingForRoom.isEmpty() && hasRoom()) {
            List<Runnable> tasks = List.copyOf(waitingForRoom);
            waitingForRoom.clear();
            tasks.forEach(Runnable::run);
        }
    }

    @Override
    public boolean mayHear(String service) {
        return login == null || login.caller().rights().mayRead(service);
    }

    @Override
    public void tell(String namespace, Packet event) {
        client.send(namespace, event);
    }

    // ---- as whom it is logged in ---------------------------------------------------------------

    @Override
    public Caller caller() {
        return login == null ? Caller.ANONYMOUS : login.caller();
    }

    @Override
    public @Nullable Login login() {
        return login;
    }

    /** Logs it in until the token ends; then the session ends. */
    @Override
    public void bind(Login proven) {
        if (engine.isClosed()) {
            return;
        }
        stopExpiry();
        login = proven;
        relay.join(this, proven.caller());
        long left = proven.believedUntilMillis() - System.currentTimeMillis();
        long seconds = Math.min(EXPIRY_SECONDS_MAX, Math.max(0, left / 1_000));
        long millis = seconds == EXPIRY_SECONDS_MAX ? seconds * 1_000 : Math.max(0, left);
        expiry = loop.schedule(() -> ends(proven), millis, TimeUnit.MILLISECONDS);
    }

    /** Its token ends now, or is to be looked at again: it may have been revoked. */
    private void ends(Login known) {
        if (known.believedUntilMillis() >= known.expiresAtMillis()
                || System.currentTimeMillis() >= known.expiresAtMillis()) {
            client.disconnect();
            return;
        }
        context.logins()
                .verify(BEARER + known.token(), connection)
                .whenComplete(
                        (again, failed) -> {
                            if (known.equals(login)) {
                                lookedAt(known, again, failed);
                            }
                        });
    }

    private void lookedAt(Login known, @Nullable Login again, @Nullable Throwable failed) {
        if (again != null) {
            bind(again);
        } else if (failed != null && ErrorJson.refusal(failed).code() == UNAVAILABLE) {
            expiry = loop.schedule(() -> ends(known), AGAIN_SECONDS, TimeUnit.SECONDS);
        } else {
            client.disconnect();
        }
    }

    /** Nobody is logged in any more. */
    @Override
    public void unbind() {
        stopExpiry();
        login = null;
        relay.join(this, Caller.ANONYMOUS);
    }

    private void stopExpiry() {
        ScheduledFuture<?> running = expiry;
        expiry = null;
        if (running != null) {
            running.cancel(false);
        }
    }

    // ---- its end -------------------------------------------------------------------------------

    @Override
    public void left(SocketClient of, String namespace) {
        if (namespace.equals(FeathersCalls.NAMESPACE)) {
            cancelCalls();
        }
    }

    private void cancelCalls() {
        List<Running> open = List.copyOf(calls);
        calls.clear();
        open.forEach(running -> running.call.cancel(true));
    }

    @Override
    public void closed(SocketClient of) {
        stopExpiry();
        login = null;
        cancelCalls();
        relay.end(this);
        sessions.closed(this, wasConnected);
        takeUp();
    }

    /** A call that is not answered; one is no other. */
    private static final class Running {

        private final CompletableFuture<Payload> call;

        Running(CompletableFuture<Payload> call) {
            this.call = call;
        }
    }
}
