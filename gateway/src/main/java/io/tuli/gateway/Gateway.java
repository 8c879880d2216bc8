package io.tuli.gateway;

import io.tuli.Mesh;
import io.tuli.ServiceConfig;
import io.tuli.error.Excerpt;
import io.tuli.error.Require;
import io.tuli.loop.MemberParts;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

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
     * All that is said.
     *
     * @param exposed names of services by path
     */
    record Draft(Mesh mesh, String host, int port, Map<String, String> exposed, Duration within) {

        Draft {
            exposed = Map.copyOf(exposed);
        }
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
        return new Gateway(new Draft(mesh, "127.0.0.1", 3030, Map.of(), Duration.ofSeconds(20)));
    }

    /** Where to listen; 0 takes any port that is free. */
    public Gateway port(int port) {
        Require.argument(port >= 0 && port <= PORT_MAX, "a port is 0..65535", port);
        return new Gateway(new Draft(draft.mesh, draft.host, port, draft.exposed, draft.within));
    }

    /** The address or name to listen at. */
    public Gateway host(String host) {
        Objects.requireNonNull(host);
        return new Gateway(new Draft(draft.mesh, host, draft.port, draft.exposed, draft.within));
    }

    /**
     * Exposes services, each at the path that is its name, its dots read as slashes. They need not
     * be served yet: until somebody serves them, they are not found.
     */
    public Gateway expose(String... services) {
        Map<String, String> all = new TreeMap<>(draft.exposed);
        for (String each : services) {
            Require.argument(
                    ServiceConfig.isName(each), "a service name is [A-Za-z0-9_.-]{1,100}", each);
            String path = each.replace('.', '/');
            String before = all.put(path, each);
            Require.argument(
                    before == null || before.equals(each),
                    "each service has a path of its own",
                    Excerpt.of(path));
        }
        return new Gateway(new Draft(draft.mesh, draft.host, draft.port, all, draft.within));
    }

    /** So long a call may take: 20 seconds unless this is said. */
    public Gateway within(Duration within) {
        Require.argument(within.isPositive(), "a deadline is positive", within);
        return new Gateway(new Draft(draft.mesh, draft.host, draft.port, draft.exposed, within));
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
