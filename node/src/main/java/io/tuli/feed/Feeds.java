package io.tuli.feed;

import io.tuli.Change;
import io.tuli.Codec;
import io.tuli.Committed;
import io.tuli.Failure;
import io.tuli.Feed;
import io.tuli.Position;
import io.tuli.TuliException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The feeds of one service on this member: makes them, and ends them with the member. Thread-safe.
 */
public final class Feeds implements AutoCloseable {

    private final FeedHub hub;
    private final Set<RunningFeed<?>> running = ConcurrentHashMap.newKeySet();
    private volatile boolean isClosed;

    public Feeds(FeedSource source) {
        this(new FeedHub(source));
    }

    /** Those of a hub that others use, too. */
    public Feeds(FeedHub hub) {
        this.hub = hub;
    }

    /** What they follow; to be told of it. */
    public FeedHub hub() {
        return hub;
    }

    /** Each committed change by itself; at most {@code limit} unconsumed unless the feed says. */
    public Feed<Change> changes(Codec codec, int limit) {
        return new FeedQuery<>(this, FeedPlan.of(new Shape.OfChanges(codec), limit));
    }

    /** Each committed entry as a whole; at most {@code limit} changes unconsumed likewise. */
    public Feed<Committed> commits(Codec codec, int limit) {
        Shape<Committed> shape = new Shape.OfEntries(new Shape.OfChanges(codec));
        return new FeedQuery<>(this, FeedPlan.of(shape, limit));
    }

    /** Begins a feed; the caller gives it a consumer. */
    <E> RunningFeed<E> open(FeedPlan<E> plan) {
        plan.require();
        RunningFeed<E> feed = new RunningFeed<>(hub, plan, running::remove);
        running.add(feed);
        if (isClosed) {
            feed.end(null);
            throw new TuliException(
                    Failure.CLOSED,
                    "a feed needs an open mesh: service="
                            + hub.source().service()
                            + "; join again");
        }
        feed.attach();
        return feed;
    }

    /** Begins a feed without a thread, for where time is not real. */
    public <E> Polled<E> polled(Feed<E> asked) {
        if (!(asked instanceof FeedQuery<E> query)) {
            throw new IllegalArgumentException("a feed is polled by who made it: " + asked);
        }
        return new Polled<>(open(query.plan()));
    }

    /** A running feed whose elements are asked for, and never waited for. One thread. */
    public static final class Polled<E> implements AutoCloseable {

        private final RunningFeed<E> feed;

        private Polled(RunningFeed<E> feed) {
            this.feed = feed;
        }

        /** Gives the consumer each element there is. */
        public void poll(Consumer<? super E> consumer) {
            for (Item item = feed.poll(); item != null; item = feed.poll()) {
                feed.elements(item).forEach(consumer);
                feed.consumed(item);
            }
        }

        /** The place after the last element consumed. */
        public Position position() {
            return feed.position();
        }

        @Override
        public void close() {
            feed.finish();
        }
    }

    /** Begins a consumer without a thread, for where time is not real. */
    public PolledDeliveries polled(Feed.Deliveries asked) {
        if (!(asked instanceof DeliveryQuery query)) {
            throw new IllegalArgumentException("a consumer is polled by who made it: " + asked);
        }
        return new PolledDeliveries(open(query.plan()));
    }

    /** A running consumer whose deliveries are asked for, and never waited for. One thread. */
    public static final class PolledDeliveries implements AutoCloseable {

        private final RunningFeed<Change> feed;

        private PolledDeliveries(RunningFeed<Change> feed) {
            this.feed = feed;
        }

        /** Gives the consumer each delivery there is. */
        public void poll(Consumer<? super Feed.Delivery> consumer) {
            boolean isMore = true;
            while (isMore) {
                isMore = DeliveryQuery.hasDelivered(feed, consumer);
            }
        }

        @Override
        public void close() {
            feed.finish();
        }
    }

    /** How many feeds and folds read here. */
    public int running() {
        return running.size() + hub.folds();
    }

    /**
     * Ends every feed: consumers that wait or block are interrupted, none is called again. A feed's
     * {@code ended()} completes when its consumer has come back.
     */
    @Override
    public void close() {
        isClosed = true;
        for (RunningFeed<?> feed : running) {
            feed.end(null);
            feed.interrupt();
        }
    }
}
