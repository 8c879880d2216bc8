package io.tuli.feed;

import io.tuli.TuliException;
import java.util.Objects;
import java.util.concurrent.Flow;

/** A feed for reactive consumers: each subscriber gets one of its own. Thread-safe. */
record FeedPublisher<E>(Feeds feeds, FeedPlan<E> plan) implements Flow.Publisher<E> {

    @Override
    public void subscribe(Flow.Subscriber<? super E> subscriber) {
        Objects.requireNonNull(subscriber, "a subscriber is not null");
        RunningFeed<E> feed;
        try {
            feed = feeds.open(plan);
        } catch (TuliException closed) {
            subscriber.onSubscribe(NoSubscription.INSTANCE);
            subscriber.onError(closed);
            return;
        }
        feed.consumeOnThread("publisher", new FeedSubscription<E>(feed, subscriber));
    }

    /** Of a subscriber that is told at once that there will be nothing. */
    private enum NoSubscription implements Flow.Subscription {
        INSTANCE;

        @Override
        public void request(long n) {}

        @Override
        public void cancel() {}
    }
}
