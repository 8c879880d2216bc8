package io.tuli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Epoch;
import io.tuli.LogPosition;
import io.tuli.Payload;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTest {

    @Test
    void containersKeepTheirOrder() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("b", List.of(1, true, "x"));
        map.put("a", null);

        assertThat(Json.of(map)).isEqualTo("{\"b\":[1,true,\"x\"],\"a\":null}");
    }

    @Test
    void emptyContainersAreEmpty() {
        assertThat(Json.of(List.of(Map.of(), List.of()))).isEqualTo("[{},[]]");
    }

    @Test
    void whatJsonForbidsInTextsIsEscaped() {
        assertThat(Json.of("\"\\\n\t\u0001é😀")).isEqualTo("\"\\\"\\\\\\n\\t\\u0001é😀\"");
    }

    @Test
    void halfACharacterIsEscaped() {
        assertThat(Json.of("a\ud83d")).isEqualTo("\"a\\ud83d\"");
    }

    @Test
    void payloadsAreWrittenAsTheyAre() {
        assertThat(Json.of(Arrays.asList(Payload.json("{\"x\":1.50}"), Payload.NONE)))
                .isEqualTo("[{\"x\":1.50},null]");
    }

    @Test
    void bytesAreWrittenInBase64() {
        assertThat(Json.of(Payload.opaque("hi".getBytes(StandardCharsets.UTF_8))))
                .isEqualTo("\"aGk=\"");
    }

    @Test
    void plainTextHasNoQuotesUnlessItNeedsThem() {
        assertThat(Json.plain(Payload.json("\"u42\""))).isEqualTo("u42");
        assertThat(Json.plain(Payload.json("\"a\\nb\""))).isEqualTo("\"a\\nb\"");
        assertThat(Json.plain(Payload.json("7"))).isEqualTo("7");
    }

    @Test
    void positionInsideAnEntryHasAnIndex() {
        assertThat(Json.of(Json.position(LogPosition.within(new Epoch(4, 255), 17, 2))))
                .isEqualTo("{\"epoch\":4,\"owner\":\"ff\",\"offset\":17,\"index\":2}");
    }

    @Test
    void positionIsAnObject() {
        assertThat(Json.of(Json.position(new LogPosition(new Epoch(4, 255), 17))))
                .isEqualTo("{\"epoch\":4,\"owner\":\"ff\",\"offset\":17}");
    }
}
