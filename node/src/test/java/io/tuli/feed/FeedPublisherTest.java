package io.tuli.feed;

import static io.tuli.feed.FakeReplica.set;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tuli.Change;
import io.tuli.Feed;
import io.tuli.Position;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The rules of Reactive Streams a publisher must keep; numbers are those of its specification,
 * version 1.0.4.
 */
@Tag("FE-05")
class FeedPublisherTest {

    private final FakeReplica replica = new FakeReplica(2, 4);
    private final Probe probe = new Probe();

    @AfterEach
    void close() {
        replica.close();
    }

    /** A subscriber that notes every signal and whether two ever came at once. */
    private static class Probe implements Flow.Subscriber<Change> {
        final List<String> signals = new CopyOnWriteArrayList<>();
        final List<Throwable> errors = new CopyOnWriteArrayList<>();
        final AtomicInteger inside = new AtomicInteger();
        final AtomicInteger overlaps = new AtomicInteger();
        volatile Flow.Subscription subscription;
        volatile Consumer<Change> onNext = change -> {};

        private void signal(String text, Runnable reaction) {
            if (inside.incrementAndGet() > 1) {
                overlaps.incrementAndGet();
            }
            signals.add(text);
            reaction.run();
            inside.decrementAndGet();
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            signal("subscribe", () -> subscription = given);
        }

        @Override
        public void onNext(Change change) {
            try {
                signal("next " + change.key(), () -> onNext.accept(change));
            } finally {
                inside.set(0);
            }
        }

        @Override
        public void onError(Throwable thrown) {
            signal("error", () -> errors.add(thrown));
        }

        @Override
        public void onComplete() {
            signal("complete", () -> {});
        }

        void awaitSignals(int count) {
            await("signals: " + signals).until(() -> signals.size() >= count);
        }
    }

    private Flow.Publisher<Change> publisher() {
        return replica.feed().publisher();
    }

    private void subscribe() {
        publisher().subscribe(probe);
        probe.awaitSignals(1);
    }

    @Test
    void rule101NeverMoreThanRequested() {
        subscribe();
        probe.subscription.request(2);
        probe.subscription.request(1);

        replica.appendMany(0, 10);

        probe.awaitSignals(4);
        replica.on(0, () -> true);
        assertThat(probe.signals).containsExactly("subscribe", "next k0", "next k1", "next k2");
        probe.subscription.request(1);
        probe.awaitSignals(5);
    }

    @Test
    void rule103SignalsAreSerial() {
        probe.onNext = change -> probe.subscription.request(1);
        subscribe();
        probe.subscription.request(1);

        for (int p = 0; p < 4; p++) {
            replica.appendMany(p, 100);
        }

        probe.awaitSignals(401);
        assertThat(probe.overlaps).hasValue(0);
    }

    @Test
    void rule104FailureIsAnError() {
        replica.feed()
                .filter(
                        change -> {
                            throw new IllegalStateException("bad predicate");
                        })
                .publisher()
                .subscribe(probe);
        probe.awaitSignals(1);
        probe.subscription.request(5);

        replica.appendMany(0, 3);

        probe.awaitSignals(2);
        assertThat(probe.signals).containsExactly("subscribe", "error");
        assertThat(probe.errors.get(0)).hasMessage("bad predicate");
    }

    @Test
    void rule105TheMeshClosedIsACompletion() {
        subscribe();

        replica.feeds().close();

        probe.awaitSignals(2);
        assertThat(probe.signals).containsExactly("subscribe", "complete");
    }

    @Test
    void rule107NothingFollowsATerminalSignal() {
        subscribe();
        probe.subscription.request(-1);
        probe.awaitSignals(2);

        probe.subscription.request(10);
        probe.subscription.cancel();
        replica.appendMany(0, 5);
        replica.feeds().close();

        assertThat(probe.signals).containsExactly("subscribe", "error");
    }

    @Test
    void rule108CancelledNothingFollows() {
        subscribe();
        probe.subscription.request(1);
        replica.appendMany(0, 5);
        probe.awaitSignals(2);

        probe.subscription.cancel();
        probe.subscription.request(10);
        replica.appendMany(0, 5);

        await().until(() -> replica.feeds().running() == 0);
        assertThat(probe.signals).containsExactly("subscribe", "next k0");
    }

    @Test
    void rule109SubscribeIsSignalledFirstAndOnlyNullIsRefused() {
        assertThatThrownBy(() -> publisher().subscribe(null))
                .isInstanceOf(NullPointerException.class);
        replica.feeds().close();

        publisher().subscribe(probe);

        assertThat(probe.signals).containsExactly("subscribe", "error");
        probe.subscription.request(1);
        probe.subscription.cancel();
    }

    @Test
    void rule111EachSubscriberGetsItsOwn() {
        Flow.Publisher<Change> publisher = publisher();
        Probe other = new Probe();
        publisher.subscribe(probe);
        publisher.subscribe(other);
        probe.awaitSignals(1);
        other.awaitSignals(1);
        probe.subscription.request(10);

        replica.appendMany(0, 3);

        probe.awaitSignals(4);
        assertThat(other.signals).containsExactly("subscribe");
    }

    @Test
    void rule213WhoThrowsIsCancelled() {
        List<Throwable> uncaught = new CopyOnWriteArrayList<>();
        probe.onNext =
                change -> {
                    Thread.currentThread()
                            .setUncaughtExceptionHandler((thread, thrown) -> uncaught.add(thrown));
                    throw new IllegalStateException("bad subscriber");
                };
        subscribe();
        probe.subscription.request(10);

        replica.appendMany(0, 3);

        await().until(() -> replica.feeds().running() == 0);
        await().until(() -> !uncaught.isEmpty());
        assertThat(probe.signals).containsExactly("subscribe", "next k0");
    }

    @Test
    void rule303RequestsFromWithinDoNotRecurse() {
        AtomicInteger depth = new AtomicInteger();
        AtomicInteger deepest = new AtomicInteger();
        probe.onNext =
                change -> {
                    deepest.accumulateAndGet(depth.incrementAndGet(), Math::max);
                    probe.subscription.request(1);
                    depth.decrementAndGet();
                };
        subscribe();
        probe.subscription.request(1);

        replica.appendMany(0, 1_000);

        probe.awaitSignals(1_001);
        assertThat(deepest).hasValue(1);
    }

    @Test
    void rule305CancelIsIdempotent() {
        subscribe();

        probe.subscription.cancel();
        probe.subscription.cancel();

        await().until(() -> replica.feeds().running() == 0);
    }

    @Test
    void rule309ADemandOfNothingIsAnError() {
        subscribe();

        probe.subscription.request(0);

        probe.awaitSignals(2);
        assertThat(probe.errors.get(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("demand must be > 0 (rule 3.9): 0");
    }

    @Test
    void rule317DemandHasNoEnd() {
        subscribe();
        probe.subscription.request(Long.MAX_VALUE);
        probe.subscription.request(Long.MAX_VALUE);

        replica.appendMany(0, 500);

        probe.awaitSignals(501);
    }

    @Test
    void demandIsCountedWithinAnEntryToo() {
        subscribe();
        probe.subscription.request(2);

        replica.append(0, set("a", "1"), set("b", "2"), set("c", "3"));

        probe.awaitSignals(3);
        assertThat(probe.signals).containsExactly("subscribe", "next a", "next b");
        probe.subscription.request(1);
        probe.awaitSignals(4);
    }

    @Test
    void latestIsTheMomentOfSubscribing() {
        Feed<Change> feed = replica.feed().from(Position.latest());
        Flow.Publisher<Change> publisher = feed.publisher();
        replica.appendMany(0, 2);

        publisher.subscribe(probe);
        replica.appendMany(0, 1);
        probe.awaitSignals(1);
        probe.subscription.request(10);

        probe.awaitSignals(2);
        assertThat(probe.signals).containsExactly("subscribe", "next k2");
    }
}
