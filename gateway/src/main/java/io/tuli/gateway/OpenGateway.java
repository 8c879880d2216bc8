package io.tuli.gateway;

import io.tuli.error.Excerpt;
import io.tuli.invoke.Exposing;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A gateway that answers, until it is closed. Thread-safe. */
public final class OpenGateway implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(OpenGateway.class);

    private final GatewayContext context;
    private final InetSocketAddress bound;
    private final String scheme;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicBoolean isClosed = new AtomicBoolean();

    private OpenGateway(GatewayContext context, InetSocketAddress bound, String scheme) {
        this.context = context;
        this.bound = bound;
        this.scheme = scheme;
    }

    static OpenGateway start(GatewayDraft draft) {
        InetSocketAddress bind = new InetSocketAddress(draft.host, draft.port);
        requireMayBeReached(draft, bind);
        GatewayContext context = new GatewayContext(draft);
        OpenGateway open =
                new OpenGateway(context, context.start(bind), draft.tls == null ? "http" : "https");
        context.onLeaving(open::close);
        return open;
    }

    private static void requireMayBeReached(GatewayDraft draft, InetSocketAddress bind) {
        if (bind.isUnresolved()) {
            throw new IllegalArgumentException(
                    "a gateway listens at an address of this machine: " + Excerpt.of(draft.host));
        }
        Authentication login = draft.authentication;
        for (Exposing each : draft.exposed.values()) {
            if (login != null && login.hidden().contains(each.service())) {
                throw new IllegalStateException(
                        "a gateway exposes no service of tokens: " + each.service());
            }
        }
        if (draft.hasConsole && !bind.getAddress().isLoopbackAddress()) {
            throw new IllegalStateException(
                    "a console is for people at its machine, so its gateway listens at 127.0.0.1:"
                            + " host="
                            + Excerpt.of(draft.host));
        }
        if (!bind.getAddress().isLoopbackAddress()
                && !draft.isOpen
                && draft.authentication == null) {
            throw new IllegalStateException(
                    "a gateway that others reach needs authentication(...) or openToAll(): host="
                            + Excerpt.of(draft.host));
        }
        if (!bind.getAddress().isLoopbackAddress()
                && draft.authentication != null
                && draft.tls == null) {
            LOG.warn(
                    "Passwords and tokens come in clear to whoever listens between: say"
                            + " tls(certificate, key), or see to it that a proxy does. host={}",
                    draft.host);
        }
    }

    /** The port it listens at. */
    public int port() {
        return bound.getPort();
    }

    /** Where clients find it: {@code http://127.0.0.1:3030}, or {@code https} with TLS. */
    public String url() {
        String host = bound.getAddress().getHostAddress();
        return scheme + "://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port();
    }

    /** How many connections it has now. */
    public int connections() {
        return context.server().connections();
    }

    /** How many clients have a session of Socket.IO, or a plain WebSocket, now. */
    public int sockets() {
        return context.sockets().size();
    }

    /** What it has now, and how it has answered, in numbers. */
    public GatewayFigures figures() {
        return context.figures();
    }

    /**
     * Tells of each call of a client once it has ended, whichever way it came. The listener is
     * called on the connection's loop, which it must not hold up; what it throws is logged.
     *
     * @return close it to hear no more
     */
    public AutoCloseable onCall(Consumer<EndedCall> listener) {
        Objects.requireNonNull(listener);
        return context.invoker()
                .listen(
                        (path, provider, method, nanos, status) ->
                                listener.accept(
                                        new EndedCall(
                                                path,
                                                provider,
                                                method,
                                                Duration.ofNanos(nanos),
                                                status)));
    }

    /** Waits until it is closed. */
    public void await() throws InterruptedException {
        closed.await();
    }

    /**
     * Ends: it is not ready any more, takes no more connections, lets what is under way end, for as
     * long as was said, and closes what is left. The mesh stays as it is; one that is closed, or
     * whose process is told to end, closes its gateway first. Who closes it while it closes waits
     * for that.
     */
    @Override
    public void close() {
        if (isClosed.compareAndSet(false, true)) {
            try {
                context.close();
            } finally {
                closed.countDown();
            }
        } else {
            awaitClosed();
        }
    }

    private void awaitClosed() {
        try {
            boolean unused = closed.await(context.closesWithin().toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        return "gateway at " + url();
    }
}
