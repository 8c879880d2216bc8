package io.tuli.feed;

import static io.tuli.feed.FakeReplica.at;
import static io.tuli.feed.FakeReplica.set;
import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.LogPosition;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.log.Entry;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("U4")
class FeedPositionsTest {

    private final FeedPositions places =
            new FeedPositions(new LogPosition[] {at(10), LogPosition.START});

    private static Item item(long offset) {
        Entry entry =
                new Entry(
                        FakeReplica.EPOCH,
                        offset,
                        0,
                        RequestId.NONE,
                        List.of(set("k", "v")),
                        Payload.NONE,
                        List.of());
        return Item.entry(0, entry, entry.edits());
    }

    @Test
    void withNothingPendingItIsAsFarAsTheCursorLooked() {
        places.fetched(0, at(15));

        assertThat(places.of(0)).isEqualTo(at(15));
        assertThat(places.of(1)).isEqualTo(LogPosition.START);
    }

    @Test
    void withAnItemPendingItIsRightBeforeIt() {
        places.fetched(0, at(15));
        places.offering(0);
        places.fetched(0, at(16));

        assertThat(places.of(0)).isEqualTo(at(15));
    }

    @Test
    void withOneOfTwoConsumedItIsBetweenThem() {
        places.offering(0);
        places.fetched(0, at(11));
        places.offering(0);
        places.fetched(0, at(20));

        places.consumed(item(10));

        assertThat(places.of(0)).isEqualTo(at(11));
        places.consumed(item(12));
        assertThat(places.of(0)).isEqualTo(at(20));
    }

    @Test
    void anItemThatFoundNoRoomCountsForNothing() {
        places.offering(0);
        places.withdrawn(0);

        assertThat(places.of(0)).isEqualTo(at(10));
    }

    @Test
    void allPlacesMakeThePosition() {
        assertThat(places.position().exact())
                .containsEntry(0, at(10))
                .containsEntry(1, LogPosition.START);
    }
}
