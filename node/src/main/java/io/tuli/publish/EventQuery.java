package io.tuli.publish;

import io.tuli.Event;
import io.tuli.EventFeed;
import io.tuli.Feed;
import io.tuli.Overflow;
import io.tuli.Position;
import io.tuli.TuliException;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A feed of events that has not begun. Immutable.
 *
 * @param opening begins one
 */
record EventQuery(Function<EventPlan, RunningEvents> opening, EventPlan plan) implements EventFeed {

    @Override
    public EventFeed subjects(String... patterns) {
        return with(plan.subjects(patterns));
    }

    @Override
    public EventFeed group(String name) {
        return with(plan.group(name));
    }

    @Override
    public EventFeed noEcho() {
        return with(plan.noEcho());
    }

    @Override
    public EventFeed withLast() {
        return with(plan.withLast());
    }

    @Override
    public EventFeed filter(Predicate<? super Event> wanted) {
        return with(plan.filter(Objects.requireNonNull(wanted)));
    }

    @Override
    public EventFeed limit(int unconsumed) {
        return with(plan.limit(unconsumed));
    }

    @Override
    public EventFeed overflow(Overflow policy) {
        return with(plan.overflow(policy));
    }

    private EventFeed with(EventPlan other) {
        return new EventQuery(opening, other);
    }

    @Override
    public Feed<Event> verbs(String... verbs) {
        throw EventPlan.refused("events have subjects, and no verbs: use subjects(\"…\")");
    }

    @Override
    public Feed<Event> events(String... names) {
        throw EventPlan.refused(
                "what is published has subjects: use subjects(\"…\"); for what handlers told, by"
                        + " name, feed().events(\"…\")");
    }

    @Override
    public Feed<Event> keys(String pattern) {
        throw EventPlan.refused("events have subjects, and no keys: use subjects(\"…\")");
    }

    @Override
    public Feed<Event> from(Position position) {
        throw EventPlan.refused(
                "events are not kept, a feed of them begins when it is subscribed to: for what has"
                        + " happened before use feed()");
    }

    @Override
    public Deliveries consumer(String name) {
        throw EventPlan.refused(
                "events are not kept, and nobody acknowledges them: use feed().consumer(\"…\"), and"
                        + " feed().events(\"…\") for what handlers told");
    }

    @Override
    public Running each(Consumer<? super Event> consumer) {
        Objects.requireNonNull(consumer, "a consumer is not null");
        RunningEvents feed = opening.apply(plan);
        feed.consumeOnThread(
                () -> {
                    for (Event event = feed.take(); event != null; event = feed.take()) {
                        consumer.accept(event);
                    }
                });
        return feed;
    }

    @Override
    public Flow.Publisher<Event> publisher() {
        return subscriber -> {
            Objects.requireNonNull(subscriber, "a subscriber is not null");
            RunningEvents feed;
            try {
                feed = opening.apply(plan);
            } catch (TuliException closed) {
                subscriber.onSubscribe(NoSubscription.INSTANCE);
                subscriber.onError(closed);
                return;
            }
            feed.consumeOnThread(new EventSubscription(feed, subscriber));
        };
    }

    /** Of a subscriber that is told at once that there will be nothing. */
    private enum NoSubscription implements Flow.Subscription {
        INSTANCE;

        @Override
        public void request(long n) {}

        @Override
        public void cancel() {}
    }

    @Override
    public Stream<Event> stream() {
        return EventStream.of(opening.apply(plan));
    }
}
