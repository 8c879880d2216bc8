package io.tuli.feed;

import io.tuli.Change;
import io.tuli.Codec;
import io.tuli.Committed;
import io.tuli.Failure;
import io.tuli.Feed;
import io.tuli.TuliException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The feeds of one service on this member: makes them, and ends them with the member. Thread-safe.
 */
public final class Feeds implements AutoCloseable {

    private final FeedHub hub;
    private final Set<RunningFeed<?>> running = ConcurrentHashMap.newKeySet();
    private volatile boolean isClosed;

    public Feeds(FeedSource source) {
        this.hub = new FeedHub(source);
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
