package io.tuli.feed;

import static io.tuli.feed.FakeReplica.at;
import static io.tuli.feed.FakeReplica.set;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuli.Change;
import io.tuli.Committed;
import io.tuli.Epoch;
import io.tuli.Feed;
import io.tuli.LogPosition;
import io.tuli.Position;
import io.tuli.RequestId;
import io.tuli.TuliException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What handlers told with their edits, as feeds tell it. */
@Tag("PT-40")
class FeedEventsTest {

    private static final Epoch THEIRS = new Epoch(2, 9);

    private final FakeReplica replica = new FakeReplica(1, 1);
    private final Recorder recorder = new Recorder();

    @AfterEach
    void close() {
        replica.close();
    }

    private static Position from(LogPosition place) {
        return Position.exact(new TreeMap<>(Map.of(0, place)));
    }

    private List<String> told(Feed<Change> feed, int count) {
        feed.each(recorder);
        return recorder.awaitCount(count).texts();
    }

    @Test
    void changesAreToldFirstThenEventsEachAtAPlaceOfItsOwn() {
        replica.tell(0, "k", List.of(set("k", "1"), set("l", "2")), "made", "seen");
        replica.append(0, set("k", "3"));

        Feed<Change> feed = replica.feed().verbs("update").events().from(Position.start());

        assertThat(told(feed, 5))
                .containsExactly(
                        "update k=1", "update l=2", "made k: 0", "seen k: 1", "update k=3");
        assertThat(recorder.seen().stream().map(change -> change.position().toString()))
                .containsExactly("1@7:0+1", "1@7:0+2", "1@7:0+3", "1@7:1", "1@7:2");
    }

    @Test
    void fromEachPlaceInAnEntryAFeedGoesOnWithTheRest() {
        replica.tell(0, "k", List.of(set("k", "1"), set("l", "2")), "made", "seen");
        replica.append(0, set("k", "3"));
        List<String> all =
                List.of("update k=1", "update l=2", "made k: 0", "seen k: 1", "update k=3");
        for (int told = 0; told <= 4; told++) {
            LogPosition inside = LogPosition.within(FakeReplica.EPOCH, 0, told);
            LogPosition place = told == 0 ? LogPosition.START : told == 4 ? at(1) : inside;
            Recorder rest = new Recorder();

            Feed<Change> feed = replica.feed().events().verbs("update").from(from(place));
            try (Feed.Subscription unused = feed.each(rest)) {
                assertThat(rest.awaitCount(5 - told).texts()).isEqualTo(all.subList(told, 5));
            }
        }
    }

    @Test
    void aFeedTellsNoEventsUnlessItAsksForThem() {
        replica.tell(0, "k", List.of(set("k", "1")), "made");
        replica.tell(0, "k", List.of(), "alone");
        replica.append(0, set("k", "2"));

        assertThat(told(replica.feed().from(Position.start()), 2))
                .containsExactly("update k=1", "update k=2");
        assertThat(recorder.seen().get(0).position())
                .as("an event of the entry comes after it")
                .isEqualTo(LogPosition.within(FakeReplica.EPOCH, 0, 1));
    }

    @Test
    void whoAsksForEventsAloneIsToldNoChange() {
        replica.tell(0, "k", List.of(set("k", "1")), "made");
        replica.append(0, set("k", "2"));
        replica.tell(0, "k", List.of(), "gone", "made");

        assertThat(told(replica.feed().events().from(Position.start()), 3))
                .containsExactly("made k: 0", "gone k: 0", "made k: 1");
        assertThat(recorder.seen()).allMatch(change -> change.kind() == Change.Kind.EVENT);
    }

    @Test
    void namesChooseAndNarrow() {
        replica.tell(0, "k", List.of(), "made", "seen", "gone", "last");

        Feed<Change> feed =
                replica.feed().events("made", "gone", "last").events("gone", "last", "seen");

        assertThat(told(feed.from(Position.start()), 2)).containsExactly("gone k: 2", "last k: 3");
    }

    @Test
    void patternsApplyToTheKeyOfTheTurn() {
        replica.tell(0, "us.ny", List.of(), "made");
        replica.tell(0, "eu.it", List.of(set("us", "1")), "made");
        replica.tell(0, "eu", List.of(), "made");

        assertThat(told(replica.feed().events().keys("eu.*").from(Position.start()), 2))
                .containsExactly("made eu.it: 0", "made eu: 0");
    }

    @Test
    void anEntryAsAWholeHasItsEventsWhereTheyAreAskedFor() {
        List<Committed> entries = new CopyOnWriteArrayList<>();
        replica.tell(0, "k", List.of(set("k", "1")), "made", "seen");
        replica.append(0, set("k", "2"));
        replica.tell(0, "k", List.of(), "seen");

        replica.commits().events("seen").from(Position.start()).each(entries::add);

        Awaitility.await().until(() -> entries.size() == 2);
        assertThat(entries.get(0).changes().stream().map(Recorder::text))
                .containsExactly("update k=1", "made k: 0", "seen k: 1");
        assertThat(entries.get(1).changes().stream().map(Recorder::text))
                .containsExactly("seen k: 0");
    }

    @Test
    void aNameThatCannotBeIsRefused() {
        assertThatThrownBy(() -> replica.feed().events("$x")).isInstanceOf(TuliException.class);
        assertThatThrownBy(() -> replica.feed().events("")).isInstanceOf(TuliException.class);
        assertThatThrownBy(() -> replica.feed().events("n".repeat(101)))
                .isInstanceOf(TuliException.class)
                .hasMessageContaining("100");
        assertThatThrownBy(() -> replica.feed().verbs("event"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("by name");
    }

    // ---- what is no longer there ---------------------------------------------------------------

    @Test
    @Tag("PT-42")
    void whatIsTrimmedUnreadIsToldAsLost() {
        replica.tell(0, "k", List.of(set("k", "1")), "first");
        replica.tell(0, "k", List.of(set("k", "2")), "second");
        replica.tell(0, "k", List.of(set("k", "3")), "third");
        replica.trim(0, 2);

        assertThat(told(replica.feed().events().from(from(at(1))), 2))
                .containsExactly("reset", "third k: 0");
        assertThat(replica.lost).containsExactly("0: 1@7:1 to 1@7:2");
    }

    @Test
    @Tag("PT-42")
    void afterAResetTheStateComesFirstAndThenTheEventsThereAre() {
        replica.tell(0, "k", List.of(set("k", "1")), "first");
        replica.tell(0, "k", List.of(set("k", "2")), "second");
        replica.trim(0, 1);

        Feed<Change> feed = replica.feed().verbs("update").events().from(from(LogPosition.START));

        assertThat(told(feed, 3)).containsExactly("reset", "update k=2", "second k: 0");
        replica.tell(0, "k", List.of(set("k", "3")), "third");
        assertThat(recorder.awaitCount(5).texts()).endsWith("update k=3", "third k: 0");
    }

    @Test
    @Tag("PT-43")
    void afterAMergeWhatTheOtherSideToldComesAndOwnEventsDoNotComeAgain() {
        replica.tell(0, "k", List.of(), "before");
        replica.feed().events().from(Position.start()).each(recorder);
        replica.open(0, 2);
        replica.tell(0, "k", List.of(), "ours");
        recorder.awaitCount(2);

        replica.becomeAnother(
                0,
                () -> {
                    replica.tell(0, "k", List.of(), "before");
                    replica.open(0, THEIRS);
                    replica.tell(0, "k", List.of(), List.of(), new RequestId(9, 9), "theirs");
                    LogPosition ours = new LogPosition(new Epoch(2, 7), 3);
                    replica.tellMerged(0, new RequestId(1, 3), ours, "ours");
                });
        replica.tell(0, "k", List.of(), "after");

        assertThat(recorder.awaitCount(4).texts())
                .containsExactly("before k: 0", "ours k: 0", "theirs k: 0", "after k: 0");
        assertThat(replica.lost).isEmpty();
    }

    @Test
    @Tag("PT-43")
    void anEventOfARequestThatBothSidesExecutedIsToldOnce() {
        replica.feed().events().from(Position.start()).each(recorder);
        replica.open(0, 2);
        RequestId both = new RequestId(5, 5);
        replica.tell(0, "k", List.of(), List.of(), both, "both");
        recorder.awaitCount(1);

        replica.becomeAnother(
                0,
                () -> {
                    replica.open(0, THEIRS);
                    replica.tell(0, "k", List.of(), List.of(), both, "both");
                    replica.tell(0, "k", List.of(), "after");
                });

        assertThat(recorder.awaitCount(2).texts()).containsExactly("both k: 0", "after k: 0");
    }

    @Test
    @Tag("PT-43")
    void afterAResumptionAnEventOfARequestThatBothSidesExecutedIsToldOnce() {
        replica.open(0, 2);
        RequestId both = new RequestId(5, 5);
        replica.tell(0, "k", List.of(), List.of(), both, "both");
        replica.feed().events().from(from(new LogPosition(new Epoch(2, 7), 2))).each(recorder);
        replica.tell(0, "k", List.of(), "ours");
        recorder.awaitCount(1);

        replica.becomeAnother(
                0,
                () -> {
                    replica.open(0, THEIRS);
                    replica.tell(0, "k", List.of(), List.of(), both, "both");
                    replica.tell(0, "k", List.of(), List.of(), new RequestId(9, 9), "after");
                });

        assertThat(recorder.awaitCount(2).texts()).containsExactly("ours k: 0", "after k: 0");
    }

    @Test
    @Tag("PT-43")
    void aPlaceOfAChangelogThatNobodyKnowsIsLost() {
        replica.tell(0, "k", List.of(), "first");

        LogPosition elsewhere = new LogPosition(new Epoch(1, 66), 1);
        replica.feed().events().from(from(elsewhere)).each(recorder);
        recorder.awaitCount(1);
        replica.tell(0, "k", List.of(), "second");

        assertThat(recorder.awaitCount(2).texts()).containsExactly("reset", "second k: 0");
        assertThat(replica.lost).containsExactly("0: 1@42:1 to 1@7:1");
    }
}
