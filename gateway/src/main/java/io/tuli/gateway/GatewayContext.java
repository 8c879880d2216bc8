package io.tuli.gateway;

import io.tuli.browser.SocketContext;
import io.tuli.browser.SocketRoute;
import io.tuli.channels.ChannelRules;
import io.tuli.console.ConsoleRoute;
import io.tuli.http.HttpServer;
import io.tuli.http.PagesRoute;
import io.tuli.http.Route;
import io.tuli.http.TlsPort;
import io.tuli.invoke.Exposures;
import io.tuli.invoke.Invoker;
import io.tuli.invoke.Logins;
import io.tuli.login.UserLogins;
import io.tuli.loop.MemberParts;
import io.tuli.rest.EventsRoute;
import io.tuli.rest.HealthRoute;
import io.tuli.rest.LoginRoute;
import io.tuli.rest.MetricsRoute;
import io.tuli.rest.OpenApiRoute;
import io.tuli.rest.RestRoute;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** All parts of one gateway, composed. Started once, closed once. */
final class GatewayContext {

    private static final Duration CLOSING = Duration.ofSeconds(5);

    private final GatewayDraft draft;
    private final MemberParts parts;
    private final AtomicBoolean isReady = new AtomicBoolean(true);
    private final Invoker invoker;
    private final Exposures exposures;
    private final @Nullable UserLogins users;
    private final SocketRoute sockets;
    private final EventsRoute events;
    private final @Nullable ConsoleRoute console;
    private final HttpServer server;
    private volatile @Nullable AutoCloseable leaving;

    GatewayContext(GatewayDraft draft) {
        this.draft = draft;
        this.parts = (MemberParts) draft.mesh;
        GatewayDraft.Encryption tls = draft.tls;
        TlsPort port = tls == null ? null : new TlsPort(tls.certificate(), tls.key(), draft.look);
        this.exposures = new Exposures(draft.mesh, draft.exposed);
        Authentication authentication = draft.authentication;
        this.users =
                authentication == null ? null : authentication.logins(draft.mesh, parts.codec());
        Logins logins = users == null ? Logins.NONE : users;
        this.invoker =
                new Invoker(
                        new Invoker.Setting(
                                exposures,
                                parts.codec(),
                                draft.within,
                                new Hooks(parts.codec()).of(draft.hooks)));
        ChannelRules rules =
                new ChannelRules(
                        caller -> draft.joins.apply(caller.told("socketio")), draft.heardBy);
        this.sockets =
                new SocketRoute(
                        new SocketContext(
                                invoker, exposures, logins, rules, draft.cors, draft.sockets));
        this.events =
                new EventsRoute(
                        new EventsRoute.Setting(invoker, exposures, logins, rules, draft.cors));
        this.console =
                draft.hasConsole
                        ? new ConsoleRoute(
                                new ConsoleRoute.Setting(
                                        draft.mesh, exposures, invoker.statistics()))
                        : null;
        this.server =
                new HttpServer(
                        new HttpServer.Setting(
                                parts.door(),
                                parts.eventLoops(),
                                routes(invoker, logins),
                                draft.cors,
                                draft.limits.http(),
                                draft.limits.callsInFlight(),
                                port,
                                draft.proxies));
    }

    /** The first that takes a request answers it. */
    private List<Route> routes(Invoker invoker, Logins logins) {
        List<Route> routes = new ArrayList<>();
        routes.add(sockets);
        routes.add(sockets.plain());
        if (console != null) {
            routes.add(console);
        }
        Supplier<String> metrics = draft.metrics;
        if (metrics != null) {
            routes.add(
                    new MetricsRoute(
                            new MetricsRoute.Setting(metrics, draft.metricsToken, parts.codec())));
        }
        routes.add(
                new HealthRoute(
                        new HealthRoute.Setting(
                                exposures,
                                draft.health,
                                isReady::get,
                                name -> parts.isAnswering(name, draft.within),
                                parts::whyWaiting,
                                parts.codec())));
        String path = logins.path();
        if (path != null) {
            routes.add(new LoginRoute(logins, path, parts.codec()));
        }
        routes.add(new PagesRoute(draft.pages));
        routes.add(
                new OpenApiRoute(
                        new OpenApiRoute.Setting(
                                exposures, path, draft.mesh::service, parts.codec())));
        routes.add(events);
        routes.add(new RestRoute(new RestRoute.Setting(invoker, exposures, logins, draft.headers)));
        return routes;
    }

    /** Begins to answer; where that fails, nothing is left. */
    InetSocketAddress start(InetSocketAddress bind) {
        try {
            exposures.start();
            if (users != null) {
                users.start();
            }
            return server.start(bind);
        } catch (RuntimeException | Error failed) {
            close();
            throw failed;
        }
    }

    /** Ends before the member does. */
    void onLeaving(Runnable end) {
        leaving = parts.onLeaving(end);
    }

    /** So long closing takes at most. */
    Duration closesWithin() {
        return draft.drain.plus(CLOSING);
    }

    HttpServer server() {
        return server;
    }

    Invoker invoker() {
        return invoker;
    }

    GatewayFigures figures() {
        return new GatewayFigures(
                server.connections(),
                sockets.size(),
                events.size(),
                server.waitingBytes(),
                List.of(
                        server.responses(1),
                        server.responses(2),
                        server.responses(3),
                        server.responses(4),
                        server.responses(5)));
    }

    SocketRoute sockets() {
        return sockets;
    }

    void close() {
        isReady.set(false);
        AutoCloseable known = leaving;
        if (known != null) {
            try {
                known.close();
            } catch (Exception unexpected) {
                throw new IllegalStateException(unexpected);
            }
        }
        sockets.close();
        events.close();
        if (console != null) {
            console.close();
        }
        server.close(draft.drain);
        exposures.close();
        if (users != null) {
            users.close();
        }
    }
}
