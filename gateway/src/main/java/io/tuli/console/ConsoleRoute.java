package io.tuli.console;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.tuli.Codec;
import io.tuli.Mesh;
import io.tuli.Refusal;
import io.tuli.http.Exchange;
import io.tuli.http.OwnPage;
import io.tuli.http.Page;
import io.tuli.http.Request;
import io.tuli.http.Response;
import io.tuli.http.Route;
import io.tuli.invoke.CallStatistics;
import io.tuli.invoke.ErrorJson;
import io.tuli.invoke.Exposures;
import io.tuli.loop.MemberParts;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The console at {@code /console/}: its page, what the page asks for, and the stream that it
 * follows. Whoever asks must be at this machine and no stranger's page ({@link OwnPage}). It
 * changes nothing. Thread-safe.
 */
public final class ConsoleRoute implements Route, AutoCloseable {

    private static final String API = ConsoleFiles.ROOT + "api/";
    private static final String RETRY_SECONDS = "2";

    /** So many may follow it, each by a page that is open. */
    static final int STREAMS_MAX = 32;

    /** So many walks over keys and documents at once. */
    private static final int QUERIES_MAX = 4;

    private static final int BODY_BYTES = 1;

    private final Setting setting;
    private final Codec codec;
    private final Map<String, Page> files = ConsoleFiles.all();
    private final KeysView keys;
    private final Bell bell = new Bell();
    private final EventLog log = new EventLog();
    private final Sampler sampler;
    private final Semaphore room = new Semaphore(STREAMS_MAX);
    private final Semaphore queries = new Semaphore(QUERIES_MAX);
    private final Set<Viewer> viewers = ConcurrentHashMap.newKeySet();
    private final AutoCloseable news;
    private volatile boolean isClosing;

    /**
     * What it is made with.
     *
     * @param mesh made by {@code Tuli.join}
     */
    public record Setting(Mesh mesh, Exposures exposures, CallStatistics statistics) {}

    /** Hears of the mesh's events from now on. */
    public ConsoleRoute(Setting setting) {
        this.setting = setting;
        this.codec = ((MemberParts) setting.mesh()).codec();
        this.keys = new KeysView(setting.mesh());
        this.sampler = new Sampler(setting.mesh(), setting.statistics(), bell);
        this.news =
                setting.mesh()
                        .events(
                                event -> {
                                    log.add(event);
                                    bell.ring();
                                });
    }

    @Override
    public boolean takes(HttpRequest head, String path) {
        return path.startsWith(ConsoleFiles.ROOT) || (path + "/").equals(ConsoleFiles.ROOT);
    }

    @Override
    public int bodyBytes() {
        return BODY_BYTES;
    }

    // ---- on the connection's loop --------------------------------------------------------------

    @Override
    public void answer(Exchange exchange) {
        Request request = exchange.request();
        String path = request.path();
        boolean isPage = !path.startsWith(API);
        String refusal =
                OwnPage.refusal(request, exchange.connection().address(), isPage, "the console is");
        if (refusal != null) {
            refuse(exchange, Refusal.forbidden(refusal));
        } else if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
            refuse(exchange, Refusal.methodNotAllowed("The console is read, and changes nothing"));
        } else if (isPage) {
            file(exchange, path);
        } else if (path.equals(API + "stream")) {
            follow(exchange);
        } else {
            query(exchange, path.substring(API.length()));
        }
    }

    private void file(Exchange exchange, String path) {
        Page file = files.get(path);
        if (file != null) {
            exchange.answer(file.to(exchange.request()));
        } else if (path.endsWith("/console")) {
            exchange.answer(Response.empty(308).with(HttpHeaderNames.LOCATION, ConsoleFiles.ROOT));
        } else {
            refuse(exchange, Refusal.notFound("The console has no such page"));
        }
    }

    private void query(Exchange exchange, String what) {
        if (!queries.tryAcquire()) {
            refuse(exchange, Refusal.unavailable("The console is busy: ask again"));
            return;
        }
        Asked asked = Asked.of(exchange.request().query());
        Thread.ofVirtual()
                .name("tuli-console-query")
                .start(
                        () -> {
                            Response response = answered(() -> value(what, asked));
                            queries.release();
                            exchange.connection().loop().execute(() -> exchange.answer(response));
                        });
    }

    private void follow(Exchange exchange) {
        if (!exchange.request().method().equals("GET")) {
            refuse(exchange, Refusal.methodNotAllowed("A stream is asked for by GET"));
        } else if (isClosing || !room.tryAcquire()) {
            refuse(exchange, Refusal.unavailable("As many look at the console as may"));
        } else {
            begin(exchange);
        }
    }

    private void begin(Exchange exchange) {
        Viewer viewer;
        try {
            viewer =
                    new Viewer(
                            new Viewer.Context(setting, codec, keys, log, bell, sampler),
                            Asked.of(exchange.request().query()),
                            this::left);
        } catch (Refusal malformed) {
            room.release();
            refuse(exchange, malformed);
            return;
        }
        viewers.add(viewer);
        sampler.looked();
        viewer.open(exchange);
        if (isClosing) {
            viewer.close();
        }
    }

    private void left(Viewer viewer) {
        if (viewers.remove(viewer)) {
            sampler.left();
            room.release();
        }
    }

    private void refuse(Exchange exchange, Refusal refusal) {
        exchange.answer(response(refusal));
    }

    private Response response(Refusal refusal) {
        Response response = plain(refusal.code(), ErrorJson.bytes(refusal, codec));
        return refusal.code() == 503
                ? response.with(HttpHeaderNames.RETRY_AFTER, RETRY_SECONDS)
                : response;
    }

    private static Response plain(int status, byte[] json) {
        return Response.json(status, json)
                .with(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .with("Cross-Origin-Resource-Policy", "same-origin")
                .with("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    }

    // ---- on a thread that may wait -------------------------------------------------------------

    private Response answered(Supplier<Map<String, @Nullable Object>> value) {
        try {
            return plain(200, codec.encode(value.get()).bytes());
        } catch (RuntimeException | Error refused) {
            return response(ErrorJson.refusal(refused));
        }
    }

    private Map<String, @Nullable Object> value(String what, Asked asked) {
        return switch (what) {
            case "keys" ->
                    keys.keys(
                            asked.text("service"),
                            asked.text("prefix"),
                            asked.text("after"),
                            asked.number("limit", 100, KeysView.LIMIT_MAX));
            case "document" -> keys.document(asked.text("service"), asked.text("key"), codec);
            case "events" ->
                    Map.of(
                            "events",
                            log.after(asked.number("after", 0, Integer.MAX_VALUE)).stream()
                                    .map(EventLog.Logged::event)
                                    .toList());
            case "state" ->
                    StateView.of(setting.mesh(), setting.exposures().all(), sampler.takenNow());
            case "ring" -> ring(asked.text("service"));
            default ->
                    throw Refusal.notFound(
                            "The console has "
                                    + List.of("state", "ring", "keys", "document")
                                    + ", events and stream");
        };
    }

    private Map<String, @Nullable Object> ring(String service) {
        if (setting.mesh().service(service).isEmpty()) {
            throw Refusal.notFound("Nobody serves such a service");
        }
        return StateView.ring(service, sampler.reports(service));
    }

    @Override
    public void close() {
        isClosing = true;
        viewers.forEach(Viewer::close);
        try {
            news.close();
        } catch (Exception unexpected) {
            throw new IllegalStateException(unexpected);
        }
    }
}
