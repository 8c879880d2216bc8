package io.tuli.gateway;

import io.tuli.Caller;
import io.tuli.Mesh;
import io.tuli.browser.SocketLimits;
import io.tuli.header.Cors;
import io.tuli.header.Proxies;
import io.tuli.http.Page;
import io.tuli.invoke.Exposing;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** All that is said of a gateway, while a copy of it is being changed; then nobody writes it. */
final class GatewayDraft {

    final Mesh mesh;
    final Map<String, Exposing> exposed;
    final Map<String, Set<String>> health;
    final Set<String> headers;

    /** Files by path. */
    final Map<String, Page> pages;

    /** In which channels events are told, by path; where it is not said, the service says. */
    final Map<String, BiFunction<String, @Nullable Object, Set<String>>> heardBy;

    /** By path, in order. */
    final Map<String, List<GatewayHook>> hooks;

    @Nullable Authentication authentication;
    Function<Caller, Set<String>> joins = caller -> Set.of();
    String host = "127.0.0.1";
    int port = 3030;
    @Nullable Encryption tls;
    Duration look = Duration.ofSeconds(5);
    Proxies proxies = Proxies.NONE;
    boolean isOpen;
    boolean hasConsole;
    @Nullable Supplier<String> metrics;
    String metricsToken = "";
    Duration within = Duration.ofSeconds(20);
    Duration drain = Duration.ofSeconds(5);
    Cors cors = Cors.ANY;
    GatewayLimits limits = GatewayLimits.DEFAULTS;
    SocketLimits sockets = SocketLimits.STANDARD;

    /** The files of a certificate and of the key to it. */
    record Encryption(Path certificate, Path key) {}

    GatewayDraft(Mesh mesh) {
        this.mesh = mesh;
        this.exposed = new TreeMap<>();
        this.health = new TreeMap<>();
        this.headers = new TreeSet<>();
        this.pages = new TreeMap<>();
        this.heardBy = new TreeMap<>();
        this.hooks = new TreeMap<>();
    }

    GatewayDraft(GatewayDraft from) {
        this.mesh = from.mesh;
        this.exposed = new TreeMap<>(from.exposed);
        this.health = new TreeMap<>(from.health);
        this.headers = new TreeSet<>(from.headers);
        this.pages = new TreeMap<>(from.pages);
        this.heardBy = new TreeMap<>(from.heardBy);
        this.hooks = new TreeMap<>();
        from.hooks.forEach((path, all) -> hooks.put(path, new ArrayList<>(all)));
        this.authentication = from.authentication;
        this.joins = from.joins;
        this.host = from.host;
        this.port = from.port;
        this.tls = from.tls;
        this.look = from.look;
        this.proxies = from.proxies;
        this.isOpen = from.isOpen;
        this.hasConsole = from.hasConsole;
        this.metrics = from.metrics;
        this.metricsToken = from.metricsToken;
        this.within = from.within;
        this.drain = from.drain;
        this.cors = from.cors;
        this.limits = from.limits;
        this.sockets = from.sockets;
    }
}
