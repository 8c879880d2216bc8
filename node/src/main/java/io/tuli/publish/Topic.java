package io.tuli.publish;

import io.tuli.Codec;
import io.tuli.Event;
import io.tuli.EventFeed;
import io.tuli.Failure;
import io.tuli.MeshEvent;
import io.tuli.Payload;
import io.tuli.TuliException;
import io.tuli.error.Excerpt;
import io.tuli.interest.LastValues;
import io.tuli.interest.ServiceRoutes;
import io.tuli.interest.Subjects;
import io.tuli.protocol.Durations;
import io.tuli.protocol.Publication;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What is published of one service, as a member's users publish it and listen. Thread-safe. */
public final class Topic implements RunningEvents.Home {

    private final Publishing publishing;
    private final String name;
    private final int number;
    private final ServiceRoutes routes;
    private final Codec codec;
    private final LastValues last = new LastValues();
    private volatile boolean isClosed;

    Topic(Publishing publishing, String name, int number, ServiceRoutes routes, Codec codec) {
        this.publishing = publishing;
        this.name = name;
        this.number = number;
        this.routes = routes;
        this.codec = codec;
    }

    @Override
    public String name() {
        return name;
    }

    int number() {
        return number;
    }

    ServiceRoutes routes() {
        return routes;
    }

    /** Its service is closed here: nothing is published by it any more, nor heard. */
    void close() {
        isClosed = true;
    }

    void requireOpen() {
        if (isClosed) {
            throw new TuliException(
                    Failure.CLOSED,
                    "this member has closed the service, serve or use it again: service=" + name);
        }
    }

    // ---- publishing ----------------------------------------------------------------------------

    /** As {@link io.tuli.Service#publish(String, Object)}. */
    public int publish(String subject, @Nullable Object body) {
        Publication publication = publication(subject, body);
        return publication == null ? 0 : publishing.publish(this, publication);
    }

    /** As {@link io.tuli.Service#publish(String, Object, Duration)}. */
    public CompletableFuture<Integer> publish(
            String subject, @Nullable Object body, Duration within) {
        long millis = Math.clamp(Durations.millis(within), 1, Integer.MAX_VALUE / 2);
        Publication publication = publication(subject, body);
        return publication == null
                ? CompletableFuture.completedFuture(0)
                : publishing.publish(this, publication, (int) millis);
    }

    /** As {@link io.tuli.Service#retain}. */
    public int retain(String subject, @Nullable Object body) {
        publishing.requireKeeper(name);
        boolean unused = isWanted(subject);
        return publishing.retain(this, encoded(subject, body));
    }

    /** Under the lock of the member. */
    LastValues last() {
        return last;
    }

    /** Null where nobody wants it: then the body is not looked at. */
    private @Nullable Publication publication(String subject, @Nullable Object body) {
        return isWanted(subject) ? encoded(subject, body) : null;
    }

    private boolean isWanted(String subject) {
        Boolean isWanted = publishing.isWanted(this, subject);
        if (isWanted == null) {
            String problem = Subjects.subjectProblem(subject);
            throw EventPlan.refused(problem + ": subject=" + Excerpt.of(subject));
        }
        return isWanted;
    }

    private Publication encoded(String subject, @Nullable Object body) {
        if (body instanceof Carried carried) {
            return new Publication(number, subject, fitting(carried.body()), 0, carried.via());
        }
        Payload encoded = body == null ? Payload.NONE : codec.encode(body);
        return new Publication(number, subject, fitting(encoded));
    }

    private Payload fitting(Payload encoded) {
        int most = publishing.setting().limits().messageBytes();
        if (encoded.sizeBytes() + Subjects.BYTES_MAX > most) {
            throw new TuliException(
                    Failure.TOO_LARGE,
                    "a body and its subject fit message.bytes="
                            + most
                            + ": bytes="
                            + encoded.sizeBytes());
        }
        return encoded;
    }

    // ---- listening -----------------------------------------------------------------------------

    /** As {@link io.tuli.Service#events}. */
    public EventFeed events() {
        int limit = publishing.setting().limits().feedUnconsumed();
        return new EventQuery(this::open, EventPlan.all(limit));
    }

    /** Begins a feed; the caller gives it a consumer. */
    private RunningEvents open(EventPlan plan) {
        RunningEvents feed = new RunningEvents(this, plan);
        publishing.subscribe(this, feed);
        return feed;
    }

    @Override
    public void leave(RunningEvents feed) {
        publishing.unsubscribe(feed);
    }

    @Override
    public Event event(Mailbox.Arrived arrived) {
        Publication publication = arrived.publication();
        return new Event(
                publication.subject(),
                arrived.publisher(),
                publication.body(),
                codec,
                arrived.isLast(),
                publication.via());
    }

    @Override
    public void slow(EventPlan plan) {
        String text =
                "a consumer of events must keep up: service="
                        + name
                        + " subjects="
                        + Excerpt.of(plan.patterns())
                        + " limit="
                        + plan.limit()
                        + " overflow="
                        + plan.overflow()
                        + "; consume faster, share the work in a group, or raise the limit";
        publishing.tell(MeshEvent.of(MeshEvent.Kind.SUBSCRIBER_SLOW, text).service(name));
    }

    void widened() {
        String text =
                "a member tells others 1,000 patterns of a service: it now hears all of "
                        + name
                        + " and sorts out what it wants; subscribe to fewer, wider patterns";
        publishing.tell(MeshEvent.of(MeshEvent.Kind.INTEREST_WIDENED, text).service(name));
    }
}
