package io.tuli.gateway;

import io.tuli.Mesh;
import io.tuli.ServiceConfig;
import io.tuli.browser.SocketLimits;
import io.tuli.error.Excerpt;
import io.tuli.error.Require;
import io.tuli.loop.MemberParts;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a gateway is to be: {@code Gateway.on(mesh).port(3030).expose("todos").start()} lets
 * browsers and plain HTTP clients call services of the mesh. Nothing is exposed that was not named.
 * Immutable; each method answers a changed copy.
 */
public final class Gateway {

    private static final int PORT_MAX = 65_535;

    private final Draft draft;

    private Gateway(Draft draft) {
        this.draft = draft;
    }

    /**
     * On a member, whose event loops it shares: at 127.0.0.1 and port 3030, and with nothing
     * exposed.
     *
     * @throws IllegalArgumentException for a mesh that {@code Tuli.join} has not made
     */
    public static Gateway on(Mesh mesh) {
        Require.argument(
                mesh instanceof MemberParts, "a gateway is on a mesh of Tuli.join", mesh.name());
        return new Gateway(new Draft(mesh));
    }

    /** Where to listen; 0 takes any port that is free. */
    public Gateway port(int port) {
        Require.argument(port >= 0 && port <= PORT_MAX, "a port is 0..65535", port);
        Draft next = new Draft(draft);
        next.port = port;
        return new Gateway(next);
    }

    /** The address or name to listen at. */
    public Gateway host(String host) {
        Draft next = new Draft(draft);
        next.host = Objects.requireNonNull(host);
        return new Gateway(next);
    }

    /**
     * Exposes services, each at the path that is its name, its dots read as slashes. They need not
     * be served yet: until somebody serves them, they are not found.
     */
    public Gateway expose(String... services) {
        Map<String, String> all = new TreeMap<>(draft.exposed);
        for (String each : services) {
            String path = pathOf(each);
            String before = all.put(path, each);
            Require.argument(
                    before == null || before.equals(each),
                    "each service has a path of its own",
                    Excerpt.of(path));
        }
        Draft next = new Draft(draft);
        next.exposed = Collections.unmodifiableMap(all);
        return new Gateway(next);
    }

    private static String pathOf(String service) {
        Require.argument(
                ServiceConfig.isName(service), "a service name is [A-Za-z0-9_.-]{1,100}", service);
        return service.replace('.', '/');
    }

    /**
     * In which channels events of a service are told, in place of what the service itself says
     * ({@code Resource.heardBy}). Every connection is in the channel {@code everybody}. The rule is
     * called by many threads, and whatever it throws means that nobody hears the event.
     *
     * @param rule of the event's name and what it tells, as JSON-like values
     */
    public Gateway heardBy(String service, BiFunction<String, @Nullable Object, Set<String>> rule) {
        Map<String, BiFunction<String, @Nullable Object, Set<String>>> all =
                new TreeMap<>(draft.heardBy);
        all.put(pathOf(service), Objects.requireNonNull(rule));
        Draft next = new Draft(draft);
        next.heardBy = Collections.unmodifiableMap(all);
        return new Gateway(next);
    }

    /** So long a call may take: 20 seconds unless this is said. */
    public Gateway within(Duration within) {
        Require.argument(within.isPositive(), "a deadline is positive", within);
        Draft next = new Draft(draft);
        next.within = within;
        return new Gateway(next);
    }

    /** For tests: other bounds of connections of Socket.IO. */
    Gateway sockets(SocketLimits limits) {
        Draft next = new Draft(draft);
        next.sockets = limits;
        return new Gateway(next);
    }

    /**
     * Begins to answer. May block for a moment.
     *
     * @throws io.tuli.TuliException UNAVAILABLE when the port is taken
     */
    public OpenGateway start() {
        return OpenGateway.start(draft);
    }

    @Override
    public String toString() {
        return "gateway of " + draft.exposed.values() + " at " + draft.host + ":" + draft.port;
    }
}
