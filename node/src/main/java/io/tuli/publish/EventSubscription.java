package io.tuli.publish;

import io.tuli.Event;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One subscriber's running feed of events, by the rules of Reactive Streams: all signals come from
 * one thread, never more elements than requested, one terminal signal, none after cancellation.
 */
final class EventSubscription implements Flow.Subscription, Runnable {

    private final RunningEvents feed;
    private final Flow.Subscriber<? super Event> subscriber;
    private final AtomicLong demand = new AtomicLong();
    private volatile boolean isCancelled;

    EventSubscription(RunningEvents feed, Flow.Subscriber<? super Event> subscriber) {
        this.feed = feed;
        this.subscriber = subscriber;
    }

    @Override
    public void request(long n) {
        if (n <= 0) {
            feed.end(new IllegalArgumentException("demand must be > 0 (rule 3.9): " + n));
        } else {
            demand.accumulateAndGet(n, EventSubscription::added);
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
        subscriber.onSubscribe(this);
        feed.awaitUntil(() -> demand.get() > 0);
        for (Event event = feed.take(); event != null && !isCancelled; event = feed.take()) {
            subscriber.onNext(event);
            demand.updateAndGet(left -> left == Long.MAX_VALUE ? left : left - 1);
            feed.awaitUntil(() -> demand.get() > 0);
        }
        Throwable failure = feed.failure();
        if (isCancelled) {
            return;
        }
        isCancelled = true;
        if (failure == null) {
            subscriber.onComplete();
        } else {
            subscriber.onError(failure);
        }
    }
}
