package io.tuli.channels;

import io.tuli.Change;
import io.tuli.Feed;
import io.tuli.Position;
import io.tuli.Refusal;
import io.tuli.invoke.ErrorJson;
import io.tuli.invoke.Exposed;
import io.tuli.invoke.PayloadJson;
import java.time.Duration;
import java.util.Collections;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One listener to the committed events of a service: from now on, or from the place after the last
 * one it has heard, each once and in the order of its key. Whoever is told holds the feed up, which
 * waits in the changelog. Thread-safe.
 */
public final class Following implements AutoCloseable {

    private static final Duration SYNC = Duration.ofSeconds(5);
    private static final Duration STUCK = Duration.ofSeconds(30);

    /** Who is told; on a thread of the feed's own, which it may hold up. */
    public interface Sink {

        /**
         * A committed event.
         *
         * @param place after it, see {@link StreamPlace}
         */
        void event(String name, String place, byte[] json) throws InterruptedException;

        /** Some were missed: what is shown must be read anew. */
        void reset(String place) throws InterruptedException;
    }

    private final Exposed exposed;
    private final @Nullable String id;
    private final ChannelRules rules;
    private final Sink sink;
    private volatile Set<String> channels;
    private final CountDownLatch hasBegun = new CountDownLatch(1);
    private volatile Feed.@Nullable Subscription feed;
    private int attempts;
    private boolean isReset;

    /**
     * Follows nothing before {@link #begin}.
     *
     * @param id of the one record whose events are meant; null for all
     * @param channels whose events are meant
     */
    public Following(
            Exposed exposed,
            @Nullable String id,
            ChannelRules rules,
            Set<String> channels,
            Sink sink) {
        this.exposed = exposed;
        this.id = id;
        this.rules = rules;
        this.channels = channels;
        this.sink = sink;
    }

    /**
     * Begins before its client is answered: so what the client does after the answer is told it.
     * Once there is a whole replica here: before, nobody knows where the changelogs are now. May
     * block.
     *
     * @param last place that the client has; empty for none
     * @return why it cannot be; null if it can
     */
    public @Nullable Refusal begin(String last) {
        if (!exposed.hasDocuments()) {
            return null;
        }
        try {
            exposed.service().awaitSync(SYNC);
            feed = begun(last);
            hasBegun.countDown();
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
        attempts++;
        int attempt = attempts;
        return exposed.service().feed().events().from(from).each(change -> tell(attempt, change));
    }

    /** Whether the place it was to begin from is none; known once it has begun. */
    public boolean isReset() {
        return isReset;
    }

    /** Where it is now; empty where there are no events. */
    public String place() {
        Feed.Subscription begun = feed;
        return begun == null ? "" : StreamPlace.text(begun.position());
    }

    /** Its client hears other channels from now on. */
    public void channels(Set<String> other) {
        channels = other;
    }

    /** Runs once the service is told of no more; not where there is nothing to tell of it. */
    public void onEnded(Runnable task) {
        Feed.Subscription begun = feed;
        if (begun != null) {
            begun.ended().whenComplete((ended, failed) -> task.run());
        }
    }

    private void tell(int attempt, Change change) {
        try {
            boolean isKnown = hasBegun.await(STUCK.toNanos(), TimeUnit.NANOSECONDS);
            if (!isKnown || attempt != attempts) {
                return; // it is the feed of a place that was none
            }
            if (change.kind() != Change.Kind.EVENT) {
                sink.reset(placeAfter(change));
            } else if (isMeant(change)) {
                sink.event(
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
                && !Collections.disjoint(channels, rules.channelsOf(exposed.path(), change));
    }

    private String placeAfter(Change change) {
        Position before = Objects.requireNonNull(feed, "it is open").position();
        return StreamPlace.text(before.with(change.partition(), change.position()));
    }

    @Override
    public void close() {
        Feed.Subscription begun = feed;
        if (begun != null) {
            begun.close();
        }
    }
}
