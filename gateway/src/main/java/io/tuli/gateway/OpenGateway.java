package io.tuli.gateway;

import io.tuli.browser.SocketContext;
import io.tuli.browser.SocketRoute;
import io.tuli.channels.ChannelRules;
import io.tuli.http.Cors;
import io.tuli.http.HttpLimits;
import io.tuli.http.HttpServer;
import io.tuli.invoke.Exposures;
import io.tuli.invoke.Invoker;
import io.tuli.invoke.Logins;
import io.tuli.loop.MemberParts;
import io.tuli.rest.RestRoute;
import io.tuli.rest.ServicePaths;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/** A gateway that answers, until it is closed. Thread-safe. */
public final class OpenGateway implements AutoCloseable {

    private static final Duration DRAIN = Duration.ofSeconds(5);
    private static final int CALLS_MAX = 256;

    private final Exposures exposures;
    private final HttpServer server;
    private final SocketRoute sockets;
    private final InetSocketAddress bound;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicBoolean isClosed = new AtomicBoolean();

    private OpenGateway(
            Exposures exposures, HttpServer server, SocketRoute sockets, InetSocketAddress bound) {
        this.exposures = exposures;
        this.server = server;
        this.sockets = sockets;
        this.bound = bound;
    }

    static OpenGateway start(Draft draft) {
        MemberParts parts = (MemberParts) draft.mesh;
        Exposures exposures = new Exposures(draft.mesh, draft.exposed);
        Invoker invoker = new Invoker(exposures, parts.codec(), draft.within);
        RestRoute rest = new RestRoute(invoker, new ServicePaths(exposures));
        SocketRoute sockets =
                new SocketRoute(
                        new SocketContext(
                                invoker,
                                exposures,
                                Logins.NONE,
                                new ChannelRules(caller -> Set.of(), draft.heardBy),
                                Cors.ANY,
                                draft.sockets));
        HttpServer server =
                new HttpServer(
                        new HttpServer.Setting(
                                parts.door(),
                                parts.eventLoops(),
                                List.of(sockets, rest),
                                Cors.ANY,
                                HttpLimits.DEFAULTS,
                                CALLS_MAX));
        exposures.start();
        try {
            InetSocketAddress bound = server.start(new InetSocketAddress(draft.host, draft.port));
            return new OpenGateway(exposures, server, sockets, bound);
        } catch (RuntimeException | Error failed) {
            sockets.close();
            exposures.close();
            throw failed;
        }
    }

    /** The port it listens at. */
    public int port() {
        return bound.getPort();
    }

    /** Where clients find it: {@code http://127.0.0.1:3030}. */
    public String url() {
        return "http://" + bound.getHostString() + ":" + bound.getPort();
    }

    /** How many clients of Socket.IO have a session now. */
    public int sockets() {
        return sockets.size();
    }

    /** Waits until it is closed. */
    public void await() throws InterruptedException {
        closed.await();
    }

    /** Takes no more connections, lets what is under way end for 5 seconds, and ends. */
    @Override
    public void close() {
        if (isClosed.compareAndSet(false, true)) {
            sockets.close();
            server.close(DRAIN);
            exposures.close();
            closed.countDown();
        }
    }

    @Override
    public String toString() {
        return "gateway at " + url();
    }
}
