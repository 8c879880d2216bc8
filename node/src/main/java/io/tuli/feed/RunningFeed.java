package io.tuli.feed;

import io.tuli.Failure;
import io.tuli.Feed;
import io.tuli.LogPosition;
import io.tuli.Overflow;
import io.tuli.Position;
import io.tuli.TuliException;
import io.tuli.wall.Wall;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A feed that has begun: its lanes on the loops fill an inbox, one consumer empties it.
 *
 * <p>Ending is one step from any thread, the first wins; the consumer's thread notices, calls
 * nobody any more, and {@link #finish}es. Nothing here ever waits except the consumer.
 */
final class RunningFeed<E> implements Feed.Subscription {

    private static final Logger LOG = LoggerFactory.getLogger(RunningFeed.class);

    private final FeedHub hub;
    private final FeedPlan<E> plan;
    private final Lane[] lanes;
    private final Inbox inbox;
    private final Places places;
    private final Waiter waiter = new Waiter();
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicReference<@Nullable End> end = new AtomicReference<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile @Nullable Thread thread;

    RunningFeed(FeedHub hub, FeedPlan<E> plan) {
        this.hub = hub;
        this.plan = plan;
        this.inbox = new Inbox(plan.limit(), plan.overflow());
        FeedSource source = hub.source();
        LogPosition[] starts = new LogPosition[source.partitions()];
        this.lanes = new Lane[source.loops()];
        for (int loop = 0; loop < lanes.length; loop++) {
            lanes[loop] = new Lane(this, source, loop);
        }
        for (int partition = 0; partition < starts.length; partition++) {
            boolean isLatest = plan.from().kind() == Position.Kind.LATEST;
            LogPosition start = plan.from().exact().getOrDefault(partition, LogPosition.START);
            boolean isKnown = isLatest && hub.hasSynced(partition);
            starts[partition] = isKnown ? hub.lastPlace(partition) : start;
            lanes[source.loopOf(partition)].add(partition, starts[partition], isKnown);
        }
        this.places = new Places(starts);
    }

    /** Lets the loops begin to fetch. */
    void attach() {
        for (int loop = 0; loop < lanes.length; loop++) {
            hub.attach(lanes[loop], loop);
        }
    }

    /** Starts the thread on which the consumer is called; it must {@link #finish}. */
    void consumeOnThread(String use, Runnable consumer) {
        String name = "tuli-feed-" + hub.source().service() + "-" + use;
        Thread started =
                Thread.ofVirtual()
                        .name(name)
                        .uncaughtExceptionHandler((own, thrown) -> told(thrown))
                        .unstarted(consumer);
        thread = started;
        started.start();
    }

    // ---- on the consumer's thread --------------------------------------------------------------

    /** The next item as soon as there is one; null when the feed has ended. */
    @Nullable Item take() {
        while (isOpen()) {
            Item item = inbox.poll();
            if (item != null) {
                return item;
            }
            awaitUntil(() -> !inbox.isEmpty());
        }
        return null;
    }

    /** Waits until the condition holds or the feed has ended; {@link #signal} makes it look. */
    void awaitUntil(BooleanSupplier condition) {
        boolean isOwnThread = Thread.currentThread().equals(thread);
        while (!waiter.await(() -> condition.getAsBoolean() || !isOpen())) {
            if (!isOwnThread) {
                throw new TuliException(
                        Failure.CANCELLED,
                        "the thread was interrupted while it waited for a feed: service="
                                + hub.source().service());
            }
            boolean unused = Thread.interrupted();
        }
    }

    void signal() {
        waiter.signal();
    }

    /** The elements of an item that pass the feed's predicates; a RESET always does. */
    List<E> elements(Item item) {
        List<E> elements = plan.shape().of(item);
        if (plan.predicates().isEmpty() || item.kind == Item.Kind.RESET) {
            return elements;
        }
        return elements.stream().filter(this::passes).toList();
    }

    private boolean passes(E element) {
        for (Predicate<? super E> predicate : plan.predicates()) {
            if (!predicate.test(element)) {
                return false;
            }
        }
        return true;
    }

    /** All elements of a taken item have been consumed. */
    void consumed(Item item) {
        if (item.isWithinRun) {
            places.passed(item);
            return;
        }
        places.consumed(item);
        inbox.release(item);
        if (inbox.isLow()) {
            for (Lane lane : lanes) {
                lane.refill();
            }
        }
    }

    /** The consumer, or a predicate, threw: that is the end, unless there was one before. */
    void broke(Throwable thrown) {
        boolean isNews = isOpen();
        end(thrown);
        if (isNews) {
            told(thrown);
        }
    }

    private void told(Throwable thrown) {
        Wall.log(LOG, "a feed ended, its consumer threw: service=" + service(), thrown);
    }

    private String service() {
        return hub.source().service();
    }

    /** The consumer's thread leaves, or the stream is closed: tells whoever waits for the end. */
    @SuppressWarnings("NullAway") // a Void is null
    void finish() {
        end(null);
        Throwable failure = failure();
        if (failure == null) {
            ended.complete(null);
        } else {
            ended.completeExceptionally(failure);
        }
    }

    // ---- on loops ------------------------------------------------------------------------------

    FeedPlan<E> plan() {
        return plan;
    }

    Inbox inbox() {
        return inbox;
    }

    Places places() {
        return places;
    }

    void dropped(Item item) {
        dropped.addAndGet(item.changes());
        places.withdrawn(item.partition);
    }

    void overflowed() {
        end(
                new TuliException(
                        Failure.OVERLOADED,
                        "a feed with overflow FAIL must keep up: service="
                                + hub.source().service()
                                + " limit="
                                + plan.limit()
                                + "; consume faster, raise the limit, or use "
                                + Overflow.WAIT));
    }

    // ---- on any thread -------------------------------------------------------------------------

    boolean isOpen() {
        return end.get() == null;
    }

    /** Ends the feed; nothing is delivered any more. Null where nothing went wrong. */
    void end(@Nullable Throwable failure) {
        if (end.compareAndSet(null, new End(failure))) {
            for (int loop = 0; loop < lanes.length; loop++) {
                hub.detach(lanes[loop], loop);
            }
            hub.ended(this);
            inbox.clear();
            waiter.signal();
        }
    }

    @Nullable Throwable failure() {
        End how = end.get();
        return how == null ? null : how.failure;
    }

    /** Wakes a consumer that blocks in code of its own. */
    void interrupt() {
        Thread consumer = thread;
        if (consumer != null) {
            consumer.interrupt();
        }
    }

    @Override
    public Position position() {
        return places.position();
    }

    @Override
    public long dropped() {
        return dropped.get();
    }

    @Override
    public CompletionStage<Void> ended() {
        return ended.minimalCompletionStage();
    }

    @Override
    public void close() {
        end(null);
    }

    private record End(@Nullable Throwable failure) {}
}
