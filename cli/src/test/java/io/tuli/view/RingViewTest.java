package io.tuli.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Member;
import io.tuli.ServiceReport.FollowerReport;
import io.tuli.terminal.Json;
import java.util.List;
import org.junit.jupiter.api.Test;

class RingViewTest {

    private final Member first = Reports.server(1);
    private final Member second = Reports.server(2);

    @Test
    void ownersAreWhoSayTheyOwn() {
        RingView ring =
                new RingView(
                        List.of(Reports.owner("s", second, 1), Reports.owner("s", first, 0)),
                        List.of(first, second));

        assertThat(ring.partitions()).isEqualTo(2);
        assertThat(ring.place(0).isOwnedBy(first)).isTrue();
        assertThat(ring.place(1).isOwnedBy(second)).isTrue();
        assertThat(ring.ownedBy(first)).isEqualTo(1);
    }

    @Test
    void partitionTellsHowFarItsFollowersAreBehind() {
        RingView ring =
                new RingView(
                        List.of(Reports.owner("s", first, 0, new FollowerReport(second.id(), 17))),
                        List.of(first, second));

        assertThat(Json.of(ring.json(ring.place(0))))
                .isEqualTo(
                        "{\"partition\":0,\"owner\":\"0000000000000001.0000000000000001\","
                                + "\"ownerName\":\"n1\",\"epoch\":4,\"end\":20,\"committedEnd\":20,"
                                + "\"followers\":[{"
                                + "\"member\":\"0000000000000002.0000000000000002\","
                                + "\"name\":\"n2\",\"end\":17,\"behind\":3}]}");
    }

    @Test
    void partitionThatNobodyOwnsHasNoOwner() {
        RingView ring = new RingView(List.of(Reports.owner("s", first, 1)), List.of(first));

        assertThat(ring.json(ring.place(0))).containsEntry("owner", null);
    }

    @Test
    void newestServerTookItsShareAndNoMore() {
        RingView ring =
                new RingView(
                        List.of(Reports.owner("s", first, 255), Reports.owner("s", second, 0)),
                        List.of(first, second));

        assertThat(ring.moved().orElseThrow().toString())
                .isEqualTo("n2 joined last: moved 50.0 % of the partitions, ideal 50.0 %");
    }

    @Test
    void oneServerMovedNothing() {
        RingView ring = new RingView(List.of(Reports.owner("s", first, 0)), List.of(first));

        assertThat(ring.moved()).isEmpty();
    }
}
