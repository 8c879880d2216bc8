package io.tuli.feed;

import static io.tuli.feed.FakeReplica.set;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tuli.Change;
import io.tuli.Failure;
import io.tuli.Feed;
import io.tuli.Overflow;
import io.tuli.Position;
import io.tuli.TuliException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What becomes of a feed whose consumer falls behind. */
@Tag("U4")
@Tag("U5")
class FeedOverflowTest {

    private final FakeReplica replica = new FakeReplica(1, 1);
    private final Recorder stuck = Recorder.stuck();

    @AfterEach
    void close() {
        stuck.permit(1_000_000);
        replica.close();
    }

    private static List<String> updates(int from, int end) {
        return IntStream.range(from, end).mapToObj(i -> "update k" + i + "=" + i).toList();
    }

    /** All that the loop was asked to do before has been done. */
    private void settle() {
        for (int i = 0; i < 100; i++) {
            replica.on(0, () -> true);
        }
    }

    @Test
    void waitLagsInTheChangelogAndMissesNothing() {
        RunningFeed<?> feed = (RunningFeed<?>) replica.feed().limit(10).each(stuck);

        replica.appendMany(0, 500);
        settle();
        assertThat(feed.inbox().hasRoom()).isFalse();
        stuck.permit(500);

        assertThat(stuck.awaitCount(500).texts()).isEqualTo(updates(0, 500));
    }

    @Test
    void waitFetchesNoMoreThanTheLimit() {
        RunningFeed<?> feed = (RunningFeed<?>) replica.feed().limit(10).each(stuck);

        replica.appendMany(0, 500);
        settle();

        assertThat(feed.inbox().changes()).isEqualTo(10);
    }

    @Test
    void aLimitOfOneIsEnough() {
        replica.feed().limit(1).each(stuck);

        replica.appendMany(0, 50);
        stuck.permit(50);

        assertThat(stuck.awaitCount(50).texts()).isEqualTo(updates(0, 50));
    }

    @Test
    void theSmallestLimitNeverStalls() {
        AtomicInteger seen = new AtomicInteger();
        replica.feed().limit(1).each(change -> seen.incrementAndGet());

        for (int i = 1; i <= 50; i++) {
            replica.appendMany(0, 100);
            int all = 100 * i;
            await().pollInterval(Duration.ofMillis(1)).until(() -> seen.get() == all);
        }
    }

    @Test
    void anEntryLargerThanTheLimitComesThrough() {
        replica.feed().limit(2).each(stuck);

        replica.append(0, set("a", "1"), set("b", "2"), set("c", "3"), set("d", "4"));
        stuck.permit(4);

        stuck.awaitCount(4);
    }

    @Test
    void bytesAreBoundedToo() {
        String large = "x".repeat(1 << 20);
        RunningFeed<?> feed = (RunningFeed<?>) replica.feed().each(stuck);
        for (int i = 0; i < 20; i++) {
            replica.append(0, set("k" + i, large));
        }
        settle();

        int fetched = 0;
        while (feed.inbox().poll() != null) {
            fetched++;
        }

        assertThat(fetched).isLessThanOrEqualTo(4);
    }

    @Test
    void waitTrimmedMeanwhileIsAResetTheStateAndWhatFollows() {
        replica.feed().limit(10).each(stuck);
        replica.appendMany(0, 100);
        settle();

        replica.trim(0, 90);
        stuck.permit(1_000);
        replica.append(0, set("after", "1"));

        await().until(() -> stuck.texts().contains("update after=1"));
        List<String> seen = stuck.texts();
        int reset = seen.indexOf("reset");
        assertThat(seen.subList(0, reset)).isEqualTo(updates(0, reset));
        assertThat(reset).isBetween(10, 20);
        assertThat(seen.subList(reset + 1, seen.size()))
                .containsAll(updates(0, 100))
                .doesNotHaveDuplicates()
                .hasSize(101);
    }

    @Test
    void dropOldestKeepsTheNewestAndCounts() {
        Feed.Subscription feed =
                replica.feed().limit(10).overflow(Overflow.DROP_OLDEST).each(stuck);
        replica.appendMany(0, 1);
        await().until(stuck::isEntered);

        replica.appendMany(0, 100);
        await().until(() -> feed.dropped() == 90);
        stuck.permit(1_000);

        List<String> seen = stuck.awaitCount(11).texts();
        assertThat(seen.get(0)).isEqualTo("update k0=0");
        assertThat(seen.subList(1, 11)).isEqualTo(updates(91, 101));
    }

    @Test
    void dropOldestDropsNothingOfWhatWasThereBefore() {
        replica.appendMany(0, 200);
        Feed.Subscription feed =
                replica.feed()
                        .from(Position.start())
                        .limit(10)
                        .overflow(Overflow.DROP_OLDEST)
                        .each(stuck);
        settle();

        stuck.permit(1_000);

        assertThat(stuck.awaitCount(200).texts()).isEqualTo(updates(0, 200));
        assertThat(feed.dropped()).isZero();
    }

    @Test
    void dropOldestNeverDropsAReset() {
        replica.feed().limit(5).overflow(Overflow.DROP_OLDEST).each(stuck);
        replica.appendMany(0, 1);
        await().until(stuck::isEntered);
        replica.on(
                0,
                () -> {
                    replica.appendHere(0, 0, set("x", "1"));
                    return true;
                });
        replica.replace(0, FakeReplica.at(50), java.util.Map.of("a", "1"));

        replica.appendMany(0, 100);
        settle();
        stuck.permit(1_000);

        await().until(() -> stuck.texts().contains("update a=1"));
        assertThat(stuck.texts()).contains("reset");
    }

    @Test
    void failEndsTheFeedOverloaded() {
        Feed.Subscription feed = replica.feed().limit(10).overflow(Overflow.FAIL).each(stuck);
        replica.appendMany(0, 1);
        await().until(stuck::isEntered);

        replica.appendMany(0, 100);
        settle();
        stuck.permit(1_000);

        assertThatThrownBy(() -> feed.ended().toCompletableFuture().join())
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOf(TuliException.class)
                .hasMessageContaining("a feed with overflow FAIL must keep up: service=things")
                .extracting(thrown -> ((TuliException) thrown).failure())
                .isEqualTo(Failure.OVERLOADED);
        assertThat(stuck.seen()).hasSize(1);
    }

    @Test
    void failLetsAFeedCatchUpFirst() {
        replica.appendMany(0, 200);
        replica.feed().from(Position.start()).limit(10).overflow(Overflow.FAIL).each(stuck);
        settle();

        stuck.permit(1_000);

        assertThat(stuck.awaitCount(200).texts()).isEqualTo(updates(0, 200));
    }

    @Test
    void aStuckFeedDelaysNoOther() {
        Recorder other = new Recorder();
        replica.feed().limit(10).each(stuck);
        replica.feed().limit(10).each(other);

        replica.appendMany(0, 1_000);

        assertThat(other.awaitCount(1_000).seen()).extracting(Change::verb).containsOnly("update");
        assertThat(stuck.seen()).isEmpty();
    }

    @Test
    void theLimitIsAtLeastOne() {
        assertThatThrownBy(() -> replica.feed().limit(0))
                .hasMessage("a feed's limit must be >= 1: 0");
    }

    @Test
    void aStuckFeedCostsTheLoopNothingWhenNothingIsConsumed() {
        replica.feed().limit(10).each(stuck);
        replica.appendMany(0, 20);
        settle();
        int before = replica.tasks();

        for (int i = 0; i < 100; i++) {
            replica.appendMany(0, 10);
        }

        assertThat(replica.tasks() - before).isLessThanOrEqualTo(101);
    }
}
