package io.tuli.fold;

import static io.tuli.feed.FakeReplica.at;
import static io.tuli.feed.FakeReplica.set;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.awaitility.Awaitility.await;

import io.tuli.Change;
import io.tuli.Epoch;
import io.tuli.Fold;
import io.tuli.Limits;
import io.tuli.LogPosition;
import io.tuli.MeshEvent;
import io.tuli.Message;
import io.tuli.RequestId;
import io.tuli.feed.FakeFolded;
import io.tuli.feed.FakeReplica;
import io.tuli.feed.FakeTarget;
import io.tuli.feed.TextCodec;
import io.tuli.log.Consumed;
import io.tuli.log.SourceMark;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Reserved;
import io.tuli.protocol.ServiceSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How one service's changes become another's messages. */
@Tag("FE-29")
class FoldRunnerTest {

    private static final int SOURCE = ServiceSpec.numberOf("things");
    private static final int PARTITIONS = 3;

    private final FakeReplica source = new FakeReplica(1, 2);
    private final FakeFolded folded = new FakeFolded();
    private final FakeTarget target = new FakeTarget(1, folded, 1, PARTITIONS);
    private final List<MeshEvent> events = new CopyOnWriteArrayList<>();
    private final List<FoldRunner> runners = new ArrayList<>();

    @BeforeEach
    void ownAll() {
        for (int q = 0; q < PARTITIONS; q++) {
            folded.own(q, 1);
        }
    }

    @AfterEach
    void close() {
        runners.forEach(FoldRunner::close);
        target.close();
        source.close();
    }

    /** A message to the partition that the source key's number names. */
    private List<Message> byNumber(Change change) {
        int q = Integer.parseInt(change.key().top().substring(1)) % PARTITIONS;
        return List.of(Message.of("FOLD", change.key().top()).key(target.keyIn(q)));
    }

    private FoldRunner run(Fold fold) {
        return run(fold, 1_000, Duration.ofMillis(20));
    }

    private FoldRunner run(Fold fold, int inFlightMax, Duration watermarkEvery) {
        TextCodec codec = new TextCodec();
        Limits limits = Limits.defaults();
        FoldConfig config =
                new FoldConfig(
                        fold, codec, codec, limits, inFlightMax, watermarkEvery, events::add);
        FoldRunner runner = new FoldRunner(source.hub(), target.hub(), target, config);
        runners.add(runner);
        runner.start();
        return runner;
    }

    private void awaitExecuted(int count) {
        await("executed: " + folded.executedCount())
                .atMost(Duration.ofSeconds(20))
                .until(() -> folded.executedCount() >= count);
    }

    private static List<String> bodies(List<Frame.Request> requests) {
        return requests.stream().map(request -> request.body().toString()).toList();
    }

    @Test
    void eachChangeIsFoldedOnceAndInOrder() {
        run(this::byNumber);

        source.appendMany(0, 300);

        awaitExecuted(300);
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 300; i += PARTITIONS) {
            expected.add("k" + i);
        }
        assertThat(bodies(folded.requests(0))).isEqualTo(expected);
    }

    @Test
    void whatWasCommittedBeforeIsFoldedToo() {
        source.appendMany(0, 30);
        source.appendMany(1, 30);

        run(this::byNumber);

        awaitExecuted(60);
        assertThat(folded.executedCount()).isEqualTo(60);
    }

    @Test
    void onlyForPartitionsOwnedHere() {
        folded.own(1, 2);
        run(this::byNumber);

        source.appendMany(0, 30);

        awaitExecuted(20);
        await().until(() -> !target.watermarks().isEmpty());
        assertThat(folded.executed(1)).isEmpty();
        assertThat(target.foldedInputs()).noneMatch(input -> input.request().partition() == 1);
    }

    @Test
    void aPartitionGainedIsCaughtUpFromItsMarks() {
        folded.own(1, 2);
        FoldRunner runner = run(this::byNumber);
        source.appendMany(0, 30);
        awaitExecuted(20);
        folded.mark(2, 1, new SourceMark(SOURCE, 0, at(16), SourceMark.ALL));

        target.gain(runner, 1);

        awaitExecuted(24);
        assertThat(bodies(folded.requests(1))).containsExactly("k16", "k19", "k22", "k25", "k28");
    }

    @Test
    void aPartitionLostIsFoldedNoMore() {
        FoldRunner runner = run(this::byNumber);
        source.appendMany(0, 3);
        awaitExecuted(3);

        target.lose(runner, 1);
        source.appendMany(0, 3);
        awaitExecuted(5);

        assertThat(folded.executed(1)).hasSize(1);
    }

    @Test
    void messagesOfOneEntryForOnePartitionAreSteps() {
        Fold three = change -> List.of(m(0, "a"), m(1, "b"), m(0, "c"), m(0, "d"));
        run(three);

        source.append(0, set("k", "v"));

        awaitExecuted(4);
        assertThat(bodies(folded.requests(0))).containsExactly("a", "c", "d");
        assertThat(target.foldedInputs())
                .filteredOn(input -> input.request().partition() == 0)
                .extracting(input -> input.marks().getFirst().step())
                .containsExactly(1, 2, SourceMark.ALL);
    }

    private Message m(int partition, String body) {
        return Message.of("FOLD", body).key(target.keyIn(partition));
    }

    @Test
    void aNewOwnerGoesOnInTheMiddleOfAnEntry() {
        source.appendMany(0, 1);
        source.append(0, set("k", "v"));
        folded.mark(1, 0, new SourceMark(SOURCE, 0, at(2), 2));

        run(change -> List.of(m(0, "a"), m(0, "b"), m(0, "c"), m(0, "d")));

        awaitExecuted(2);
        await().until(() -> !target.watermarks().isEmpty());
        assertThat(bodies(folded.requests(0))).containsExactly("c", "d");
    }

    @Test
    void idsAreTheSameAtEveryRepetition() {
        run(change -> List.of(m(0, "a"), m(0, "b")));
        source.append(0, set("k", "v"));
        source.append(1, set("k", "v"));
        awaitExecuted(4);
        FakeFolded again = new FakeFolded();
        again.own(0, 1);
        FakeTarget other = new FakeTarget(1, again, 1, PARTITIONS);
        TextCodec codec = new TextCodec();
        FoldConfig config =
                FoldConfig.of(
                        change -> List.of(m(0, "a"), m(0, "b")),
                        codec,
                        Limits.defaults(),
                        events::add);
        FoldRunner runner = new FoldRunner(source.hub(), other.hub(), other, config);
        runner.start();
        await().until(() -> again.executedCount() == 4);
        runner.close();
        other.close();

        assertThat(folded.requests(0))
                .extracting(Frame.Request::id)
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(
                        again.requests(0).stream().map(Frame.Request::id).toList());
    }

    @Test
    void anIdGivenByTheFoldIsKept() {
        run(change -> List.of(m(0, "a").id("mine")));

        source.append(0, set("k", "v"));

        awaitExecuted(1);
        assertThat(folded.requests(0).get(0).id()).isEqualTo(Message.of("X").id("mine").id());
    }

    @Test
    void atMostSoManyMessagesAreInFlightPerPartition() {
        target.hold();
        run(this::byNumber, 10, Duration.ofMillis(20));

        source.appendMany(0, 300);
        await().until(() -> target.foldedInputs().size() == 30);

        target.release();
        awaitExecuted(300);
        assertThat(folded.executedCount()).isEqualTo(300);
    }

    @Test
    void aFullPartitionStaysBehindByItself() {
        FoldRunner runner = run(this::byNumber, 10, Duration.ofMillis(20));
        source.appendMany(0, 3);
        awaitExecuted(3);
        target.lose(runner, 0);
        target.hold();
        target.gain(runner, 0);
        source.appendMany(0, 60);
        await().until(() -> target.foldedInputs().size() == 33);
        target.release();

        awaitExecuted(63);

        assertThat(bodies(folded.requests(0))).hasSize(21).doesNotHaveDuplicates();
    }

    @Test
    void watermarksTellPartitionsWhatDidNotConcernThem() {
        run(change -> List.of(m(0, "x")));

        source.appendMany(0, 5);
        source.appendMany(1, 7);

        await().until(
                        () ->
                                at(5).equals(place(1, 0))
                                        && at(7).equals(place(1, 1))
                                        && at(5).equals(place(2, 0)));
        assertThat(place(0, 1)).isEqualTo(at(7));
        assertThat(target.watermarks()).noneMatch(consumed -> consumed.partition() == 0);
    }

    private Object place(int partition, int sourcePartition) {
        Consumed consumed = folded.consumed(partition, ((long) SOURCE << 32) | sourcePartition);
        return consumed.isNothing() ? "none" : consumed.place();
    }

    @Test
    void watermarksOfManySourcePartitionsShareAnEntry() {
        source.appendMany(0, 5);
        source.appendMany(1, 7);

        run(change -> List.of());

        await().until(() -> target.watermarks().size() >= PARTITIONS);
        assertThat(target.watermarks()).allMatch(consumed -> consumed.marks().size() == 2);
        assertThat(target.watermarks()).hasSize(PARTITIONS);
    }

    @Test
    void noWatermarkOvertakesAMessageInFlight() {
        target.hold();
        run(change -> change.key().top().equals("first") ? List.of(m(0, "x")) : List.of());
        source.append(0, set("first", "1"));
        source.appendMany(0, 5);
        await().until(
                        () ->
                                target.watermarks().stream()
                                        .anyMatch(consumed -> consumed.partition() == 1));

        assertThat(target.watermarks()).noneMatch(consumed -> consumed.partition() == 0);
        target.release();
        await().until(() -> at(6).equals(place(0, 0)));
        assertThat(folded.executed(0)).hasSize(1);
    }

    @Test
    void saysWhenTheSourceDoesNotReachBack() {
        source.appendMany(0, 10);
        source.trim(0, 6);

        run(this::byNumber);

        awaitExecuted(4);
        assertThat(events)
                .singleElement()
                .satisfies(
                        event -> {
                            assertThat(event.kind()).isEqualTo(MeshEvent.Kind.FOLD_INEXACT);
                            assertThat(event.text())
                                    .startsWith("cannot fold exactly: ")
                                    .contains("source=things/0");
                        });
    }

    @Test
    void whatNotAllPartitionsHaveConsumedIsNeededHere() {
        folded.own(1, 2);
        run(change -> List.of());
        source.appendMany(0, 10);
        await().until(() -> at(10).equals(place(2, 0)));
        assertThat(neededFrom()).isZero();

        target.replicate(1, new SourceMark(SOURCE, 0, at(5), SourceMark.ALL));
        await().until(() -> neededFrom() == 5);
        target.replicate(1, new SourceMark(SOURCE, 0, at(7), 1));
        await().until(() -> neededFrom() == 6);
        target.replicate(1, new SourceMark(SOURCE, 0, at(10), SourceMark.ALL));
        await().until(() -> neededFrom() == 10);
    }

    private long neededFrom() {
        return source.on(0, () -> source.hub().neededFrom(0));
    }

    @Test
    void closedItNeedsNothing() {
        FoldRunner runner = run(change -> List.of());
        await().until(() -> neededFrom() == 0);

        runner.close();

        await().until(() -> neededFrom() == Long.MAX_VALUE);
        assertThat(source.feeds().running()).isZero();
    }

    @Test
    void mayOwnWhatItsSourceReachesBackFor() {
        source.appendMany(0, 10);
        source.trim(0, 6);
        folded.own(1, 2);
        FoldRunner runner = run(change -> List.of());
        await().until(() -> !target.watermarks().isEmpty());

        assertThat(mayOwn(runner, 1)).isFalse();
        folded.mark(2, 1, new SourceMark(SOURCE, 0, at(5), SourceMark.ALL));
        assertThat(mayOwn(runner, 1)).isFalse();
        folded.mark(2, 1, new SourceMark(SOURCE, 0, at(6), SourceMark.ALL));
        assertThat(mayOwn(runner, 1)).isTrue();
    }

    private boolean mayOwn(FoldRunner runner, int partition) {
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        target.execute(0, () -> answer.complete(runner.mayOwn(partition)));
        return answer.orTimeout(20, TimeUnit.SECONDS).join();
    }

    @Test
    void aSourceReplacedByASnapshotIsFoldedOnFromThere() {
        run(this::byNumber);
        source.appendMany(0, 6);
        awaitExecuted(6);

        source.replace(0, at(6), Map.of("k0", "0"));
        source.appendMany(0, 6);

        awaitExecuted(12);
        assertThat(events).isEmpty();
        assertThat(bodies(folded.requests(0))).containsExactly("k0", "k3", "k6", "k9");
    }

    @Test
    void afterASplitOnlyWhatTheOtherSideHadIsFolded() {
        Epoch theirs = new Epoch(2, 9);
        folded.mark(1, 0, new SourceMark(SOURCE, 0, at(3), SourceMark.ALL));
        folded.mark(1, 0, new SourceMark(SOURCE, 0, new LogPosition(theirs, 8), SourceMark.ALL));
        source.appendMany(0, 6);
        source.open(0, 3);
        source.merge(0, new LogPosition(theirs, 7), set("k30", "folded"));
        source.merge(0, new LogPosition(theirs, 8), set("k33", "folded"));
        source.merge(0, new LogPosition(theirs, 9), set("k36", "new"));

        run(change -> List.of(m(0, change.key().top())));

        awaitExecuted(4);
        source.append(0, set("k60", "later"));
        awaitExecuted(5);
        assertThat(bodies(folded.requests(0))).containsExactly("k3", "k4", "k5", "k36", "k60");
        assertThat(target.foldedInputs().getFirst().request().attempt())
                .as("the other side may have executed it, too")
                .isPositive();
        assertThat(events).isEmpty();
    }

    @Test
    void aSourceThatWasRestartedIsFoldedFromItsNewBeginning() {
        run(this::byNumber);
        source.appendMany(0, 30);
        awaitExecuted(30);

        source.restart(0, new Epoch(1, 3));
        source.append(0, set("k90", "new"), set("k91", "new"));

        awaitExecuted(32);
        source.append(0, set("k93", "new"));
        awaitExecuted(33);
        assertThat(bodies(folded.requests(0))).endsWith("k27", "k90", "k93");
    }

    @Test
    void aRestartedSourceIsFoldedThoughAllItsEpochsAreLowerThanThoseKnown() {
        for (int number = 4; number < 16; number++) {
            source.open(0, number);
            source.append(0, set("k" + 3 * number, "old"));
        }
        run(this::byNumber);
        awaitExecuted(12);

        source.restart(0, new Epoch(1, 9));
        source.append(0, set("k90", "new"));

        awaitExecuted(13);
        assertThat(bodies(folded.requests(0))).endsWith("k45", "k90");
        assertThat(events)
                .singleElement()
                .satisfies(
                        event -> {
                            assertThat(event.kind()).isEqualTo(MeshEvent.Kind.FOLD_INEXACT);
                            assertThat(event.text()).contains("restarted", "things/0");
                        });
    }

    @Test
    void whoGainsAPartitionAfterTheRestartFoldsTheNewSourceToo() {
        folded.own(0, 2);
        for (int number = 4; number < 16; number++) {
            LogPosition at = new LogPosition(new Epoch(number, 7), number);
            folded.mark(2, 0, new SourceMark(SOURCE, 0, at, SourceMark.ALL));
        }
        source.restart(0, new Epoch(1, 9));
        source.append(0, set("k90", "new"));
        FoldRunner runner = run(this::byNumber);

        target.gain(runner, 0);

        awaitExecuted(1);
        assertThat(bodies(folded.requests(0))).containsExactly("k90");
    }

    @Test
    void aSideOfASplitThatIsLongKnownHasNotBegunAnew() {
        for (int number = 2; number < 16; number++) {
            source.open(0, number);
            source.append(0, set("k" + 3 * number, "ours"));
        }
        run(this::byNumber);
        awaitExecuted(14);

        source.replaceByASide(0, new Epoch(2, 7), new Epoch(2, 9));
        source.append(0, set("k90", "theirs"));

        await().until(() -> !events.isEmpty());
        assertThat(events.getFirst().text()).contains("known of the source's latest epochs");
        assertThat(folded.executedCount()).isEqualTo(14);
    }

    @Test
    void whatIsFoldedIsNamedByTheRequestThatMadeTheChange() {
        source.merge(0, new LogPosition(new Epoch(2, 9), 4), set("k0", "0"));
        run(change -> List.of(m(0, "x"), m(1, "y")));

        awaitExecuted(2);

        RequestId first = folded.requests(0).getFirst().id();
        RequestId second = folded.requests(1).getFirst().id();
        assertThat(Reserved.isFold(first)).isTrue();
        assertThat(second).isEqualTo(new RequestId(first.origin(), first.sequence() + 1));
    }

    @Test
    void saysWhenOnlyTheDocumentOfAnotherSideIsKnown() {
        source.condense(0, new LogPosition(new Epoch(2, 9), 4), set("k0", "0"));

        run(this::byNumber);

        awaitExecuted(1);
        assertThat(events).singleElement().matches(e -> e.kind() == MeshEvent.Kind.FOLD_INEXACT);
    }

    @Test
    void aChangeTheFoldCannotAnswerIsReportedAndLeftOut() {
        run(
                change -> {
                    if (change.key().top().equals("k1")) {
                        throw new IllegalStateException("no");
                    }
                    return byNumber(change);
                });

        source.appendMany(0, 3);

        awaitExecuted(2);
        await().until(() -> !events.isEmpty());
        assertThat(events.get(0).kind()).isEqualTo(MeshEvent.Kind.HANDLER_FAILED);
        assertThat(events.get(0).text()).contains("key=k1");
    }

    @Test
    void aMessageWithoutAKeyIsReportedAndLeftOut() {
        run(change -> List.of(Message.of("FOLD", "x")));

        source.appendMany(0, 1);

        await().until(() -> !events.isEmpty());
        assertThat(events.get(0).text()).startsWith("a folded message has a key: verb=FOLD");
    }

    @Test
    void postsOfAnEarlierPeriodOfOwnershipAreNotHeard() {
        CountDownLatch mayGoOn = new CountDownLatch(1);
        CountDownLatch loopIsBusy = new CountDownLatch(1);
        target.hold();
        FoldRunner runner = run(change -> List.of(m(0, change.key().top())));
        source.appendMany(0, 1);
        await().until(() -> target.foldedInputs().size() == 1);
        target.execute(
                0,
                () -> {
                    loopIsBusy.countDown();
                    awaitLatch(mayGoOn);
                    target.lose(runner, 0);
                    target.release();
                    target.gain(runner, 0);
                });
        awaitLatch(loopIsBusy);
        int before = target.tasks();
        source.appendMany(0, 1);
        await().until(() -> target.tasks() > before);

        mayGoOn.countDown();

        awaitExecuted(2);
        assertThat(bodies(folded.requests(0))).containsExactly("k0", "k1");
    }

    private static void awaitLatch(CountDownLatch latch) {
        assertThatNoException()
                .isThrownBy(() -> assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue());
    }

    @Test
    @Tag("FE-24")
    void closingEndsAFoldThatHangs() {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch isHanging = new CountDownLatch(1);
        FoldRunner runner =
                run(
                        change -> {
                            isHanging.countDown();
                            awaitLatch(never);
                            return List.of();
                        });
        source.appendMany(0, 1);
        awaitLatch(isHanging);

        runner.close();

        await().until(runner::hasEnded);
    }
}
