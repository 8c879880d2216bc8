package io.tuli.gateway;

import io.tuli.Caller;
import io.tuli.Mesh;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import io.tuli.browser.SocketLimits;
import io.tuli.error.Excerpt;
import io.tuli.error.Nearest;
import io.tuli.error.Require;
import io.tuli.header.Cors;
import io.tuli.header.Proxies;
import io.tuli.http.Page;
import io.tuli.invoke.Exposing;
import io.tuli.loop.MemberParts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a gateway is to be: {@code Gateway.on(mesh).port(3030).expose("todos").start()} lets
 * browsers and plain HTTP clients call services of the mesh. Nothing is exposed that was not named.
 * Immutable; each method answers a changed copy.
 */
public final class Gateway {

    private static final int PORT_MAX = 65_535;
    private static final int TOKEN_CHARS_MIN = 32;

    private final GatewayDraft draft;

    private Gateway(GatewayDraft draft) {
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
        Require.argument(
                mesh.self().isServer(),
                "a gateway is on a server, for only servers say for whom they call",
                mesh.self());
        return new Gateway(new GatewayDraft(mesh));
    }

    private Gateway with(Consumer<GatewayDraft> change) {
        GatewayDraft other = new GatewayDraft(draft);
        change.accept(other);
        return new Gateway(other);
    }

    // ---- where ---------------------------------------------------------------------------------

    /** Where to listen; 0 takes any port that is free. 3030 unless this is said. */
    public Gateway port(int port) {
        Require.argument(port >= 0 && port <= PORT_MAX, "a port is 0..65535", port);
        return with(other -> other.port = port);
    }

    /**
     * The address or name to listen at: 127.0.0.1 unless this is said. One that others reach needs
     * {@link #authentication} or {@link #openToAll}, too.
     */
    public Gateway host(String host) {
        Objects.requireNonNull(host);
        return with(other -> other.host = host);
    }

    /**
     * Speaks TLS 1.3, so {@code https} and {@code wss}, and nothing else. The files are looked at
     * every 5 seconds: what is put in their place is shown to new connections, and what is wrong
     * with it leaves the earlier ones in force.
     *
     * @param certificate a file in PEM: the certificate, then those between it and its authority
     * @param key a file in PEM that is its owner's alone: the key to it, in PKCS#8
     */
    public Gateway tls(Path certificate, Path key) {
        Objects.requireNonNull(certificate);
        Objects.requireNonNull(key);
        return with(other -> other.tls = new GatewayDraft.Encryption(certificate, key));
    }

    /** For tests: how often the files are looked at. */
    Gateway look(Duration every) {
        return with(other -> other.look = every);
    }

    /** Whoever reaches the port may call what is exposed. */
    public Gateway openToAll() {
        return with(other -> other.isOpen = true);
    }

    /**
     * Shows the mesh at {@code /console/}: who owns what, members, services, keys and documents of
     * the replicas here, events and rates. It changes nothing. It is for people at this machine:
     * the gateway must listen at a loopback address, and pages of other origins cannot read it.
     */
    public Gateway console() {
        return with(other -> other.hasConsole = true);
    }

    /**
     * Gives out at {@code /metrics} what is measured: to who is at this machine, as with {@link
     * #console}. Nothing is measured for it but what the text is made of; with Micrometer it is a
     * registry's {@code scrape}, and the module {@code tuli-metrics} fills that.
     *
     * @param text in Prometheus' format; called on a thread that may wait, two at a time
     */
    public Gateway metrics(Supplier<String> text) {
        return metrics(text, "");
    }

    /**
     * The same, and to whoever shows a token: {@code Authorization: Bearer <token>}.
     *
     * @param token of at least 32 characters that nobody can guess; empty for nobody else
     */
    public Gateway metrics(Supplier<String> text, String token) {
        Objects.requireNonNull(text);
        Require.argument(
                token.isEmpty() || token.length() >= TOKEN_CHARS_MIN,
                "a token for metrics has at least 32 characters",
                token.length() + " characters");
        return with(
                other -> {
                    other.metrics = text;
                    other.metricsToken = token;
                });
    }

    // ---- what ----------------------------------------------------------------------------------

    /**
     * Exposes services, each at the path that is its name, its dots read as slashes. They need not
     * be served yet: until somebody serves them, they are not found.
     */
    public Gateway expose(String... services) {
        return with(
                other -> {
                    for (String each : services) {
                        requireName(each);
                        expose(other, each, each.replace('.', '/'));
                    }
                });
    }

    /**
     * Exposes a service at another path.
     *
     * @param path 1 to 16 names joined by slashes, each of {@code [A-Za-z0-9_.~-]}
     */
    public Gateway exposeAs(String path, String service) {
        requireName(service);
        Require.argument(
                path.matches("[A-Za-z0-9_.~-]+(/[A-Za-z0-9_.~-]+){0,15}"),
                "a path is 1 to 16 names of [A-Za-z0-9_.~-] joined by slashes",
                Excerpt.of(path));
        return with(other -> expose(other, service, path));
    }

    private static void expose(GatewayDraft draft, String service, String path) {
        Exposing before = draft.exposed.putIfAbsent(path, Exposing.of(service));
        Require.argument(
                before == null || before.service().equals(service),
                "each service has a path of its own",
                Excerpt.of(path));
    }

    private static void requireName(String service) {
        Require.argument(
                ServiceConfig.isName(service),
                "a service name is [A-Za-z0-9_.-]{1,100}",
                Excerpt.of(service));
    }

    /**
     * Lets one call mean several records of these services: lists are created, and a patch or a
     * removal without an id is of all that its query matches, 1,000 at most. Each record is decided
     * by itself, and the first failure is what the call fails with: it is no transaction.
     *
     * @param services that are exposed already
     */
    public Gateway many(String... services) {
        return with(
                other -> {
                    for (String each : services) {
                        requireExposed(each);
                        other.exposed.replaceAll(
                                (path, said) ->
                                        said.service().equals(each)
                                                ? new Exposing(each, true, said.methods())
                                                : said);
                    }
                });
    }

    /**
     * Lets only these methods of a service be called; others are 405, before it is asked who calls.
     *
     * @param service that is exposed already
     */
    public Gateway methods(String service, String... methods) {
        requireExposed(service);
        Set<String> only = Set.of(methods);
        return with(
                other ->
                        other.exposed.replaceAll(
                                (path, said) ->
                                        said.service().equals(service)
                                                ? new Exposing(service, said.isMany(), only)
                                                : said));
    }

    /**
     * Runs a hook before calls of a service, at the gateway; those declared first run first.
     *
     * @param service that is exposed already
     */
    public Gateway hook(String service, GatewayHook hook) {
        requireExposed(service);
        Objects.requireNonNull(hook);
        return with(
                other ->
                        other.exposed.forEach(
                                (path, said) -> {
                                    if (said.service().equals(service)) {
                                        other.hooks
                                                .computeIfAbsent(path, none -> new ArrayList<>())
                                                .add(hook);
                                    }
                                }));
    }

    /**
     * Believes these who it is that they pass requests on for, as {@code X-Forwarded-For} says: it
     * is that address which limits and the access log are about. Of nobody else that header is
     * looked at.
     *
     * @param proxies each an address, or a range as {@code 10.0.0.0/8}
     */
    public Gateway proxies(String... proxies) {
        Proxies named = Proxies.of(List.of(proxies));
        return with(other -> other.proxies = named);
    }

    /** Lets users log in. */
    public Gateway authentication(Authentication authentication) {
        authentication.requireWhole();
        return with(other -> other.authentication = authentication);
    }

    /**
     * The channels that connections of a caller are in, besides {@code everybody}. The rule depends
     * on the caller alone; it is asked at each login and logout, and what it throws means none.
     */
    public Gateway joins(Function<Caller, Set<String>> rule) {
        Objects.requireNonNull(rule);
        return with(other -> other.joins = rule);
    }

    private void requireExposed(String service) {
        List<String> names = new ArrayList<>();
        draft.exposed.values().forEach(each -> names.add(each.service()));
        if (!names.contains(service)) {
            throw new IllegalArgumentException(
                    "expose a service before you say more of it: "
                            + Excerpt.of(service)
                            + Nearest.question(service, names));
        }
    }

    /**
     * Tells services these headers of HTTP requests, as headers of the message, their names in
     * lower case. None unless this is said.
     */
    public Gateway headers(String... names) {
        return with(
                other -> {
                    for (String each : names) {
                        String name = each.toLowerCase(Locale.ROOT);
                        Require.argument(
                                ServiceConfig.isName(name) && !GatewayHeaders.isOurs(name),
                                "a header's name is [A-Za-z0-9_.-]{1,100}, and none of "
                                        + GatewayHeaders.ours(),
                                Excerpt.of(each));
                        other.headers.add(name);
                    }
                });
    }

    /**
     * In which channels events of a service are told, in place of what the service itself says
     * ({@code Resource.heardBy}). Every connection is in the channel {@code everybody}. The rule is
     * called by many threads, and whatever it throws means that nobody hears the event.
     *
     * @param service that is exposed already
     * @param rule of the event's name and what it tells, as JSON-like values
     */
    public Gateway heardBy(String service, BiFunction<String, @Nullable Object, Set<String>> rule) {
        requireExposed(service);
        Objects.requireNonNull(rule);
        return with(
                other ->
                        other.exposed.forEach(
                                (path, said) -> {
                                    if (said.service().equals(service)) {
                                        other.heardBy.put(path, rule);
                                    }
                                }));
    }

    /**
     * Gives out a file at a path, to whoever reads it, as the page of an application: it may load
     * what this gateway has, and nothing of other origins. It hides a service of that path from
     * readers.
     *
     * @param path {@code /}, or names of {@code [A-Za-z0-9_.~-]}, each after a slash
     * @param type such as {@code text/html; charset=utf-8}
     * @param file not written to any more
     */
    public Gateway page(String path, String type, byte[] file) {
        Require.argument(
                path.matches("/|(/[A-Za-z0-9_.~-]+){1,16}"),
                "a page's path is / or names of [A-Za-z0-9_.~-], each after a slash",
                Excerpt.of(path));
        Require.argument(
                type.matches("[a-z0-9.+-]+/[a-z0-9.+-]+(; ?charset=[A-Za-z0-9-]+)?"),
                "a type is as text/html; charset=utf-8",
                Excerpt.of(type));
        Page page = Page.of(type, file, Page.OWN_ORIGIN);
        return with(other -> other.pages.put(path, page));
    }

    /**
     * Names services together for {@code /distribution/healthcheck/<key>}. Each service is a key of
     * its own besides.
     */
    public Gateway health(String key, String... services) {
        Require.argument(ServiceConfig.isName(key), "a key is [A-Za-z0-9_.-]{1,100}", key);
        for (String each : services) {
            requireExposed(each);
        }
        return with(other -> other.health.put(key, new TreeSet<>(Set.of(services))));
    }

    // ---- how -----------------------------------------------------------------------------------

    /**
     * Lets pages of these origins alone read what is answered, as {@code https://shop.example}; of
     * any unless this is said.
     */
    public Gateway origins(String... origins) {
        for (String each : origins) {
            Require.argument(
                    each.matches("https?://[^/?#\\s,]+"),
                    "an origin is http(s)://host[:port]",
                    Excerpt.of(each));
        }
        Require.argument(origins.length > 0, "say at least one origin", origins.length);
        return with(other -> other.cors = new Cors(Set.of(origins)));
    }

    /** So long a call may take: 20 seconds unless this is said. */
    public Gateway within(Duration within) {
        Require.argument(within.isPositive(), "a deadline is positive", within);
        return with(other -> other.within = within);
    }

    /** So long what is under way may take when it closes: 5 seconds unless this is said. */
    public Gateway drain(Duration drain) {
        Require.argument(!drain.isNegative(), "a time to drain is not negative", drain);
        return with(other -> other.drain = drain);
    }

    /** What clients may have of it. */
    public Gateway limits(GatewayLimits limits) {
        Objects.requireNonNull(limits);
        return with(other -> other.limits = limits);
    }

    /** For tests: other bounds of connections of Socket.IO. */
    Gateway sockets(SocketLimits limits) {
        return with(other -> other.sockets = limits);
    }

    // ---- the end -------------------------------------------------------------------------------

    /**
     * Begins to answer. May block for a moment.
     *
     * @throws IllegalStateException where others could reach it, and nothing says that they may
     * @throws TuliException UNAVAILABLE when the port is taken, BAD_REQUEST where the files of
     *     {@link #tls} are not as they must be
     */
    public OpenGateway start() {
        return OpenGateway.start(draft);
    }

    @Override
    public String toString() {
        return "gateway of " + draft.exposed.keySet() + " at " + draft.host + ":" + draft.port;
    }
}
