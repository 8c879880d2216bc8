package io.tuli.feed;

import static io.tuli.feed.FakeReplica.set;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tuli.Change;
import io.tuli.Failure;
import io.tuli.Feed;
import io.tuli.Position;
import io.tuli.TuliException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The thread a feed's consumer is called on. */
@Tag("FE-05")
class FeedConsumerTest {

    private final FakeReplica replica = new FakeReplica(2, 8);
    private final Recorder recorder = new Recorder();

    @AfterEach
    void close() {
        replica.close();
    }

    @Test
    void calledOneAtATimeOnOneVirtualThread() {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger count = new AtomicInteger();
        replica.feed()
                .each(
                        change -> {
                            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                            threads.add(Thread.currentThread());
                            inside.decrementAndGet();
                            count.incrementAndGet();
                        });

        for (int p = 0; p < 8; p++) {
            replica.appendMany(p, 100);
        }

        await().until(() -> count.get() == 800);
        assertThat(threads).singleElement().matches(Thread::isVirtual);
        assertThat(threads.iterator().next().getName()).isEqualTo("tuli-feed-things-each");
        assertThat(most).hasValue(1);
    }

    @Test
    void orderHoldsWithinAPartition() {
        replica.feed().limit(7).each(recorder);

        for (int i = 0; i < 10; i++) {
            for (int p = 0; p < 8; p++) {
                replica.appendMany(p, 10);
            }
        }

        recorder.awaitCount(800);
        for (int p = 0; p < 8; p++) {
            int partition = p;
            List<Long> offsets =
                    recorder.seen().stream()
                            .filter(change -> change.partition() == partition)
                            .map(change -> change.position().offset())
                            .toList();
            assertThat(offsets).hasSize(100).isSorted().doesNotHaveDuplicates();
        }
    }

    @Test
    void whatItThrowsEndsTheFeed() {
        Feed.Subscription feed =
                replica.feed()
                        .each(
                                change -> {
                                    throw new IllegalStateException("no more");
                                });

        replica.appendMany(0, 3);

        assertThatThrownBy(() -> feed.ended().toCompletableFuture().join())
                .hasRootCauseMessage("no more");
        assertThat(feed.position().exact().get(0).offset()).isZero();
        assertThat(replica.feeds().running()).isZero();
    }

    /** Of a user's: it does not even tell what it is. */
    private static final class Unspeakable extends RuntimeException {
        private static final long serialVersionUID = 1;

        @Override
        public String getMessage() {
            throw new IllegalStateException("no message");
        }

        @Override
        public String toString() {
            throw new AssertionError("no text");
        }
    }

    @Test
    void whatItThrowsIsOneLineThatNamesFeedPlaceAndCause() {
        for (RuntimeException thrown :
                List.of(new IllegalStateException("no more"), new Unspeakable())) {
            String log =
                    logOf(
                            () -> {
                                Feed.Subscription feed =
                                        replica.feed()
                                                .from(Position.start())
                                                .each(
                                                        change -> {
                                                            throw thrown;
                                                        });
                                replica.append(3, set("a", "1"));
                                assertThatThrownBy(() -> feed.ended().toCompletableFuture().join())
                                        .hasCause(thrown);
                            });
            assertThat(log)
                    .containsOnlyOnce("WARN")
                    .contains("feed=tuli-feed-things-each service=things partition=3 position=1@7:")
                    .contains(thrown.getClass().getName());
        }
    }

    @Test
    void whatASubscriberThrowsIsToldToo() {
        String log =
                logOf(
                        () -> {
                            replica.feed().publisher().subscribe(new Throwing());
                            await().until(() -> replica.feeds().running() == 1);
                            replica.append(2, set("a", "1"));
                            await().until(() -> replica.feeds().running() == 0);
                        });

        assertThat(log)
                .containsOnlyOnce("WARN")
                .contains("feed=tuli-feed-things-publisher service=things partition=2 position=");
    }

    private static final class Throwing implements Flow.Subscriber<Change> {
        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(1);
        }

        @Override
        public void onNext(Change change) {
            throw new AssertionError("no next");
        }

        @Override
        public void onError(Throwable thrown) {}

        @Override
        public void onComplete() {}
    }

    /** What is logged meanwhile, and some time longer. */
    private static String logOf(Runnable act) {
        PrintStream before = System.err;
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
        try {
            act.run();
            await().until(() -> written.toString(StandardCharsets.UTF_8).contains("WARN"));
        } finally {
            System.setErr(before);
        }
        return written.toString(StandardCharsets.UTF_8);
    }

    @Test
    void whatAPredicateThrowsEndsTheFeed() {
        Feed.Subscription feed =
                replica.feed()
                        .filter(
                                change -> {
                                    throw new IllegalStateException("no predicate");
                                })
                        .each(recorder);

        replica.appendMany(0, 1);

        assertThatThrownBy(() -> feed.ended().toCompletableFuture().join())
                .hasRootCauseMessage("no predicate");
    }

    @Test
    void closedItEndsAndIsCalledNoMore() {
        Feed.Subscription feed = replica.feed().each(recorder);
        replica.appendMany(0, 3);
        recorder.awaitCount(3);

        feed.close();
        feed.ended().toCompletableFuture().join();
        replica.appendMany(0, 3);

        assertThat(recorder.seen()).hasSize(3);
        assertThat(replica.feeds().running()).isZero();
    }

    @Test
    void itMayCloseTheFeedItself() {
        AtomicReference<Feed.Subscription> feed = new AtomicReference<>();
        CountDownLatch isSet = new CountDownLatch(1);
        feed.set(
                replica.feed()
                        .each(
                                change -> {
                                    recorder.accept(change);
                                    await().until(() -> isSet.getCount() == 0);
                                    feed.get().close();
                                }));
        isSet.countDown();

        replica.appendMany(0, 5);
        feed.get().ended().toCompletableFuture().join();

        assertThat(recorder.seen()).hasSize(1);
        assertThat(feed.get().position().exact().get(0).offset()).isEqualTo(1);
    }

    @Test
    void closedAmidAnEntryThePositionIsBeforeIt() {
        Recorder stuck = Recorder.stuck();
        Feed.Subscription feed = replica.feed().each(stuck);
        replica.append(0, set("a", "1"), set("b", "2"), set("c", "3"));
        stuck.permit(1);
        stuck.awaitCount(1);
        await().until(stuck::isEntered);

        feed.close();
        stuck.permit(1);
        feed.ended().toCompletableFuture().join();

        Recorder again = new Recorder();
        replica.feed().from(feed.position()).each(again);
        assertThat(feed.position().exact().get(0).offset()).isZero();
        assertThat(again.awaitCount(3).texts())
                .containsExactly("update a=1", "update b=2", "update c=3");
    }

    @Test
    @Tag("FE-24")
    void theMeshClosedEndsAConsumerThatHangs() {
        CountDownLatch isHanging = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Feed.Subscription feed =
                replica.feed()
                        .each(
                                change -> {
                                    isHanging.countDown();
                                    try {
                                        never.await();
                                    } catch (InterruptedException interrupted) {
                                        thrown.set(interrupted);
                                    }
                                });
        replica.appendMany(0, 1);
        await().until(() -> isHanging.getCount() == 0);

        replica.feeds().close();

        feed.ended().toCompletableFuture().join();
        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    }

    @Test
    @Tag("FE-24")
    void theMeshClosedEndsAnIdleFeedNormally() {
        Feed.Subscription feed = replica.feed().each(recorder);

        replica.feeds().close();

        assertThat(feed.ended().toCompletableFuture().join()).isNull();
    }

    @Test
    void afterTheMeshIsClosedThereAreNoFeeds() {
        replica.feeds().close();

        assertThatThrownBy(() -> replica.feed().each(recorder))
                .isInstanceOf(TuliException.class)
                .extracting(thrown -> ((TuliException) thrown).failure())
                .isEqualTo(Failure.CLOSED);
    }

    @Test
    void anInterruptOfItsOwnThreadDoesNotEndIt() {
        replica.feed()
                .each(
                        change -> {
                            recorder.accept(change);
                            Thread.currentThread().interrupt();
                        });

        replica.appendMany(0, 1);
        recorder.awaitCount(1);
        replica.appendMany(1, 1);

        recorder.awaitCount(2);
    }

    @Test
    void aFeedIsSubscribedToAnyNumberOfTimes() {
        Feed<Change> feed = replica.feed().from(Position.start());
        Recorder second = new Recorder();
        feed.each(recorder);
        feed.each(second);

        replica.appendMany(3, 10);

        recorder.awaitCount(10);
        second.awaitCount(10);
    }
}
