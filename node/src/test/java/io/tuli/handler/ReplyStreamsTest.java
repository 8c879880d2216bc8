package io.tuli.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tuli.Failure;
import io.tuli.Limits;
import io.tuli.MemberId;
import io.tuli.Payload;
import io.tuli.ServiceConfig;
import io.tuli.codec.JsonCodec;
import io.tuli.codec.JsonDocuments;
import io.tuli.protocol.Frame;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("FE-13")
class ReplyStreamsTest {
    private static final MemberId CALLER = new MemberId(1, 2);
    private static final MemberId OTHER = new MemberId(3, 4);
    private static final long CALL = 77;

    private final List<Frame> sent = new CopyOnWriteArrayList<>();
    private final ReplyStreams streams =
            new ReplyStreams((to, frame) -> sent.add(frame), Duration.ofMinutes(1));
    private final AtomicInteger closed = new AtomicInteger();

    @AfterEach
    void nothingRemains() {
        assertThat(streams.close(Duration.ofSeconds(10))).isTrue();
        assertThat(streams.open()).isZero();
    }

    // ---- streams and iterators -----------------------------------------------------------------

    @Test
    void itemsComeInOrderThenTheEnd() {
        start(source(Stream.of("a", 2).onClose(closed::incrementAndGet), Payload.json("0")));

        awaitEnd();

        assertThat(sent)
                .containsExactly(
                        new Frame.Item(CALL, 0, Payload.json("0")),
                        new Frame.Item(CALL, 1, Payload.json("\"a\"")),
                        new Frame.Item(CALL, 2, Payload.json("2")),
                        new Frame.End(CALL, 3, null, ""));
        assertThat(closed).hasValue(1);
        await().until(() -> streams.open() == 0);
    }

    @Test
    void callersCreditIsNeverExceeded() {
        start(source(IntStream.iterate(0, i -> i + 1).boxed().onClose(closed::incrementAndGet)));

        await().until(() -> sent.size() == ReplyStreams.INITIAL_CREDIT);
        streams.credit(CALLER, new Frame.Credit(CALL, 6));
        await().until(() -> sent.size() == ReplyStreams.INITIAL_CREDIT + 6);
        streams.credit(OTHER, new Frame.Credit(CALL, 100));
        streams.credit(CALLER, new Frame.Credit(CALL + 1, 100));
        streams.credit(CALLER, new Frame.Credit(CALL, -100));
        streams.credit(CALLER, new Frame.Credit(CALL, 1));
        await().until(() -> sent.size() == ReplyStreams.INITIAL_CREDIT + 7);

        assertThat(sent.get(70)).isEqualTo(new Frame.Item(CALL, 70, Payload.json("70")));
    }

    @Test
    void streamAsLongAsItsCreditEndsWithoutMore() {
        start(source(IntStream.range(0, ReplyStreams.INITIAL_CREDIT).iterator()));

        awaitEnd();

        assertThat(sent).hasSize(ReplyStreams.INITIAL_CREDIT + 1);
    }

    @Test
    void cancelStopsAndClosesTheSource() {
        start(source(IntStream.iterate(0, i -> i + 1).boxed().onClose(closed::incrementAndGet)));
        await().until(() -> sent.size() == ReplyStreams.INITIAL_CREDIT);

        streams.cancel(CALLER, new Frame.Cancel(CALL));

        await().until(() -> streams.open() == 0);
        assertThat(closed).hasValue(1);
        assertThat(sent).hasSize(ReplyStreams.INITIAL_CREDIT);
    }

    @Test
    void cancelInterruptsASourceThatBlocks() {
        AtomicBoolean isBlocked = new AtomicBoolean();
        start(source(blocking(isBlocked)));
        await().until(isBlocked::get);

        streams.cancel(CALLER, new Frame.Cancel(CALL));

        await().until(() -> streams.open() == 0);
        assertThat(sent).isEmpty();
    }

    @Test
    void cancelBeforeTheStreamStopsItToo() {
        streams.cancel(CALLER, new Frame.Cancel(CALL));

        start(source(Stream.of(1).onClose(closed::incrementAndGet)));

        await().until(() -> closed.get() == 1);
        assertThat(streams.open()).isZero();
        assertThat(sent).isEmpty();
    }

    @Test
    void lostLinkStopsAllStreamsOfItsMember() {
        start(source(IntStream.iterate(0, i -> i + 1).iterator()));
        streams.start(OTHER, CALL, source(IntStream.iterate(0, i -> i + 1).iterator()));
        await().until(() -> sent.size() == 2 * ReplyStreams.INITIAL_CREDIT);

        streams.linkDown(CALLER);

        await().until(() -> streams.open() == 1);
        streams.linkDown(OTHER);
        await().until(() -> streams.open() == 0);
    }

    @Test
    void laterStreamOfTheSameCallTakesItsPlace() {
        start(source(IntStream.iterate(0, i -> i + 1).boxed().onClose(closed::incrementAndGet)));
        await().until(() -> sent.size() == ReplyStreams.INITIAL_CREDIT);

        start(source(Stream.of(1).onClose(closed::incrementAndGet)));

        await().until(() -> closed.get() == 2);
        await().until(() -> streams.open() == 0);
    }

    @Test
    void discardedStreamIsClosedUnread() {
        ReplySource source = source(Stream.of(1).onClose(closed::incrementAndGet));

        streams.discard(source);
        streams.discard(source);
        start(source);

        await().until(() -> closed.get() == 1);
        assertThat(sent).isEmpty();
    }

    @Test
    void sourceThatThrowsEndsWithItsFailure() {
        start(source(Stream.of(1, 0).map(i -> 1 / i)));

        assertThat(awaitEnd())
                .isEqualTo(
                        new Frame.End(
                                CALL,
                                1,
                                Failure.HANDLER_FAILED,
                                "java.lang.ArithmeticException: / by zero"));
    }

    @Test
    void itemThatCannotBeSentEndsTheStream() {
        start(source(Stream.of(1, Double.NaN).onClose(closed::incrementAndGet)));
        assertThat(awaitEnd().detail()).contains("JSON has no NaN");
        sent.clear();
        streams.start(CALLER, CALL + 1, source(Stream.of("x".repeat(2_000_000))));

        assertThat(awaitEnd().failure()).isEqualTo(Failure.TOO_LARGE);
        await().until(() -> closed.get() == 1);
    }

    @Test
    void callerThatTakesNothingLosesTheStream() {
        try (ReplyStreams impatient =
                new ReplyStreams((to, frame) -> sent.add(frame), Duration.ofMillis(20))) {
            impatient.start(CALLER, CALL, source(IntStream.iterate(0, i -> i + 1).iterator()));

            assertThat(awaitEnd().failure()).isEqualTo(Failure.TIMEOUT);
            await().until(() -> impatient.open() == 0);
        }
    }

    @Test
    void afterTheEndStreamsAreRefused() {
        streams.close();

        start(source(Stream.of(1).onClose(closed::incrementAndGet)));

        assertThat(awaitEnd().failure()).isEqualTo(Failure.CLOSED);
        assertThat(closed).hasValue(1);
    }

    // ---- publishers ----------------------------------------------------------------------------

    @Test
    void publisherIsAskedForWhatTheCallerCanTake() {
        TestPublisher publisher = new TestPublisher();
        start(source(publisher, Payload.json("0")));
        await().until(() -> publisher.requested.get() == ReplyStreams.INITIAL_CREDIT - 1);

        streams.credit(CALLER, new Frame.Credit(CALL, 10));
        await().until(() -> publisher.requested.get() == ReplyStreams.INITIAL_CREDIT + 9);
        publisher.subscriber().onNext("a");
        publisher.subscriber().onComplete();

        assertThat(awaitEnd()).isEqualTo(new Frame.End(CALL, 2, null, ""));
        assertThat(sent.get(1)).isEqualTo(new Frame.Item(CALL, 1, Payload.json("\"a\"")));
    }

    @Test
    void noSubscriptionRemainsAfterCancelLinkDownOrClose() {
        TestPublisher publisher = new TestPublisher();
        for (int call = 0; call < 3; call++) {
            streams.start(call == 1 ? OTHER : CALLER, call, source(publisher));
            int expected = call;
            await().until(() -> publisher.requested.get() == 64L * (expected + 1));
            switch (call) {
                case 0 -> streams.cancel(CALLER, new Frame.Cancel(call));
                case 1 -> streams.linkDown(OTHER);
                default -> streams.close();
            }
            await().until(() -> publisher.subscriptions.get() == 0);
            await().until(() -> streams.open() == 0);
        }

        assertThat(sent).isEmpty();
    }

    @Test
    void publishersErrorEndsTheStream() {
        TestPublisher publisher = new TestPublisher();
        start(source(publisher));
        await().until(() -> publisher.requested.get() > 0);

        publisher.subscriber().onNext(1);
        publisher.subscriber().onError(new IllegalStateException("dry"));

        assertThat(awaitEnd())
                .isEqualTo(
                        new Frame.End(
                                CALL,
                                1,
                                Failure.HANDLER_FAILED,
                                "java.lang.IllegalStateException: dry"));
        await().until(() -> publisher.subscriptions.get() == 0);
    }

    @Test
    void publisherThatIgnoresDemandIsStopped() {
        TestPublisher publisher = new TestPublisher();
        start(source(publisher));
        await().until(() -> publisher.requested.get() > 0);

        var subscriber = publisher.subscriber();
        for (int i = 0; i <= ReplyStreams.INITIAL_CREDIT; i++) {
            subscriber.onNext(i);
        }

        assertThat(awaitEnd().detail()).contains("more than it was asked for: asked=64");
        assertThat(sent).hasSize(ReplyStreams.INITIAL_CREDIT + 1);
        await().until(() -> publisher.subscriptions.get() == 0);
    }

    // ---- given ---------------------------------------------------------------------------------

    private void start(ReplySource source) {
        streams.start(CALLER, CALL, source);
    }

    private Frame.End awaitEnd() {
        await().until(() -> sent.stream().anyMatch(Frame.End.class::isInstance));
        return (Frame.End) sent.get(sent.size() - 1);
    }

    private static ReplySource source(Object answer, Payload... ready) {
        Limits limits = Limits.defaults();
        TurnRules<Object> rules =
                new TurnRules<>(
                        ServiceConfig.of("s", Object.class),
                        new JsonCodec(limits),
                        new JsonDocuments(),
                        limits);
        return Objects.requireNonNull(ReplySource.of(answer, List.of(ready), rules));
    }

    private static Iterator<Object> blocking(AtomicBoolean isBlocked) {
        return Stream.generate(
                        () -> {
                            isBlocked.set(true);
                            try {
                                new CountDownLatch(1).await();
                                return new Object();
                            } catch (InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                        })
                .iterator();
    }
}
