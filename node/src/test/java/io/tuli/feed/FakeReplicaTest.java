package io.tuli.feed;

import static io.tuli.feed.FakeReplica.at;
import static io.tuli.feed.FakeReplica.remove;
import static io.tuli.feed.FakeReplica.set;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuli.Epoch;
import io.tuli.LogPosition;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FakeReplicaTest {

    private final FakeReplica replica = new FakeReplica(2, 4);

    @AfterEach
    void close() {
        replica.close();
    }

    @Test
    void appliesWhatIsAppended() {
        replica.append(1, set("a", "1"));
        LogPosition end = replica.append(1, set("b", "2"), remove("a"));

        assertThat(end).isEqualTo(at(2));
        assertThat(replica.on(1, () -> replica.applied(1))).isEqualTo(at(2));
        assertThat(replica.on(1, () -> replica.entriesFrom(1, 1, 9, 9))).hasSize(1);
        assertThat(replica.on(1, () -> replica.state(1).size())).isEqualTo(1);
    }

    @Test
    void containsOnlyPlacesOfItsLineage() {
        replica.appendMany(0, 5);
        replica.open(0, 2);
        replica.trim(0, 3);

        assertThat(replica.on(0, () -> replica.contains(0, at(2)))).isFalse();
        assertThat(replica.on(0, () -> replica.contains(0, at(3)))).isTrue();
        assertThat(replica.on(0, () -> replica.contains(0, at(6)))).isFalse();
        LogPosition opened = new LogPosition(new Epoch(2, 7), 6);
        assertThat(replica.on(0, () -> replica.contains(0, opened))).isTrue();
    }

    @Test
    void aSnapshotReplacesStateAndLog() {
        replica.appendMany(0, 5);

        replica.replace(0, new LogPosition(new Epoch(3, 7), 50), Map.of("x", "1"));

        assertThat(replica.on(0, () -> replica.logStart(0).offset())).isEqualTo(50);
        assertThat(replica.on(0, () -> replica.state(0).size())).isEqualTo(1);
    }

    @Test
    void refusesToBeReadElsewhere() {
        assertThatThrownBy(() -> replica.applied(0)).isInstanceOf(IllegalStateException.class);
    }
}
