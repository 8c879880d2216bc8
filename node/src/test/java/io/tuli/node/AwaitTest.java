package io.tuli.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tuli.Call;
import io.tuli.Failure;
import io.tuli.Message;
import io.tuli.Outcome;
import io.tuli.Service;
import io.tuli.TuliException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Waiting for a reply. */
class AwaitTest {

    private final TestMeshes meshes = new TestMeshes();
    private final CountDownLatch isRunning = new CountDownLatch(1);
    private final CountDownLatch mayEnd = new CountDownLatch(1);

    @AfterEach
    void closeAll() {
        mayEnd.countDown();
        meshes.close();
    }

    private Service<Object> slow() {
        return meshes.server()
                .serve(
                        "things",
                        Object.class,
                        (message, turn) -> {
                            if (!message.verb().equals("SLOW")) {
                                return turn.pass();
                            }
                            isRunning.countDown();
                            mayEnd.await(20, TimeUnit.SECONDS);
                            return "done";
                        });
    }

    private static Message slowly(Duration within) {
        return Message.of("SLOW").key("k").within(within);
    }

    @Test
    void itAnswersTheReply() {
        Service<Object> things = slow();

        assertThat(things.increment("n", 5).await()).isEqualTo(5);
        assertThat(things.update("a", 1).await()).isNull();
        assertThat(things.send(Message.of("push", 3).key("list"), Integer.class).await()).isZero();
    }

    @Test
    void whatItThrowsIsNotWrappedAndHasTheStackOfWhoWaited() {
        Service<Object> things = slow();
        things.add("a", 1).await();

        assertThatThrownBy(() -> things.add("a", 1).await())
                .isInstanceOfSatisfying(
                        TuliException.class,
                        why -> {
                            assertThat(why.outcome()).isEqualTo(Outcome.FAILED);
                            assertThat(why.failure()).isEqualTo(Failure.CONFLICT);
                            assertThat(why.getStackTrace())
                                    .anyMatch(at -> at.getClassName().contains("AwaitTest"));
                        })
                .hasMessageContaining("service=things");
    }

    @Test
    void itEndsByTheDeadline() {
        Service<Object> things = slow();
        long began = System.nanoTime();

        assertThatThrownBy(() -> things.send(slowly(Duration.ofMillis(300))).await())
                .isInstanceOfSatisfying(
                        TuliException.class,
                        why -> {
                            assertThat(why.outcome()).isEqualTo(Outcome.UNKNOWN);
                            assertThat(why.failure()).isEqualTo(Failure.TIMEOUT);
                        });
        assertThat(System.nanoTime() - began).isLessThan(TimeUnit.SECONDS.toNanos(5));
    }

    @Test
    void aStreamWithoutAFirstItemEndsByTheDeadlineToo() {
        AtomicReference<SubmissionPublisher<Object>> stream = new AtomicReference<>();
        Service<Object> things =
                meshes.server()
                        .serve(
                                "things",
                                Object.class,
                                (message, turn) -> {
                                    stream.set(new SubmissionPublisher<>());
                                    return (Flow.Publisher<Object>) stream.get();
                                });

        Call<Object> call = things.send(slowly(Duration.ofMillis(300)));

        assertThatThrownBy(call::await)
                .isInstanceOfSatisfying(
                        TuliException.class,
                        why -> assertThat(why.failure()).isEqualTo(Failure.TIMEOUT));
        await().until(() -> stream.get().getNumberOfSubscribers() == 0);
    }

    @Test
    void anInterruptedThreadGivesTheCallUp() throws Exception {
        Service<Object> things = slow();
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        AtomicReference<Boolean> isInterrupted = new AtomicReference<>();
        Thread waiter =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    try {
                                        things.send(slowly(Duration.ofSeconds(20))).await();
                                    } catch (TuliException cancelled) {
                                        thrown.set(cancelled);
                                    }
                                    isInterrupted.set(Thread.currentThread().isInterrupted());
                                });
        isRunning.await(20, TimeUnit.SECONDS);

        waiter.interrupt();
        waiter.join(Duration.ofSeconds(20));

        assertThat(thrown.get())
                .isInstanceOfSatisfying(
                        TuliException.class,
                        why -> {
                            assertThat(why.outcome()).isEqualTo(Outcome.UNKNOWN);
                            assertThat(why.failure()).isEqualTo(Failure.CANCELLED);
                        });
        assertThat(isInterrupted.get()).isTrue();
    }

    @Test
    void aCancelledSurveyEnds() {
        Service<Object> things = slow();
        TestMeshes.synced(things);
        Call<Object> survey = things.all().send(slowly(Duration.ofSeconds(20)));
        CompletableFuture<Object> reply = survey.reply();
        await().until(() -> isRunning.getCount() == 0);

        survey.cancel();

        assertThatThrownBy(survey::await)
                .isInstanceOfSatisfying(
                        TuliException.class,
                        why -> assertThat(why.failure()).isEqualTo(Failure.CANCELLED));
        assertThat(reply).isCompletedExceptionally();
    }
}
