package io.tuli.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.tuli.gateway.EndedCall;
import io.tuli.gateway.OpenGateway;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What a gateway does, as meters of Micrometer: {@code GatewayMetrics.of(open).bindTo(registry)}.
 * Calls are timed as they end, by path, transport, method and status. Which methods clients make up
 * is theirs to say: all but the six are {@code own}, so there are not more meters than services
 * were exposed for. Thread-safe. Close it to measure no more.
 */
public final class GatewayMetrics implements MeterBinder, AutoCloseable {

    private static final Set<String> SIX =
            Set.of("find", "get", "create", "update", "patch", "remove");
    private static final int CLASSES = 5;

    private final OpenGateway gateway;
    private final List<AutoCloseable> bound = new CopyOnWriteArrayList<>();

    private GatewayMetrics(OpenGateway gateway) {
        this.gateway = gateway;
    }

    /** Of a gateway that has been started. */
    public static GatewayMetrics of(OpenGateway gateway) {
        return new GatewayMetrics(gateway);
    }

    /** Adds the gateway's meters to a registry, which shows them from now on. */
    @Override
    public void bindTo(MeterRegistry registry) {
        Meters meters = new Meters(registry);
        meters.gauge(
                "tuli.gateway.connections",
                "Connections of clients",
                Tags.empty(),
                () -> gateway.figures().connections());
        meters.gauge(
                "tuli.gateway.sockets",
                "Clients of Socket.IO with a session",
                Tags.empty(),
                () -> gateway.figures().sockets());
        meters.gauge(
                "tuli.gateway.streams",
                "Streams of server-sent events",
                Tags.empty(),
                () -> gateway.figures().streams());
        meters.gauge(
                "tuli.gateway.waiting",
                "Bytes of requests that have not been answered",
                Tags.empty(),
                () -> gateway.figures().waitingBytes());
        for (int statusClass = 1; statusClass <= CLASSES; statusClass++) {
            int at = statusClass - 1;
            meters.counter(
                    "tuli.gateway.responses",
                    "Responses of HTTP",
                    Tags.of("status", statusClass + "xx"),
                    gateway,
                    open -> open.figures().responses().get(at));
        }
        Map<Tags, Timer> timers = new ConcurrentHashMap<>();
        AutoCloseable heard =
                gateway.onCall(
                        call ->
                                timers.computeIfAbsent(
                                                tags(call),
                                                tags ->
                                                        meters.timer(
                                                                "tuli.gateway.calls",
                                                                "Calls of clients, until answered",
                                                                tags))
                                        .record(call.took()));
        bound.add(
                () -> {
                    heard.close();
                    meters.close();
                });
    }

    private static Tags tags(EndedCall call) {
        return Tags.of(
                "path",
                call.path().isEmpty() ? "none" : call.path(),
                "transport",
                call.provider(),
                "method",
                SIX.contains(call.method()) ? call.method() : "own",
                "status",
                String.valueOf(call.status()));
    }

    @Override
    public void close() {
        for (AutoCloseable each : bound) {
            try {
                each.close();
            } catch (Exception unexpected) {
                throw new IllegalStateException(unexpected);
            }
        }
        bound.clear();
    }

    @Override
    public String toString() {
        return "metrics of " + gateway;
    }
}
