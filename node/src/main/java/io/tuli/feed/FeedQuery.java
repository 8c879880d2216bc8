package io.tuli.feed;

import io.tuli.Change;
import io.tuli.Feed;
import io.tuli.Overflow;
import io.tuli.Position;
import io.tuli.TuliException;
import io.tuli.error.Require;
import io.tuli.hold.AckRules;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A feed that has not begun: what is wanted, and of which service. Immutable. */
record FeedQuery<E>(Feeds feeds, FeedPlan<E> plan) implements Feed<E> {

    @Override
    public Feed<E> verbs(String... verbs) {
        return with(plan.wanted(plan.wanted().verbs(verbs)));
    }

    @Override
    public Feed<E> events(String... names) {
        return with(plan.wanted(plan.wanted().events(names)));
    }

    @Override
    public Feed<E> keys(String pattern) {
        return with(plan.wanted(plan.wanted().keys(KeyPattern.parse(pattern))));
    }

    @Override
    public Feed<E> filter(Predicate<? super E> wanted) {
        return with(plan.filter(wanted));
    }

    @Override
    public Feed<E> from(Position position) {
        return with(plan.from(position));
    }

    @Override
    public Feed<E> limit(int unconsumed) {
        return with(plan.limit(unconsumed));
    }

    @Override
    public Feed<E> overflow(Overflow policy) {
        return with(plan.overflow(policy));
    }

    @Override
    public Feed<E> group(String name) {
        return with(plan.group(name));
    }

    @Override
    @SuppressWarnings("unchecked") // what its elements are the shape says
    public Deliveries consumer(String name) {
        Require.argument(
                plan.shape() instanceof Shape.OfChanges,
                "a consumer acknowledges changes: use feed(), not commits(); consumer",
                name);
        FeedPlan<Change> changes = (FeedPlan<Change>) plan.group(name);
        int inFlight = feeds.hub().source().groups().inFlight();
        return new DeliveryQuery(feeds, changes.acks(AckRules.standard(inFlight)));
    }

    private Feed<E> with(FeedPlan<E> other) {
        return new FeedQuery<>(feeds, other);
    }

    @Override
    public Subscription each(Consumer<? super E> consumer) {
        RunningFeed<E> feed = feeds.open(plan);
        feed.consumeOnThread("each", new EachConsumer<E>(feed, consumer));
        return feed;
    }

    @Override
    public Flow.Publisher<E> publisher() {
        return new FeedPublisher<E>(feeds, plan);
    }

    @Override
    public Stream<E> stream() {
        return FeedStream.of(feeds.open(plan));
    }

    /** Gives each element to a consumer until the feed ends; runs on a thread of the feed's own. */
    private static final class EachConsumer<E> implements Runnable {

        private final RunningFeed<E> feed;
        private final Consumer<? super E> consumer;

        EachConsumer(RunningFeed<E> feed, Consumer<? super E> consumer) {
            this.feed = feed;
            this.consumer = consumer;
        }

        @Override
        public void run() {
            try {
                Item item = feed.take();
                while (item != null) {
                    consume(item);
                    item = feed.take();
                }
            } catch (Throwable thrown) {
                feed.broke(thrown);
            }
            feed.finish();
        }

        private void consume(Item item) {
            for (E element : feed.elements(item)) {
                if (!feed.isOpen()) {
                    return;
                }
                consumer.accept(element);
            }
            feed.consumed(item);
        }
    }

    /** A feed for reactive consumers: each subscriber gets one of its own. Thread-safe. */
    private record FeedPublisher<E>(Feeds feeds, FeedPlan<E> plan) implements Flow.Publisher<E> {

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
}
