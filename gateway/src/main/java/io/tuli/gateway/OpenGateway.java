package io.tuli.gateway;

import io.tuli.browser.SocketContext;
import io.tuli.browser.SocketRoute;
import io.tuli.channels.ChannelRules;
import io.tuli.error.Excerpt;
import io.tuli.http.HttpServer;
import io.tuli.http.Route;
import io.tuli.invoke.Exposures;
import io.tuli.invoke.Invoker;
import io.tuli.invoke.Logins;
import io.tuli.loop.MemberParts;
import io.tuli.rest.HealthRoute;
import io.tuli.rest.RestRoute;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/** A gateway that answers, until it is closed. Thread-safe. */
public final class OpenGateway implements AutoCloseable {

    private final Duration drain;
    private final Exposures exposures;
    private final HttpServer server;
    private final SocketRoute sockets;
    private final InetSocketAddress bound;
    private final AtomicBoolean isReady;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicBoolean isClosed = new AtomicBoolean();

    private OpenGateway(
            Duration drain,
            Exposures exposures,
            HttpServer server,
            SocketRoute sockets,
            InetSocketAddress bound,
            AtomicBoolean isReady) {
        this.drain = drain;
        this.exposures = exposures;
        this.server = server;
        this.sockets = sockets;
        this.bound = bound;
        this.isReady = isReady;
    }

    static OpenGateway start(GatewayDraft draft) {
        MemberParts parts = (MemberParts) draft.mesh;
        InetSocketAddress bind = new InetSocketAddress(draft.host, draft.port);
        requireMayBeReached(draft, bind);
        Exposures exposures = new Exposures(draft.mesh, draft.exposed);
        AtomicBoolean isReady = new AtomicBoolean(true);
        Invoker invoker =
                new Invoker(new Invoker.Setting(exposures, parts.codec(), draft.within, Map.of()));
        SocketRoute sockets =
                new SocketRoute(
                        new SocketContext(
                                invoker,
                                exposures,
                                Logins.NONE,
                                new ChannelRules(caller -> Set.of(), draft.heardBy),
                                draft.cors,
                                draft.sockets));
        Route health =
                new HealthRoute(
                        new HealthRoute.Setting(
                                exposures,
                                draft.health,
                                isReady::get,
                                name -> parts.isAnswering(name, draft.within),
                                parts.codec()));
        Route rest =
                new RestRoute(
                        new RestRoute.Setting(invoker, exposures, Logins.NONE, draft.headers));
        HttpServer server =
                new HttpServer(
                        new HttpServer.Setting(
                                parts.door(),
                                parts.eventLoops(),
                                List.of(sockets, health, rest),
                                draft.cors,
                                draft.limits.http(),
                                draft.limits.callsInFlight()));
        exposures.start();
        try {
            return new OpenGateway(
                    draft.drain, exposures, server, sockets, server.start(bind), isReady);
        } catch (RuntimeException | Error failed) {
            sockets.close();
            exposures.close();
            throw failed;
        }
    }

    private static void requireMayBeReached(GatewayDraft draft, InetSocketAddress bind) {
        if (bind.isUnresolved()) {
            throw new IllegalArgumentException(
                    "a gateway listens at an address of this machine: " + Excerpt.of(draft.host));
        }
        if (!bind.getAddress().isLoopbackAddress() && !draft.isOpen) {
            throw new IllegalStateException(
                    "a gateway that others reach needs openToAll(): host="
                            + Excerpt.of(draft.host));
        }
    }

    /** The port it listens at. */
    public int port() {
        return bound.getPort();
    }

    /** Where clients find it: {@code http://127.0.0.1:3030}. */
    public String url() {
        String host = bound.getAddress().getHostAddress();
        return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port();
    }

    /** How many connections it has now. */
    public int connections() {
        return server.connections();
    }

    /** How many clients of Socket.IO have a session now. */
    public int sockets() {
        return sockets.size();
    }

    /** Waits until it is closed. */
    public void await() throws InterruptedException {
        closed.await();
    }

    /**
     * Ends: it is not ready any more, takes no more connections, lets what is under way end, for as
     * long as was said, and closes what is left. The mesh stays as it is.
     */
    @Override
    public void close() {
        if (isClosed.compareAndSet(false, true)) {
            isReady.set(false);
            sockets.close();
            server.close(drain);
            exposures.close();
            closed.countDown();
        }
    }

    @Override
    public String toString() {
        return "gateway at " + url();
    }
}
