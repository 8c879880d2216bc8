package io.tuli.gateway;

import io.tuli.http.Cors;
import io.tuli.http.HttpLimits;
import io.tuli.http.HttpServer;
import io.tuli.invoke.Exposures;
import io.tuli.invoke.Invoker;
import io.tuli.loop.MemberParts;
import io.tuli.rest.RestRoute;
import io.tuli.rest.ServicePaths;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/** A gateway that answers, until it is closed. Thread-safe. */
public final class OpenGateway implements AutoCloseable {

    private static final Duration DRAIN = Duration.ofSeconds(5);
    private static final int CALLS_MAX = 256;

    private final Exposures exposures;
    private final HttpServer server;
    private final InetSocketAddress bound;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicBoolean isClosed = new AtomicBoolean();

    private OpenGateway(Exposures exposures, HttpServer server, InetSocketAddress bound) {
        this.exposures = exposures;
        this.server = server;
        this.bound = bound;
    }

    static OpenGateway start(Gateway.Draft draft) {
        MemberParts parts = (MemberParts) draft.mesh();
        Exposures exposures = new Exposures(draft.mesh(), draft.exposed());
        Invoker invoker = new Invoker(exposures, parts.codec(), draft.within());
        RestRoute rest = new RestRoute(invoker, new ServicePaths(exposures));
        HttpServer server =
                new HttpServer(
                        new HttpServer.Setting(
                                parts.door(),
                                parts.eventLoops(),
                                List.of(rest),
                                Cors.ANY,
                                HttpLimits.DEFAULTS,
                                CALLS_MAX));
        exposures.start();
        try {
            InetSocketAddress bound =
                    server.start(new InetSocketAddress(draft.host(), draft.port()));
            return new OpenGateway(exposures, server, bound);
        } catch (RuntimeException | Error failed) {
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

    /** Waits until it is closed. */
    public void await() throws InterruptedException {
        closed.await();
    }

    /** Takes no more connections, lets what is under way end for 5 seconds, and ends. */
    @Override
    public void close() {
        if (isClosed.compareAndSet(false, true)) {
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
