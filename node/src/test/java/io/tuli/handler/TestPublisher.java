package io.tuli.handler;

import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Publishes what the test says when it says, and counts who listens. */
final class TestPublisher implements Flow.Publisher<Object> {
    final AtomicLong requested = new AtomicLong();
    final AtomicInteger subscriptions = new AtomicInteger();
    private volatile Flow.@Nullable Subscriber<Object> subscriber;

    @Override
    public void subscribe(Flow.Subscriber<? super Object> given) {
        subscriptions.incrementAndGet();
        subscriber = given;
        given.onSubscribe(
                new Flow.Subscription() {
                    @Override
                    public void request(long items) {
                        requested.addAndGet(items);
                    }

                    @Override
                    public void cancel() {
                        if (subscriber != null) {
                            subscriber = null;
                            subscriptions.decrementAndGet();
                        }
                    }
                });
    }

    Flow.Subscriber<Object> subscriber() {
        Flow.Subscriber<Object> now = subscriber;
        if (now == null) {
            throw new AssertionError("nobody has subscribed");
        }
        return now;
    }
}
