package io.tuli.rest;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.tuli.Refusal;
import io.tuli.Resource;
import io.tuli.channels.ChannelRules;
import io.tuli.channels.Following;
import io.tuli.header.Cors;
import io.tuli.http.EventStream;
import io.tuli.http.Exchange;
import io.tuli.http.Request;
import io.tuli.http.Route;
import io.tuli.invoke.Caller;
import io.tuli.invoke.ErrorJson;
import io.tuli.invoke.Exposed;
import io.tuli.invoke.Exposures;
import io.tuli.invoke.Invocation;
import io.tuli.invoke.Invoker;
import io.tuli.invoke.Login;
import io.tuli.invoke.Logins;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Committed events of a service as server-sent events: {@code GET /todos} of whoever accepts {@code
 * text/event-stream}, and {@code GET /todos/7} for those of one record. Each event has an id; a
 * client that sends the last one it has seen as {@code Last-Event-ID} misses nothing and gets
 * nothing twice, at any gateway, as far back as the changelog goes. Thread-safe.
 */
public final class EventsRoute implements Route, AutoCloseable {

    private static final String STREAM = "text/event-stream";
    private static final String RESET = "reset";
    private static final byte[] NOTHING = "{}".getBytes(StandardCharsets.US_ASCII);
    private static final int STREAMS_MAX = 1_000;
    private static final String RETRY_SECONDS = "5";

    private final Setting setting;
    private final ServicePaths paths;
    private final Semaphore room = new Semaphore(STREAMS_MAX);
    private final Set<EventStream> open = ConcurrentHashMap.newKeySet();
    private volatile boolean isClosing;

    /** What it is made with. */
    public record Setting(
            Invoker invoker, Exposures exposures, Logins logins, ChannelRules rules, Cors cors) {}

    public EventsRoute(Setting setting) {
        this.setting = setting;
        this.paths = new ServicePaths(path -> setting.exposures().find(path).isPresent());
    }

    @Override
    public boolean takes(HttpRequest head, String path) {
        String accept = head.headers().get(HttpHeaderNames.ACCEPT, "");
        return head.method().equals(HttpMethod.GET) && accept.contains(STREAM);
    }

    @Override
    public String shown(Request request) {
        return paths.shown(request.path());
    }

    @Override
    public void answer(Exchange exchange) {
        try {
            ServicePaths.Found found = paths.find(exchange.request().path());
            String authorization = exchange.request().header(HttpHeaderNames.AUTHORIZATION);
            if (authorization.isEmpty() || setting.logins().path() == null) {
                permit(exchange, found, Caller.ANONYMOUS, null);
                return;
            }
            setting.logins()
                    .verify(authorization, exchange.connection())
                    .whenComplete(
                            (login, failed) ->
                                    permit(exchange, found, Caller.proven(login, failed), login));
        } catch (Refusal refused) {
            refuse(exchange, refused);
        }
    }

    /** Whoever may find what is there may hear what is told of it. */
    private void permit(
            Exchange exchange, ServicePaths.Found found, Caller caller, @Nullable Login login) {
        exchange.by(caller);
        Invocation asked =
                new Invocation(
                        exchange.connection(),
                        caller,
                        new Invocation.Target(found.path(), Resource.FIND, null),
                        null,
                        new Invocation.Asked(new HashMap<>(), true, Map.of(), null));
        setting.invoker()
                .permit(asked)
                .whenComplete(
                        (permitted, failed) -> {
                            if (failed != null) {
                                refuse(exchange, ErrorJson.refusal(failed));
                            } else {
                                begin(exchange, found, caller, login);
                            }
                        });
    }

    private void begin(
            Exchange exchange, ServicePaths.Found found, Caller caller, @Nullable Login login) {
        Exposed exposed = setting.exposures().find(found.path()).orElse(null);
        if (exposed == null) {
            refuse(exchange, Refusal.unavailable("Nobody serves it any more"));
            return;
        }
        if (isClosing || !room.tryAcquire()) {
            refuse(exchange, Refusal.unavailable("There is no room for another stream of events"));
            return;
        }
        Listening listening =
                new Listening(exposed, found.id(), setting.rules().channelsOf(caller));
        long closesAfter =
                login == null
                        ? Long.MAX_VALUE
                        : Math.max(0, login.believedUntilMillis() - System.currentTimeMillis());
        String last = exchange.request().header("Last-Event-ID");
        Thread.ofVirtual()
                .name("tuli-gateway-events")
                .start(
                        () -> {
                            Refusal refusal = listening.following.begin(last);
                            exchange.connection()
                                    .loop()
                                    .execute(() -> listening.open(exchange, closesAfter, refusal));
                        });
    }

    /** How many listen now. */
    public int size() {
        return STREAMS_MAX - room.availablePermits();
    }

    private void refuse(Exchange exchange, Refusal refusal) {
        exchange.answer(RefusalResponse.of(refusal, setting.invoker().codec(), RETRY_SECONDS));
    }

    private HttpResponse head(Request request) {
        HttpResponse head = EventStream.head(request);
        setting.cors().put(request.headers(), head.headers());
        return head;
    }

    /** Those who listen are told to come back elsewhere. */
    @Override
    public void close() {
        isClosing = true;
        open.forEach(EventStream::close);
    }

    /** One client's connection, and what it follows. */
    private final class Listening implements Following.Sink {

        private final Following following;
        private final EventStream stream = new EventStream(this::end);

        Listening(Exposed exposed, @Nullable String id, Set<String> channels) {
            this.following = new Following(exposed, id, setting.rules(), channels, this);
        }

        void open(Exchange exchange, long closesAfterMillis, @Nullable Refusal refusal) {
            if (refusal != null) {
                end();
                refuse(exchange, refusal);
                return;
            }
            try {
                ChannelHandlerContext decoder = exchange.upgrade();
                open.add(stream);
                stream.open(
                        decoder, head(exchange.request()), closesAfterMillis, following.isReset());
            } catch (IllegalStateException gone) {
                end();
                return;
            }
            following.onEnded(stream::close);
            if (isClosing) {
                stream.close();
            }
        }

        private void end() {
            open.remove(stream);
            room.release();
            following.close();
        }

        @Override
        public void event(String name, String place, byte[] json) throws InterruptedException {
            if (stream.awaitOpen()) {
                stream.tell(name, place, json);
            }
        }

        @Override
        public void reset(String place) throws InterruptedException {
            event(RESET, place, NOTHING);
        }
    }
}
