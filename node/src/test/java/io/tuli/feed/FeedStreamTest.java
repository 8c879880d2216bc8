package io.tuli.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tuli.Change;
import io.tuli.Failure;
import io.tuli.Overflow;
import io.tuli.Position;
import io.tuli.TuliException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A feed as a stream. */
@Tag("FE-05")
class FeedStreamTest {

    private final FakeReplica replica = new FakeReplica(1, 1);

    @AfterEach
    void close() {
        replica.close();
    }

    @Test
    void isFilteredMappedAndReduced() {
        replica.appendMany(0, 100);

        try (Stream<Change> changes = replica.feed().from(Position.start()).limit(7).stream()) {
            int sum =
                    changes.limit(100)
                            .map(change -> change.value(String.class))
                            .mapToInt(Integer::parseInt)
                            .sum();
            assertThat(sum).isEqualTo(4950);
        }
        assertThat(replica.feeds().running()).isZero();
    }

    @Test
    void waitsForWhatIsStillToCome() {
        try (Stream<Change> changes = replica.feed().stream()) {
            CompletableFuture<List<String>> seen = new CompletableFuture<>();
            Thread reader =
                    Thread.ofVirtual()
                            .start(
                                    () ->
                                            seen.complete(
                                                    changes.limit(3).map(Recorder::text).toList()));
            await().until(() -> reader.getState() == Thread.State.WAITING);

            replica.appendMany(0, 3);

            assertThat(seen.join()).containsExactly("update k0=0", "update k1=1", "update k2=2");
        }
    }

    @Test
    void closedItEndsForWhoeverWaits() {
        Stream<Change> changes = replica.feed().stream();
        CompletableFuture<Long> count = new CompletableFuture<>();
        Thread reader = Thread.ofVirtual().start(() -> count.complete(changes.count()));
        await().until(() -> reader.getState() == Thread.State.WAITING);

        changes.close();

        assertThat(count.join()).isZero();
    }

    @Test
    @Tag("FE-24")
    void theMeshClosedEndsIt() {
        CompletableFuture<Long> count = new CompletableFuture<>();
        Stream<Change> changes = replica.feed().stream();
        Thread reader = Thread.ofVirtual().start(() -> count.complete(changes.count()));
        await().until(() -> reader.getState() == Thread.State.WAITING);

        replica.feeds().close();

        assertThat(count.join()).isZero();
    }

    @Test
    void failedItThrowsWhy() {
        Stream<Change> changes = replica.feed().limit(2).overflow(Overflow.FAIL).stream();

        replica.appendMany(0, 50);

        await().until(() -> replica.feeds().running() == 0);
        assertThatThrownBy(() -> changes.forEach(change -> {}))
                .isInstanceOf(TuliException.class)
                .extracting(thrown -> ((TuliException) thrown).failure())
                .isEqualTo(Failure.OVERLOADED);
    }

    @Test
    void interruptedItThrowsAndKeepsTheInterrupt() {
        Stream<Change> changes = replica.feed().stream();
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        Thread reader =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    try {
                                        changes.forEach(change -> {});
                                    } catch (TuliException cancelled) {
                                        interrupted.complete(
                                                Thread.currentThread().isInterrupted());
                                    }
                                });
        await().until(() -> reader.getState() == Thread.State.WAITING);

        reader.interrupt();

        assertThat(interrupted.join()).isTrue();
        changes.close();
    }
}
