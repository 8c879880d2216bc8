package io.tuli.browser;

import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.util.concurrent.EventExecutor;
import io.tuli.Payload;
import io.tuli.Refusal;
import io.tuli.engine.EngineLimits;
import io.tuli.invoke.Caller;
import io.tuli.invoke.Connection;
import io.tuli.invoke.ErrorJson;
import io.tuli.invoke.Invocation;
import io.tuli.invoke.Login;
import io.tuli.invoke.PayloadJson;
import io.tuli.socketio.SocketClient;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client with a plain WebSocket: frames of JSON, each with an id, each answered once. What is
 * no frame, an id that is in use, or too much that it does not read ends it. Everything but {@link
 * #run} is used by its loop.
 */
final class PlainSession implements Spoken, Asker, Departing {

    static final String UNREAD = "it does not read what it is sent";

    /** Of WebSockets: it breaks a rule that holds here. */
    static final int POLICY = 1008;

    private static final Logger LOG = LoggerFactory.getLogger(PlainSession.class);

    private final SocketContext context;
    private final Sessions sessions;
    private final Connection connection;
    private final EventExecutor loop;
    private final FeathersCalls feathers;
    private final OpenCalls calls = new OpenCalls(this::hasRoom);
    private final PlainSubscriptions subscriptions;
    private final SessionLogin login;
    private final Set<String> idsInUse = new HashSet<>(2);
    private final Deque<byte[]> unsent = new ArrayDeque<>(2);
    private int unsentBytes;
    private int open;
    private int openBytes;
    private @Nullable WebSocketWire wire;
    private boolean isClosed;
    private boolean isPinged;
    private long pingAtNanos;

    /**
     * One that is not open yet.
     *
     * @param room for subscriptions of all sessions
     */
    PlainSession(SocketContext context, Sessions sessions, Connection connection, Semaphore room) {
        this.context = context;
        this.sessions = sessions;
        this.connection = connection;
        this.loop = (EventExecutor) connection.loop();
        this.feathers = new FeathersCalls(this, context);
        this.subscriptions = new PlainSubscriptions(this, context, room);
        this.login =
                new SessionLogin(
                        context.logins(),
                        connection,
                        subscriptions::became,
                        () -> close(POLICY, "the token has ended"));
    }

    /** Its WebSocket is there. */
    void open(WebSocketWire opened, @Nullable Login proven) {
        wire = opened;
        pingAtNanos = System.nanoTime() + context.limits().engine().pingInterval().toNanos();
        sessions.begin(this);
        if (proven != null) {
            login.bind(proven);
        }
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

    // ---- what it asks for ----------------------------------------------------------------------

    @Override
    public void received(WebSocketWire over, String text) {
        if (isClosed) {
            return;
        }
        PlainFrame frame;
        try {
            frame = PlainFrame.of(text);
        } catch (IllegalArgumentException none) {
            close(POLICY, String.valueOf(none.getMessage()));
            return;
        }
        String id = frame.id();
        if (id != null && !idsInUse.add(id)) {
            close(POLICY, "an id is in use until it is answered");
            return;
        }
        Answered answer = new Answered(id, text.length());
        if (open > context.limits().calls()) {
            fail(answer, tooMany());
            return;
        }
        try {
            received(frame, answer);
        } catch (Refusal refused) {
            fail(answer, refused);
        }
    }

    private Refusal tooMany() {
        return Refusal.tooManyRequests(
                "a connection has at most "
                        + context.limits().calls()
                        + " calls in flight: wait for answers");
    }

    private void received(PlainFrame frame, Answered answer) {
        switch (frame.kind()) {
            case CALL -> feathers.call(call(frame), answer);
            case SUBSCRIBE -> subscriptions.begin(frame, answer);
            case UNSUBSCRIBE -> {
                subscriptions.end(frame);
                succeed(answer, Payload.NULL);
            }
        }
    }

    private Invocation call(PlainFrame frame) {
        return new Invocation(
                connection,
                caller(),
                new Invocation.Target(
                        Invocation.stripped(frame.text("service")),
                        frame.text("method"),
                        FeathersCalls.idOf(frame.value("key"))),
                frame.value("data"),
                Invocation.Asked.of(FeathersCalls.queryOf(frame.value("query"))));
    }

    // ---- what it is answered -------------------------------------------------------------------

    /** What is due to one frame: it says its result or its error, once. */
    final class Answered implements SocketClient.Answer {

        private final @Nullable String id;
        private final int bytes;
        private boolean isDone;
        private boolean isKept;

        Answered(@Nullable String id, int bytes) {
            this.id = id;
            this.bytes = bytes;
            open++;
            openBytes += bytes;
        }

        @Override
        public void send(byte[] said) {
            if (isDone) {
                return;
            }
            isDone = true;
            open--;
            openBytes -= bytes;
            if (id != null) {
                if (!isKept) {
                    idsInUse.remove(id);
                }
                PlainSession.this.send(PlainFrame.frame(id, said));
            }
            calls.takeUp();
        }

        /** Its id is told more after the answer. */
        void keep() {
            isKept = true;
        }
    }

    /** An id is told nothing more. */
    void release(String id) {
        idsInUse.remove(id);
    }

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
                });
    }

    @Override
    public void succeed(SocketClient.Answer answer, Payload result) {
        answer.send(PlainFrame.result(PayloadJson.of(result, context.invoker().codec())));
    }

    @Override
    public void fail(SocketClient.Answer answer, Refusal refusal) {
        answer.send(PlainFrame.error(ErrorJson.bytes(refusal, context.invoker().codec())));
    }

    /** Whether more of it may be read: not while it waits for too many answers. */
    @Override
    public boolean hasRoom() {
        SocketLimits limits = context.limits();
        return (openBytes < limits.callBytes() && open < limits.calls()) || isClosed;
    }

    @Override
    public void whenRoom(Runnable task) {
        calls.whenRoom(task);
    }

    // ---- what is said to it --------------------------------------------------------------------

    /** Sends a frame, in order; where too much is unsent already, the session ends. */
    void send(byte[] frame) {
        if (isClosed) {
            return;
        }
        EngineLimits limits = context.limits().engine();
        if (unsent.size() >= limits.unsentPackets() || unsentBytes >= limits.unsentBytes()) {
            unsent.clear();
            close(POLICY, UNREAD);
            return;
        }
        unsent.add(frame);
        unsentBytes += frame.length;
        flush();
    }

    @Override
    public void flush() {
        WebSocketWire over = wire;
        if (over == null) {
            return;
        }
        if (!unsent.isEmpty()) {
            while (!unsent.isEmpty() && over.hasRoom()) {
                byte[] next = unsent.remove();
                unsentBytes -= next.length;
                over.send(next);
            }
            over.flush();
        }
        if (hasRead()) {
            subscriptions.goOn();
        }
    }

    /** Whether it has read what it was sent, or most of it. */
    boolean hasRead() {
        WebSocketWire over = wire;
        return isClosed || (over != null && unsent.isEmpty() && over.hasRoom());
    }

    @Override
    public void tick(long nowNanos) {
        WebSocketWire over = wire;
        if (isClosed || over == null || nowNanos - pingAtNanos < 0) {
            return;
        }
        if (isPinged) {
            close(POLICY, "it has not answered a ping");
            return;
        }
        isPinged = true;
        pingAtNanos = nowNanos + context.limits().engine().pingTimeout().toNanos();
        if (over.hasRoom()) {
            over.ping();
        }
    }

    @Override
    public void ponged() {
        isPinged = false;
        pingAtNanos = System.nanoTime() + context.limits().engine().pingInterval().toNanos();
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

    @Override
    public void bind(Login proven) {
        login.bind(proven);
    }

    @Override
    public void unbind() {
        login.unbind();
    }

    // ---- its end -------------------------------------------------------------------------------

    boolean isClosed() {
        return isClosed;
    }

    @Override
    public void depart() {
        close(WebSocketCloseStatus.ENDPOINT_UNAVAILABLE);
    }

    void close(int code, String why) {
        close(new WebSocketCloseStatus(code, why));
    }

    private void close(WebSocketCloseStatus status) {
        WebSocketWire over = wire;
        if (over != null) {
            over.close(status);
        }
        over();
    }

    @Override
    public void lost(WebSocketWire gone) {
        over();
    }

    private void over() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        unsent.clear();
        idsInUse.clear();
        login.close();
        calls.cancel();
        subscriptions.close();
        sessions.ended(this);
        calls.takeUp();
    }
}
