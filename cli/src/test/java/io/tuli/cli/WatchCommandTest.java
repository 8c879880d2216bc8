package io.tuli.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Change;
import io.tuli.Epoch;
import io.tuli.Key;
import io.tuli.Limits;
import io.tuli.LogPosition;
import io.tuli.Payload;
import io.tuli.Position;
import io.tuli.RequestId;
import io.tuli.codec.JsonCodec;
import io.tuli.terminal.Json;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class WatchCommandTest {

    private static final Instant NOON = Instant.parse("2027-01-31T12:00:00Z");

    @Test
    void changeIsAnObjectOfSevenFields() {
        Change change =
                new Change(
                        113,
                        new LogPosition(new Epoch(4, 255), 17),
                        NOON,
                        RequestId.NONE,
                        Change.Kind.UPDATE,
                        Key.parse("28.email"),
                        Payload.json("\"a@b.org\""),
                        new JsonCodec(Limits.defaults()));

        assertThat(Json.of(WatchCommand.json("users", change)))
                .isEqualTo(
                        "{\"service\":\"users\",\"partition\":113,"
                                + "\"position\":{\"epoch\":4,\"owner\":\"ff\",\"offset\":17},"
                                + "\"time\":\"2027-01-31T12:00:00Z\",\"verb\":\"update\","
                                + "\"key\":\"28.email\",\"value\":\"a@b.org\"}");
    }

    @Test
    void placeIsATimeAgoOrAnInstant() {
        assertThat(WatchCommand.position("5m", NOON))
                .isEqualTo(Position.time(Instant.parse("2027-01-31T11:55:00Z")));
        assertThat(WatchCommand.position("2027-01-31T12:00:00Z", Instant.EPOCH))
                .isEqualTo(Position.time(NOON));
        assertThat(WatchCommand.position("start", NOON)).isEqualTo(Position.start());
    }
}
