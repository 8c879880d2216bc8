package io.tuli.gateway;

import io.tuli.Mesh;
import io.tuli.browser.SocketLimits;
import io.tuli.http.Cors;
import io.tuli.invoke.Exposing;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** All that is said of a gateway, while a copy of it is being changed; then nobody writes it. */
final class GatewayDraft {

    final Mesh mesh;
    final Map<String, Exposing> exposed;
    final Map<String, Set<String>> health;
    final Set<String> headers;

    /** In which channels events are told, by path; where it is not said, the service says. */
    final Map<String, BiFunction<String, @Nullable Object, Set<String>>> heardBy;

    String host = "127.0.0.1";
    int port = 3030;
    boolean isOpen;
    Duration within = Duration.ofSeconds(20);
    Duration drain = Duration.ofSeconds(5);
    Cors cors = Cors.ANY;
    GatewayLimits limits = GatewayLimits.DEFAULTS;
    SocketLimits sockets = SocketLimits.STANDARD;

    GatewayDraft(Mesh mesh) {
        this.mesh = mesh;
        this.exposed = new TreeMap<>();
        this.health = new TreeMap<>();
        this.headers = new TreeSet<>();
        this.heardBy = new TreeMap<>();
    }

    GatewayDraft(GatewayDraft from) {
        this.mesh = from.mesh;
        this.exposed = new TreeMap<>(from.exposed);
        this.health = new TreeMap<>(from.health);
        this.headers = new TreeSet<>(from.headers);
        this.heardBy = new TreeMap<>(from.heardBy);
        this.host = from.host;
        this.port = from.port;
        this.isOpen = from.isOpen;
        this.within = from.within;
        this.drain = from.drain;
        this.cors = from.cors;
        this.limits = from.limits;
        this.sockets = from.sockets;
    }
}
