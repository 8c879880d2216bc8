package io.tuli.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tuli.Message;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What a plain WebSocket is used for: calls, events, logins. */
class PlainSocketTest extends PlainSockets {

    // ---- calls ---------------------------------------------------------------------------------

    @Test
    void theProtocolIsAgreedUponAndOthersAreNone() throws IOException {
        assertThat(witness.head)
                .startsWith("HTTP/1.1 101")
                .containsIgnoringCase("sec-websocket-protocol: tuli.v1");
        try (RawWebSocket chat = RawWebSocket.speaking(gateway.port(), "chat", "");
                RawWebSocket both = RawWebSocket.speaking(gateway.port(), "chat, tuli.v1", "")) {
            assertThat(chat.head).startsWith("HTTP/1.1 404");
            assertThat(both.head).containsIgnoringCase("sec-websocket-protocol: tuli.v1");
        }
    }

    @Test
    void allMethodsOfAServiceAreCalled() throws IOException {
        String todo = "\"service\":\"todos\",\"key\":\"milk\",\"method\":";

        assertThat(
                        ask(
                                witness,
                                "\"service\":\"todos\",\"method\":\"create\",\"data\":"
                                        + "{\"id\":\"milk\",\"n\":1}"))
                .isEqualTo("{\"result\":{\"id\":\"milk\",\"n\":1}}");
        assertThat(ask(witness, todo + "\"get\"")).contains("\"n\":1");
        assertThat(ask(witness, todo + "\"patch\",\"data\":{\"m\":null}"))
                .isEqualTo("{\"result\":{\"id\":\"milk\",\"n\":1,\"m\":null}}");
        assertThat(ask(witness, todo + "\"update\",\"data\":{\"n\":2}"))
                .isEqualTo("{\"result\":{\"id\":\"milk\",\"n\":2}}");
        assertThat(
                        ask(
                                witness,
                                "\"service\":\"/todos/\",\"method\":\"find\","
                                        + "\"query\":{\"n\":2}"))
                .contains("\"total\":1");
        assertThat(ask(witness, "\"service\":\"todos\",\"method\":\"finish\""))
                .isEqualTo("{\"result\":{\"done\":true}}");
        assertThat(ask(witness, todo + "\"remove\"")).contains("\"id\":\"milk\"");
        assertThat(ask(witness, todo + "\"get\"")).contains("\"error\":", "\"code\":404");
    }

    @Test
    void failuresHaveTheirNamesAndCodes() throws IOException {
        Map<String, String> codes =
                Map.of(
                        "\"service\":\"none\",\"method\":\"find\"", "NotFound",
                        "\"service\":\"todos\",\"method\":\"__proto__\"", "MethodNotAllowed",
                        "\"service\":\"slow\",\"method\":\"fail\"", "Conflict",
                        "\"service\":\"slow\",\"method\":\"wait\"", "Timeout",
                        "\"service\":\"notes\",\"method\":\"find\"", "NotAuthenticated",
                        "\"service\":\"todos\"", "BadRequest",
                        "\"service\":\"todos\",\"method\":\"get\",\"key\":{}", "BadRequest",
                        "\"service\":\"todos\",\"method\":\"find\",\"querry\":{}", "BadRequest",
                        "\"unsubscribe\":7", "NotFound",
                        "\"subscribe\":\"none\"", "NotFound");
        for (Map.Entry<String, String> each : codes.entrySet()) {
            assertThat(ask(witness, each.getKey()))
                    .as(each.getKey())
                    .startsWith("{\"error\":{\"name\":\"" + each.getValue() + "\"");
        }
    }

    @Test
    void whatHasNoIdIsDoneAndNotAnswered() throws IOException {
        String id = UUID.randomUUID().toString();
        witness.send(
                "{\"service\":\"todos\",\"method\":\"create\",\"data\":{\"id\":\"" + id + "\"}}");

        await().atMost(SOON)
                .until(
                        () ->
                                ask(
                                                witness,
                                                "\"service\":\"todos\",\"method\":\"get\","
                                                        + "\"key\":\""
                                                        + id
                                                        + "\"")
                                        .startsWith("{\"result\""));
    }

    // ---- events --------------------------------------------------------------------------------

    private static String after(String frame) {
        return frame.replaceAll(".*\"after\":\"([^\"]+)\".*", "$1");
    }

    private static void create(String id) {
        todos.key(id).send(Message.of("create", Map.of("id", id))).await();
    }

    @Test
    void eventsAreHeardAndGoOnAfterTheLastOneSeen() throws IOException {
        String series = UUID.randomUUID().toString();
        String place;
        try (RawWebSocket first = plain()) {
            first.send("{\"id\":1,\"subscribe\":\"todos\"}");
            assertThat(first.read()).startsWith("{\"id\":1,\"result\":{\"after\":\"");
            create(series + "-1");
            String heard = first.read();
            assertThat(heard)
                    .startsWith("{\"id\":1,\"event\":\"created\",\"after\":\"")
                    .endsWith("\"data\":{\"id\":\"" + series + "-1\"}}");
            place = after(heard);
        }
        create(series + "-2");
        create(series + "-3");
        try (RawWebSocket again = plain()) {
            again.send("{\"id\":\"a\",\"subscribe\":\"todos\",\"after\":\"" + place + "\"}");
            assertThat(again.read()).contains("\"result\"");
            assertThat(List.of(again.read(), again.read()))
                    .anyMatch(told -> told.contains(series + "-2"))
                    .anyMatch(told -> told.contains(series + "-3"));
        }
    }

    @Test
    void thoseOfOneRecordAreHeardUntilNoMoreAreWanted() throws IOException {
        String id = UUID.randomUUID().toString();
        witness.send("{\"id\":1,\"subscribe\":\"todos\",\"key\":\"" + id + "\"}");
        witness.read();
        create(UUID.randomUUID().toString());
        create(id);
        assertThat(witness.read()).contains("\"event\":\"created\"", id);

        witness.send("{\"id\":2,\"unsubscribe\":1}");
        assertThat(witness.read()).isEqualTo("{\"id\":2,\"result\":null}");
        todos.key(id).send(Message.of("remove")).await();
        witness.send("{\"id\":1,\"service\":\"todos\",\"method\":\"find\"}");
        assertThat(witness.read()).as("the id is free again").startsWith("{\"id\":1,\"result\":{");
    }

    @Test
    void aPlaceThatIsNoneBeginsAnewAndSaysSo() throws IOException {
        witness.send("{\"id\":1,\"subscribe\":\"todos\",\"after\":\"none\"}");
        assertThat(witness.read()).contains("\"result\"");
        assertThat(witness.read()).startsWith("{\"id\":1,\"reset\":true,\"after\":\"");
    }

    @Test
    void aConnectionHasSoManySubscriptions() throws IOException {
        for (int i = 0; i < 16; i++) {
            assertThat(ask(witness, "\"subscribe\":\"todos\"")).contains("\"result\"");
        }
        assertThat(ask(witness, "\"subscribe\":\"todos\"")).contains("\"code\":429");
    }

    // ---- login ---------------------------------------------------------------------------------

    @Test
    void whoLogsInHearsMoreAndAfterTheLogoutNoMore() throws IOException {
        assertThat(ask(witness, "\"subscribe\":\"notes\"")).contains("\"code\":401");
        assertThat(
                        ask(
                                witness,
                                "\"service\":\"authentication\",\"method\":\"create\",\"data\":"
                                        + "{\"strategy\":\"jwt\",\"accessToken\":\""
                                        + token
                                        + "\"}"))
                .contains("\"accessToken\"");
        witness.send("{\"id\":5,\"subscribe\":\"notes\"}");
        assertThat(witness.read()).startsWith("{\"id\":5,\"result\"");
        assertThat(ask(witness, "\"service\":\"notes\",\"method\":\"create\",\"data\":{\"n\":1}"))
                .contains("\"n\":1");
        witness.send("{\"id\":6,\"service\":\"authentication\",\"method\":\"remove\"}");
        assertThat(witness.readUntil("{\"id\":5,\"error\"")).contains("\"code\":401");
        assertThat(ask(witness, "\"service\":\"notes\",\"method\":\"find\""))
                .contains("\"code\":401");
    }

    @Test
    void aTokenInTheHandshakeLogsInAndABadOneOpensNothing() throws IOException {
        try (RawWebSocket known = plain("Authorization: Bearer " + token + "\r\n");
                RawWebSocket bad = plain("Authorization: Bearer x.y.z\r\n")) {
            assertThat(ask(known, "\"service\":\"notes\",\"method\":\"find\""))
                    .startsWith("{\"result\":");
            assertThat(bad.head).startsWith("HTTP/1.1 401");
        }
    }
}
