package io.tuli.feed;

import static io.tuli.feed.FakeReplica.at;
import static io.tuli.feed.FakeReplica.remove;
import static io.tuli.feed.FakeReplica.set;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tuli.Change;
import io.tuli.Epoch;
import io.tuli.Feed;
import io.tuli.LogPosition;
import io.tuli.Position;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The state that stands in for changes no longer there. */
@Tag("U4")
class FeedStateTest {

    private static final int SLICE = Cursor.SLICE_ENTRIES;

    private final FakeReplica replica = new FakeReplica(1, 1);
    private final Recorder stuck = Recorder.stuck();

    @AfterEach
    void close() {
        stuck.permit(1_000_000);
        replica.close();
    }

    private static Position exact(LogPosition place) {
        return Position.exact(new TreeMap<>(Map.of(0, place)));
    }

    /** Lets a feed read a part of the state and stand still. */
    private Feed.Subscription halfWay(int keys) {
        replica.appendMany(0, keys);
        replica.trim(0, keys);
        Feed.Subscription feed = replica.feed().limit(8).from(exact(at(1))).each(stuck);
        stuck.permit(3);
        stuck.awaitCount(3);
        await().until(stuck::isEntered);
        return feed;
    }

    /** What a consumer holds that does as it is told. */
    private static Map<String, Object> applied(List<Change> changes) {
        Map<String, Object> state = new TreeMap<>();
        for (Change change : changes) {
            switch (change.kind()) {
                case RESET -> state.clear();
                case UPDATE, ADD -> state.put(change.key().top(), change.value());
                case REMOVE -> state.remove(change.key().top());
                case PUSH, INCREMENT, INCLUDE, EXCLUDE, TOUCH, EVENT ->
                        throw new AssertionError("nobody does this: " + change);
            }
        }
        return state;
    }

    @Test
    void changesWhileItIsReadAreNeitherMissedNorRepeated() {
        halfWay(20);
        for (int i = 0; i < 20; i++) {
            replica.append(0, set("k" + i, "new" + i));
        }
        replica.append(0, set("made", "1"));
        replica.append(0, set("last", "1"));

        stuck.permit(1_000);
        await().until(() -> stuck.texts().contains("update last=1"));

        List<String> seen = stuck.texts();
        assertThat(seen).doesNotHaveDuplicates();
        assertThat(seen.stream().filter(text -> text.contains("=new"))).hasSize(20);
        assertThat(applied(stuck.seen())).hasSize(22).containsEntry("k7", "new7");
    }

    @Test
    void keysRemovedWhileItIsReadAreGoneInTheEnd() {
        halfWay(20);
        for (int i = 0; i < 20; i += 2) {
            replica.append(0, remove("k" + i));
        }
        replica.append(0, set("last", "1"));

        stuck.permit(1_000);
        await().until(() -> stuck.texts().contains("update last=1"));

        assertThat(applied(stuck.seen())).hasSize(11).doesNotContainKey("k4").containsKey("k5");
    }

    @Test
    void stoppedInTheMiddleItIsBegunAgain() {
        Feed.Subscription feed = halfWay(20);
        feed.close();
        stuck.permit(1);
        feed.ended().toCompletableFuture().join();

        assertThat(feed.position()).isEqualTo(exact(LogPosition.START));
        Recorder again = new Recorder();
        replica.feed().from(feed.position()).each(again);
        assertThat(again.awaitCount(21).texts()).startsWith("reset").hasSize(21);
    }

    @Test
    void onlyItsLastChangeCarriesThePlaceToGoOnFrom() {
        Recorder recorder = new Recorder();
        replica.appendMany(0, 5);
        replica.trim(0, 5);

        replica.feed().from(exact(at(1))).each(recorder);

        assertThat(recorder.awaitCount(6).seen())
                .extracting(Change::position)
                .containsExactly(
                        LogPosition.START,
                        LogPosition.START,
                        LogPosition.START,
                        LogPosition.START,
                        LogPosition.START,
                        at(5));
    }

    @Test
    void anEmptyStateIsAResetThatCarriesThePlace() {
        Recorder recorder = new Recorder();
        replica.append(0, set("a", "1"));
        replica.append(0, remove("a"));
        replica.trim(0, 2);

        replica.feed().from(exact(at(1))).each(recorder);

        assertThat(recorder.awaitCount(1).seen())
                .singleElement()
                .extracting(Change::position)
                .isEqualTo(at(2));
    }

    @Test
    void replacedWhileItIsReadItIsBegunAgain() {
        halfWay(20);

        replica.replace(0, new LogPosition(new Epoch(9, 7), 99), Map.of("only", "1"));
        stuck.permit(1_000);

        await().until(() -> stuck.texts().contains("update only=1"));
        assertThat(stuck.texts().stream().filter("reset"::equals)).hasSize(2);
        assertThat(applied(stuck.seen())).isEqualTo(Map.of("only", "1"));
    }

    @Test
    void aReplicaReplacedIsAResetForWhoFollows() {
        Recorder recorder = new Recorder();
        Feed.Subscription feed = replica.feed().each(recorder);
        replica.append(0, set("a", "1"));
        recorder.awaitCount(1);

        LogPosition there = new LogPosition(new Epoch(9, 7), 99);
        replica.replace(0, there, Map.of("b", "2"));
        recorder.awaitCount(3);
        replica.append(0, set("c", "3"));

        assertThat(recorder.awaitCount(4).texts())
                .containsExactly("update a=1", "reset", "update b=2", "update c=3");
        await().until(() -> feed.position().exact().get(0).offset() == 100);
    }

    @Test
    void aReplicaReplacedByWhatIsKnownAlreadyIsNone() {
        Recorder recorder = new Recorder();
        replica.feed().each(recorder);
        replica.appendMany(0, 3);
        recorder.awaitCount(3);

        replica.replace(0, at(3), Map.of("k0", "0"));
        replica.appendMany(0, 1);

        assertThat(recorder.awaitCount(4).texts()).doesNotContain("reset").endsWith("update k3=3");
    }

    @Test
    void aLargeStateIsReadInSlices() {
        replica.appendMany(0, 50 * SLICE);
        replica.trim(0, 50 * SLICE);
        int before = replica.tasks();
        Recorder recorder = new Recorder();

        replica.feed().limit(100 * SLICE).from(Position.start()).each(recorder);

        recorder.awaitCount(50 * SLICE);
        assertThat(replica.tasks() - before).isGreaterThanOrEqualTo(50 * SLICE / 600);
    }
}
