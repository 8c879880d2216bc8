package io.tuli.rest;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.tuli.Change;
import io.tuli.Feed;
import io.tuli.Position;
import io.tuli.Refusal;
import io.tuli.Resource;
import io.tuli.channels.ChannelRules;
import io.tuli.http.Cors;
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
import io.tuli.invoke.PayloadJson;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
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
    private static final Duration SYNC = Duration.ofSeconds(5);
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
                            Refusal refusal = listening.subscribe(last);
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

    /** One client's feed, and its connection. */
    private final class Listening {

        private final Exposed exposed;
        private final @Nullable String id;
        private final Set<String> channels;
        private final EventStream stream = new EventStream(this::end);
        private volatile Feed.@Nullable Subscription feed;
        private boolean isReset;

        Listening(Exposed exposed, @Nullable String id, Set<String> channels) {
            this.exposed = exposed;
            this.id = id;
            this.channels = channels;
        }

        /**
         * Before it is answered: so what its client does after the answer is told it. Once there is
         * a whole replica here: before, nobody knows where the changelogs are now.
         *
         * @return why it cannot be; null if it can
         */
        @Nullable Refusal subscribe(String last) {
            if (!exposed.hasDocuments()) {
                return null;
            }
            try {
                exposed.service().awaitSync(SYNC);
                feed = begun(last);
                return null;
            } catch (RuntimeException failed) {
                return ErrorJson.refusal(failed);
            }
        }

        private Feed.Subscription begun(String last) {
            if (!last.isEmpty()) {
                try {
                    Position place = StreamPlace.parse(last);
                    Feed.Subscription begun = begun(place);
                    if (place.exact().size() == begun.position().exact().size()) {
                        return begun;
                    }
                    begun.close(); // it is a place in another service
                } catch (IllegalArgumentException none) {
                    // as if it had said nothing
                }
                isReset = true;
            }
            return begun(Position.latest());
        }

        private Feed.Subscription begun(Position from) {
            return exposed.service().feed().events().from(from).each(this::tell);
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
                stream.open(decoder, head(exchange.request()), closesAfterMillis, isReset);
            } catch (IllegalStateException gone) {
                end();
                return;
            }
            Feed.Subscription begun = feed;
            if (begun != null) {
                begun.ended().whenComplete((ended, failed) -> stream.close());
            }
            if (isClosing) {
                stream.close();
            }
        }

        private void end() {
            open.remove(stream);
            room.release();
            Feed.Subscription begun = feed;
            if (begun != null) {
                begun.close();
            }
        }

        private void tell(Change change) {
            try {
                if (!stream.awaitOpen()) {
                    return;
                }
                if (change.kind() != Change.Kind.EVENT) {
                    stream.tell(RESET, placeAfter(change), NOTHING);
                } else if (isMeant(change)) {
                    stream.tell(
                            change.event(),
                            placeAfter(change),
                            PayloadJson.of(change.payload(), change.codec()));
                }
            } catch (InterruptedException over) {
                Thread.currentThread().interrupt();
            }
        }

        private boolean isMeant(Change change) {
            return (id == null || change.key().top().equals(id))
                    && !Collections.disjoint(
                            channels, setting.rules().channelsOf(exposed.path(), change));
        }

        private String placeAfter(Change change) {
            Position before = Objects.requireNonNull(feed, "it is open").position();
            return StreamPlace.text(before.with(change.partition(), change.position()));
        }
    }
}
