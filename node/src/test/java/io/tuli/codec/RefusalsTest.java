package io.tuli.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuli.Limits;
import io.tuli.Payload;
import io.tuli.Refusal;
import io.tuli.protocol.Decision;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("FD-39")
class RefusalsTest {

    private final JsonCodec codec = new JsonCodec(Limits.builder().build());

    @Test
    void bodySaysOnlyWhatTheFailureDoesNot() {
        Decision.Fail fail = Refusals.fail(Refusal.notFound("no such todo"), codec);

        assertThat(fail.detail()).isEqualTo("no such todo");
        assertThat(fail.body()).isEqualTo(Payload.json("{\"code\":404,\"name\":\"NotFound\"}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "7",
                "null",
                "{\"code\":200,\"name\":\"Fine\"}",
                "{\"code\":404.0,\"name\":\"NotFound\"}",
                "{\"code\":404,\"name\":\"\\u001b[2J\"}",
                "{\"code\":404}",
                "{\"code\":40404040404040404,\"name\":\"NotFound\"}",
                "{\"code\":404,\"name\":"
            })
    void whatIsNoRefusalsBodyIsPassedOver(String json) {
        assertThat(Refusals.read(Payload.json(json), "why", codec)).isNull();
    }

    @Test
    void bodyOfAnotherFormOrTooLongIsPassedOver() {
        String members = "{\"code\":404,\"name\":\"NotFound\",\"data\":\"%s\"}";

        assertThat(Refusals.read(Payload.opaque(new byte[9]), "why", codec)).isNull();
        assertThat(Refusals.read(Payload.NONE, "why", codec)).isNull();
        assertThat(
                        Refusals.read(
                                Payload.json(members.formatted("x".repeat(Refusal.BYTES_MAX))),
                                "why",
                                codec))
                .isNull();
        assertThat(Refusals.read(Payload.json("[".repeat(60_000)), "why", codec)).isNull();
    }

    @Test
    void errorsMayHaveNoValue() {
        Payload body =
                Payload.json("{\"code\":422,\"name\":\"Unprocessable\",\"errors\":{\"a\":null}}");

        Refusal read = Refusals.read(body, "why", codec);

        assertThat(read).isNotNull();
        assertThat(read.errors()).containsEntry("a", null);
    }

    @Test
    void codeAndNameAreChecked() {
        assertThatThrownBy(() -> Refusal.of(423, "locked"))
                .hasMessageContaining("did you mean 403?");
        assertThatThrownBy(() -> Refusal.of(200, "Fine", "")).hasMessage("a code is 400..599: 200");
        assertThatThrownBy(() -> Refusal.of(404, "", ""))
                .hasMessageContaining("a name is [A-Za-z0-9_.-]{1,100}");
        assertThat(Refusal.of(413, "TooLarge", "").errors(Map.of()).errors()).isEmpty();
    }
}
