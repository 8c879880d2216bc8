package io.tuli.gateway;

import io.tuli.Mesh;
import io.tuli.browser.SocketLimits;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** What a gateway is to be while it can still be changed: by one thread, inside one method. */
final class Draft {

    final Mesh mesh;
    String host = "127.0.0.1";
    int port = 3030;

    /** Names of services by path. */
    Map<String, String> exposed = Map.of();

    /** In which channels events are told, by path; where it is not said, the service says. */
    Map<String, BiFunction<String, @Nullable Object, Set<String>>> heardBy = Map.of();

    Duration within = Duration.ofSeconds(20);
    SocketLimits sockets = SocketLimits.STANDARD;

    Draft(Mesh mesh) {
        this.mesh = mesh;
    }

    Draft(Draft from) {
        this(from.mesh);
        host = from.host;
        port = from.port;
        exposed = from.exposed;
        heardBy = from.heardBy;
        within = from.within;
        sockets = from.sockets;
    }
}
