package io.tuli.feed;

import static io.tuli.feed.FakeReplica.at;
import static io.tuli.feed.FakeReplica.remove;
import static io.tuli.feed.FakeReplica.set;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuli.Change;
import io.tuli.Committed;
import io.tuli.Edit;
import io.tuli.Feed;
import io.tuli.Key;
import io.tuli.Payload;
import io.tuli.Position;
import io.tuli.RequestId;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Which changes come through. */
@Tag("FE-05")
class FeedFilterTest {

    private final FakeReplica replica = new FakeReplica(2, 2);
    private final Recorder recorder = new Recorder();
    private final List<Committed> entries = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        replica.close();
    }

    /** The last change passes every filter used here: once it is seen, all is seen. */
    private List<String> seenUntilLast(Feed<Change> feed) {
        feed.each(recorder);
        replica.append(0, set("eu.it", "1"), set("us.ny", "2"), remove("eu.fr"));
        replica.append(0, remove("us"), Edit.add(Key.parse("eu.de.list.0"), Payload.json("3")));
        replica.append(0, set("eu.last", "last"), remove("eu.last"));
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> recorder.texts().stream().anyMatch(text -> text.contains("last")));
        return recorder.texts();
    }

    @Test
    void verbsChooseKinds() {
        assertThat(seenUntilLast(replica.feed().verbs("update")))
                .containsExactly("update eu.it=1", "update us.ny=2", "update eu.last=last");
    }

    @Test
    void verbsNarrow() {
        assertThat(seenUntilLast(replica.feed().verbs("update", "add").verbs("update", "remove")))
                .containsExactly("update eu.it=1", "update us.ny=2", "update eu.last=last");
    }

    @Test
    void keysChooseByPattern() {
        assertThat(seenUntilLast(replica.feed().keys("eu.*").verbs("add", "update")))
                .containsExactly("update eu.it=1", "add eu.de.list.0=3", "update eu.last=last");
    }

    @Test
    void whatIsReplacedOrRemovedAboveAPatternIsTold() {
        replica.feed().keys("*.city").each(recorder);

        replica.append(0, set("u1.name", "1"), set("u1", "{}"), set("u1.city", "2"));
        replica.append(0, remove("u1"));

        assertThat(recorder.awaitCount(3).texts())
                .containsExactly("update u1={}", "update u1.city=2", "remove u1");
    }

    @Test
    void patternsAreAllToMatch() {
        assertThat(seenUntilLast(replica.feed().keys("eu.*").keys("*.l*").verbs("update")))
                .containsExactly("update eu.last=last");
    }

    @Test
    void predicatesChooseByAnything() {
        assertThat(seenUntilLast(replica.feed().filter(change -> !"2".equals(change.value()))))
                .startsWith("update eu.it=1", "remove eu.fr");
    }

    @Test
    void aVerbNoFeedTellsIsRefused() {
        assertThatThrownBy(() -> replica.feed().verbs("patch"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("the verbs of a feed are update, add, remove, ")
                .hasMessageEndingWith(": patch");
    }

    @Test
    void aResetPassesEveryFilter() {
        replica.appendMany(0, 3);
        replica.trim(0, 3);

        replica.feed()
                .verbs("remove")
                .keys("nothing")
                .filter(change -> false)
                .from(Position.exact(new TreeMap<>()).with(0, at(1)))
                .each(recorder);

        assertThat(recorder.awaitCount(1).texts()).containsExactly("reset");
    }

    @Test
    void aDeepPatternGetsTheDocumentsItReachesInto() {
        replica.append(0, set("eu", "{}"), set("us", "{}"));
        replica.trim(0, 1);

        replica.feed().keys("eu.*.name").from(Position.start()).each(recorder);

        assertThat(recorder.awaitCount(1).texts()).containsExactly("update eu={}");
    }

    @Test
    void commitsBringWholeEntries() {
        replica.commits().keys("b").each(entries::add);

        replica.append(0, set("a", "1"));
        replica.append(0, set("a", "2"), set("b", "3"));

        Awaitility.await().until(() -> !entries.isEmpty());
        assertThat(entries)
                .singleElement()
                .satisfies(
                        entry -> {
                            assertThat(entry.position()).isEqualTo(at(2));
                            assertThat(entry.id()).isEqualTo(new RequestId(1, 2));
                            assertThat(entry.changes()).hasSize(2);
                        });
    }

    @Test
    void commitsBringEntriesWithoutChangesToo() {
        replica.commits().each(entries::add);

        replica.append(1);
        replica.append(1, set("a", "1"));

        Awaitility.await().until(() -> entries.size() == 2);
        assertThat(entries.get(0).changes()).isEmpty();
        assertThat(entries).allMatch(entry -> entry.partition() == 1);
    }

    @Test
    void changesTellWhenAndByWhomTheyWereMade() {
        replica.feed().each(recorder);

        replica.append(1, 12_345, set("a", "1"));

        Change change = recorder.awaitCount(1).seen().get(0);
        assertThat(change.time().toEpochMilli()).isEqualTo(12_345);
        assertThat(change.id()).isEqualTo(new RequestId(1, 1));
        assertThat(change.partition()).isEqualTo(1);
    }
}
