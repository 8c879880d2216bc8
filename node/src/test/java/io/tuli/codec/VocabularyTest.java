package io.tuli.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Change;
import io.tuli.Commit;
import io.tuli.Edit;
import io.tuli.Epoch;
import io.tuli.Failure;
import io.tuli.Key;
import io.tuli.Limits;
import io.tuli.LinkStatus;
import io.tuli.LogPosition;
import io.tuli.MemberId;
import io.tuli.MeshEvent;
import io.tuli.Outcome;
import io.tuli.Overflow;
import io.tuli.Payload;
import io.tuli.Position;
import io.tuli.Receipt;
import io.tuli.RequestId;
import io.tuli.ServiceReport;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tuli's own values inside of users' values, and in what members report to each other. */
class VocabularyTest {

    private static final Epoch EPOCH = new Epoch(3, -1);
    private static final LogPosition PLACE = new LogPosition(EPOCH, 17);

    private final JsonCodec codec = new JsonCodec(Limits.defaults());

    static Stream<Object> values() {
        ServiceReport.PartitionReport partition =
                new ServiceReport.PartitionReport(7, EPOCH, "owner", PLACE, 15, List.of());
        return Stream.of(
                EPOCH,
                PLACE,
                LogPosition.START,
                LogPosition.within(EPOCH, 17, 2),
                Position.exact(new TreeMap<>(Map.of(1, PLACE, 2, LogPosition.START))),
                Position.latest(),
                Position.time(Instant.ofEpochMilli(5)),
                Key.of("ada@x.org", "a\\b"),
                Key.of("plain"),
                Edit.update(Key.of("a.b", "c"), Payload.json("{\"d\":1}")),
                new RequestId(1, -2),
                new MemberId(5, 6),
                new Receipt(3, PLACE, 2, 1),
                Commit.copies(3),
                Commit.disks(2),
                Commit.safe(),
                Outcome.UNKNOWN,
                Failure.CONFLICT,
                Overflow.WAIT,
                LinkStatus.values()[0],
                Change.Kind.RESET,
                MeshEvent.Kind.RING_CHANGED,
                partition);
    }

    @ParameterizedTest
    @MethodSource("values")
    void whatIsWrittenIsRead(Object value) {
        Payload json = codec.encode(value);

        Class<?> type = value instanceof LogPosition ? LogPosition.class : value.getClass();
        assertThat(codec.decode(json, type)).as(json.toString()).isEqualTo(value);
    }

    @Test
    void aPositionHasAnIndexOnlyInsideAnEntry() {
        assertThat(codec.encode(PLACE))
                .isEqualTo(Payload.json("{\"epoch\":{\"number\":3,\"owner\":-1},\"offset\":17}"));
        assertThat(codec.encode(LogPosition.within(EPOCH, 17, 2)).toString())
                .contains("\"index\":2");
    }

    @Test
    void aKeyIsItsText() {
        assertThat(codec.encode(Key.of("ada@x.org", "name")))
                .isEqualTo(Payload.json("\"ada@x\\\\.org.name\""));
        assertThat(codec.encode(Map.of(Key.of("a", "b"), 1)))
                .isEqualTo(Payload.json("{\"a.b\":1}"));
    }
}
