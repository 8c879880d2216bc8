package io.tuli.feed;

import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One subscriber's running feed, by the rules of Reactive Streams: all signals come from one thread
 * of the feed's own, never more elements than requested, one terminal signal, none after
 * cancellation. An element counts as consumed when {@code onNext} has returned. A subscriber that
 * throws is cancelled.
 */
final class FeedSubscription<E> implements Flow.Subscription, Runnable {

    private final RunningFeed<E> feed;
    private final Flow.Subscriber<? super E> subscriber;
    private final AtomicLong demand = new AtomicLong();
    private volatile boolean isCancelled;

    FeedSubscription(RunningFeed<E> feed, Flow.Subscriber<? super E> subscriber) {
        this.feed = feed;
        this.subscriber = subscriber;
    }

    @Override
    public void request(long n) {
        if (n <= 0) {
            feed.end(new IllegalArgumentException("demand must be > 0 (rule 3.9): " + n));
        } else {
            demand.accumulateAndGet(n, FeedSubscription::added);
            feed.signal();
        }
    }

    private static long added(long demand, long more) {
        long sum = demand + more;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }

    @Override
    public void cancel() {
        isCancelled = true;
        feed.end(null);
    }

    @Override
    public void run() {
        try {
            subscriber.onSubscribe(this);
            deliver();
            terminate();
        } catch (Throwable thrown) {
            // What a subscriber throws ends its feed, and is for the thread's handler (rule 2.13).
            feed.end(thrown);
            throw thrown;
        } finally {
            isCancelled = true;
            feed.finish();
        }
    }

    private void deliver() {
        Item item = feed.take();
        while (item != null) {
            for (E element : wanted(item)) {
                feed.awaitUntil(() -> demand.get() > 0);
                if (!feed.isOpen()) {
                    return;
                }
                subscriber.onNext(element);
                demand.updateAndGet(left -> left == Long.MAX_VALUE ? left : left - 1);
            }
            feed.consumed(item);
            item = feed.take();
        }
    }

    /** The elements of an item; a predicate that throws fails the feed. */
    private Iterable<E> wanted(Item item) {
        try {
            return feed.elements(item);
        } catch (Throwable thrown) {
            feed.broke(thrown);
            return List.of();
        }
    }

    private void terminate() {
        if (isCancelled) {
            return;
        }
        Throwable failure = feed.failure();
        if (failure == null) {
            subscriber.onComplete();
        } else {
            subscriber.onError(failure);
        }
    }
}
