package io.tuli.feed;

import static io.tuli.feed.FakeReplica.at;
import static io.tuli.feed.FakeReplica.remove;
import static io.tuli.feed.FakeReplica.set;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tuli.Change;
import io.tuli.Committed;
import io.tuli.Epoch;
import io.tuli.Feed;
import io.tuli.LogPosition;
import io.tuli.Position;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Where a feed begins, and where it says it stands. */
@Tag("FE-05")
@Tag("U4")
class FeedPositionTest {

    private final FakeReplica replica = new FakeReplica(1, 1);
    private final Recorder recorder = new Recorder();

    @AfterEach
    void close() {
        replica.close();
    }

    private Feed.Subscription begin(Position from) {
        return replica.feed().from(from).each(recorder);
    }

    private static Position exact(LogPosition place) {
        return Position.exact(new TreeMap<>(Map.of(0, place)));
    }

    @Test
    void latestBringsOnlyWhatIsCommittedAfterSubscribing() {
        replica.append(0, set("a", "1"));

        Feed.Subscription feed = begin(Position.latest());
        assertThat(feed.position()).isEqualTo(exact(at(1)));
        replica.append(0, set("b", "2"));

        assertThat(recorder.awaitCount(1).texts()).containsExactly("update b=2");
    }

    @Test
    void startBringsTheChangesWhenTheChangelogReachesBack() {
        replica.append(0, set("a", "1"));
        replica.append(0, remove("a"));

        begin(Position.start());

        assertThat(recorder.awaitCount(2).texts()).containsExactly("update a=1", "remove a");
    }

    @Test
    void startBringsTheStateWithoutResetWhenTheChangelogWasTrimmed() {
        replica.appendMany(0, 3);
        replica.trim(0, 2);

        begin(Position.start());
        replica.append(0, set("k0", "new"));

        assertThat(recorder.awaitCount(4).texts())
                .containsExactlyInAnyOrder(
                        "update k0=0", "update k1=1", "update k2=2", "update k0=new")
                .last()
                .isEqualTo("update k0=new");
    }

    @Test
    void exactGoesOnRightAfterThePlace() {
        replica.appendMany(0, 5);

        begin(exact(at(3)));

        assertThat(recorder.awaitCount(2).texts()).containsExactly("update k3=3", "update k4=4");
    }

    @Test
    void aPartitionNotNamedBeginsAtTheStart() {
        replica.appendMany(0, 2);

        begin(Position.exact(new TreeMap<>()));

        assertThat(recorder.awaitCount(2).texts()).containsExactly("update k0=0", "update k1=1");
    }

    @Test
    void exactBeforeTheChangelogIsAResetAndTheState() {
        replica.appendMany(0, 3);
        replica.trim(0, 2);

        Feed.Subscription feed = begin(exact(at(1)));

        assertThat(recorder.awaitCount(4).texts())
                .startsWith("reset")
                .containsExactlyInAnyOrder("reset", "update k0=0", "update k1=1", "update k2=2");
        await().until(() -> feed.position().equals(exact(at(3))));
    }

    @Test
    void exactOfALineageGivenUpIsAResetAndTheState() {
        replica.appendMany(0, 2);
        replica.open(0, 3);

        begin(exact(new LogPosition(new Epoch(2, 9), 2)));

        assertThat(recorder.awaitCount(3).texts())
                .startsWith("reset")
                .contains("update k0=0", "update k1=1");
    }

    @Test
    void exactAheadOfTheReplicaIsWaitedFor() {
        replica.appendMany(0, 1);

        begin(exact(at(3)));
        replica.appendMany(0, 3);

        assertThat(recorder.awaitCount(1).texts()).containsExactly("update k3=3");
    }

    @Test
    void timeBeginsWithTheFirstChangeNotBefore() {
        replica.append(0, 1000, set("a", "1"));
        replica.append(0, 2000, set("b", "2"));
        replica.append(0, 3000, set("c", "3"));

        begin(Position.time(Instant.ofEpochMilli(1500)));

        assertThat(recorder.awaitCount(2).texts()).containsExactly("update b=2", "update c=3");
    }

    @Test
    void timeInTheFutureIsWaitedFor() {
        replica.append(0, 1000, set("a", "1"));

        begin(Position.time(Instant.ofEpochMilli(5000)));
        replica.append(0, 4000, set("b", "2"));
        replica.append(0, 6000, set("c", "3"));

        assertThat(recorder.awaitCount(1).texts()).containsExactly("update c=3");
    }

    @Test
    void timeBeforeTheChangelogIsAResetAndTheState() {
        replica.append(0, 1000, set("a", "1"));
        replica.append(0, 3000, set("b", "2"));
        replica.trim(0, 1);

        begin(Position.time(Instant.ofEpochMilli(500)));

        assertThat(recorder.awaitCount(3).texts()).startsWith("reset").contains("update a=1");
    }

    @Test
    void timeBetweenATrimmedAndTheOldestEntryIsNotProvenAndResets() {
        replica.append(0, 1000, set("a", "1"));
        replica.append(0, 2000, set("b", "2"));
        replica.append(0, 3000, set("c", "3"));
        replica.trim(0, 1);

        begin(Position.time(Instant.ofEpochMilli(2500)));
        assertThat(recorder.awaitCount(1).texts()).containsExactly("update c=3");
    }

    @Test
    void aFeedBeginsWhenItsPartitionIsInSync() {
        FakeReplica late = new FakeReplica(1, 1);
        late.sync(0, false);
        Feeds feeds = new Feeds(late);
        Recorder seen = new Recorder();
        Feed.Subscription feed =
                feeds.changes(new TextCodec(), 10).from(Position.start()).each(seen);
        assertThat(feed.position()).isEqualTo(exact(LogPosition.START));

        late.on(
                0,
                () -> {
                    late.appendHere(0, 0, set("a", "1"));
                    return true;
                });
        assertThat(seen.seen()).isEmpty();
        late.sync(0, true);
        late.on(
                0,
                () -> {
                    feeds.hub().tick(0, 0);
                    return true;
                });

        assertThat(seen.awaitCount(1).texts()).containsExactly("update a=1");
        feeds.close();
        late.close();
    }

    @Test
    void aFeedGoesOnWhereAnotherStopped() {
        replica.appendMany(0, 10);
        Feed.Subscription first = begin(Position.start());
        recorder.awaitCount(10);
        await().until(() -> first.position().equals(exact(at(10))));
        first.close();
        replica.appendMany(0, 2);

        Recorder second = new Recorder();
        replica.feed().from(first.position()).each(second);

        assertThat(second.awaitCount(2).texts()).containsExactly("update k10=10", "update k11=11");
    }

    @Test
    void positionMovesOverEntriesNobodyWanted() {
        Feed.Subscription feed = replica.feed().keys("wanted").each(recorder);

        replica.appendMany(0, 7);

        await().until(() -> feed.position().equals(exact(at(7))));
        assertThat(recorder.seen()).isEmpty();
    }

    @Test
    void positionStaysBeforeAnEntryUntilAllItsChangesAreConsumed() {
        Recorder stuck = Recorder.stuck();
        Feed.Subscription feed = replica.feed().each(stuck);
        replica.append(0, set("a", "1"), set("b", "2"));

        stuck.permit(1);
        stuck.awaitCount(1);
        await().until(stuck::isEntered);

        assertThat(feed.position()).isEqualTo(exact(LogPosition.START));
        stuck.permit(1);
        await().until(() -> feed.position().equals(exact(at(1))));
    }

    @Test
    void positionMovesEntryByEntryWhereManyWereFetchedAtOnce() {
        Recorder stuck = Recorder.stuck();
        replica.appendMany(0, 20);
        replica.append(0, set("a", "1"), set("b", "2"));
        replica.appendMany(0, 20);
        Feed.Subscription feed = replica.feed().from(Position.start()).each(stuck);

        for (int i = 1; i <= 20; i++) {
            LogPosition place = at(i);
            stuck.permit(1);
            await().until(() -> feed.position().equals(exact(place)));
        }
        stuck.permit(2);
        await().until(() -> feed.position().equals(exact(at(21))));
        stuck.permit(20);
        await().until(() -> feed.position().equals(exact(at(41))));
    }

    @Test
    void everyChangeCarriesThePlaceRightAfterIt() {
        begin(Position.start());
        replica.append(0, set("a", "1"), set("b", "2"));
        replica.append(0, set("c", "3"));

        recorder.awaitCount(3);

        assertThat(recorder.seen())
                .extracting(Change::position)
                .containsExactly(LogPosition.within(FakeReplica.EPOCH, 0, 1), at(1), at(2));
    }

    @Test
    void fromTheFirstOfThreeChangesOfAnEntryTheOtherTwoFollow() {
        begin(Position.start());
        replica.append(0, set("a", "1"), set("b", "2"), set("c", "3"));
        replica.append(0, set("d", "4"));
        List<Change> all = recorder.awaitCount(4).seen();

        for (int i = 0; i < all.size(); i++) {
            Recorder rest = new Recorder();
            Feed.Subscription feed = replica.feed().from(exact(all.get(i).position())).each(rest);
            await().until(() -> feed.position().equals(exact(at(2))));
            assertThat(rest.texts()).isEqualTo(recorder.texts().subList(i + 1, all.size()));
        }
    }

    @Test
    void aPlaceInsideAnEntryCountsChangesThatAFilterLeavesOut() {
        replica.feed().keys("b").from(Position.start()).each(recorder);
        replica.append(0, set("a", "1"), set("b", "2"), set("c", "3"));
        Change of = recorder.awaitCount(1).seen().get(0);

        Recorder rest = new Recorder();
        replica.feed().from(exact(of.position())).each(rest);

        assertThat(rest.awaitCount(1).texts()).containsExactly("update c=3");
    }

    @Test
    void entriesFromAPlaceInsideOneBringItsRest() {
        replica.append(0, set("a", "1"), set("b", "2"), set("c", "3"));
        List<Committed> entries = new CopyOnWriteArrayList<>();

        replica.commits()
                .from(exact(LogPosition.within(FakeReplica.EPOCH, 0, 1)))
                .each(entries::add);

        await().until(() -> !entries.isEmpty());
        assertThat(entries.get(0).changes())
                .extracting(change -> change.key().toString())
                .containsExactly("b", "c");
    }

    @Test
    void aPlaceInsideAnEntryThatIsTrimmedIsAReset() {
        replica.append(0, set("a", "1"), set("b", "2"));
        replica.trim(0, 1);

        begin(exact(LogPosition.within(FakeReplica.EPOCH, 0, 1)));

        assertThat(recorder.awaitCount(3).texts())
                .startsWith("reset")
                .contains("update a=1", "update b=2");
    }

    @Test
    void aPlaceInsideAnEntryThatIsNotThereYetIsWaitedFor() {
        replica.appendMany(0, 1);

        begin(exact(LogPosition.within(FakeReplica.EPOCH, 1, 1)));
        replica.append(0, set("a", "1"), set("b", "2"));

        assertThat(recorder.awaitCount(1).texts()).containsExactly("update b=2");
    }

    // ---- after everything was restarted --------------------------------------------------------

    /** As a dead lineage looks: its owner's id is larger than that of the one here. */
    private static final Epoch DEAD = new Epoch(1, 8);

    @Test
    void aPlaceOfADeadLineageThatLooksLikeTheFutureIsAResetAndTheStateAfterAWhile() {
        replica.appendMany(0, 2);

        begin(exact(new LogPosition(DEAD, 5)));
        replica.append(0, set("k2", "2"));
        replica.tick();
        replica.pass(Duration.ofMillis(1_900));
        assertThat(recorder.seen()).isEmpty();
        replica.pass(Duration.ofMillis(200));

        assertThat(recorder.awaitCount(4).texts())
                .startsWith("reset")
                .contains("update k0=0", "update k1=1", "update k2=2");
    }

    @Test
    void aPlaceThatALaterEpochCannotHoldIsAResetAtOnce() {
        replica.appendMany(0, 2);

        begin(exact(new LogPosition(DEAD, 2)));

        assertThat(recorder.awaitCount(3).texts()).startsWith("reset").contains("update k0=0");
    }

    @Test
    void aPlaceOfAnEpochThatWasPassedOverIsAResetAtOnce() {
        replica.appendMany(0, 2);
        replica.open(0, 3);

        begin(exact(new LogPosition(new Epoch(2, 9), 50)));

        assertThat(recorder.awaitCount(3).texts()).startsWith("reset").contains("update k0=0");
    }

    @Test
    void aPlaceAheadIsWaitedForAsLongAsTheReplicaIsNotInSync() {
        replica.appendMany(0, 2);
        replica.sync(0, false);

        begin(exact(new LogPosition(new Epoch(2, 9), 3)));
        replica.tick();
        replica.pass(Duration.ofMinutes(1));
        replica.sync(0, true);
        replica.pass(Duration.ofMillis(10));

        assertThat(recorder.seen()).isEmpty();
    }

    @Test
    void whoWasWaitedForAndComesGoesOnWithoutAReset() {
        replica.appendMany(0, 2);

        begin(exact(at(3)));
        replica.tick();
        replica.appendMany(0, 2);
        replica.pass(Duration.ofMinutes(1));

        assertThat(recorder.awaitCount(1).texts()).containsExactly("update k3=3");
    }

    @Test
    void aStateReplacedByAnotherLineageIsToldAtOnce() {
        replica.appendMany(0, 2);
        begin(Position.latest());

        replica.replace(0, new LogPosition(new Epoch(1, 3), 1), Map.of("a", "1"));

        assertThat(recorder.awaitCount(2).texts()).containsExactly("reset", "update a=1");
    }
}
