package io.tuli.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tuli.Message;
import io.tuli.browser.SocketLimits;
import io.tuli.engine.EngineLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Clients with a plain WebSocket that break its rules, or take more than there is. */
class HostilePlainSocketTest extends PlainSockets {

    private static final int REQUESTS = 10_000;
    private static final EngineLimits HASTY =
            new EngineLimits(
                    Duration.ofMillis(600),
                    Duration.ofMillis(1_500),
                    Duration.ofSeconds(10),
                    1_000_000,
                    1_000,
                    1_000_000);

    @Test
    void whatIsNoFrameEndsItsConnectionAlone() throws IOException {
        for (String bad :
                List.of(
                        "",
                        "x",
                        "42",
                        "[1]",
                        "{",
                        "{\"id\":{}}",
                        "{\"id\":null}",
                        "{\"id\":1.5}",
                        "{\"id\":1,\"id\":2}",
                        "{\"id\":1}{\"id\":2}",
                        "{\"id\":\"" + "x".repeat(100) + "\"}",
                        "{\"id\":1,\"data\":" + "[".repeat(100) + "]".repeat(100) + "}")) {
            try (RawWebSocket odd = plain()) {
                odd.send(bad);
                assertThat(odd.read()).as(bad).isEqualTo("closed 1008");
            }
        }
    }

    @Test
    void anIdThatIsInUseEndsItsConnection() throws IOException {
        try (RawWebSocket twice = plain()) {
            twice.send("{\"id\":1,\"service\":\"slow\",\"method\":\"wait\"}");
            twice.send("{\"id\":1,\"service\":\"todos\",\"method\":\"find\"}");
            assertThat(twice.read()).isEqualTo("closed 1008");
        }
        try (RawWebSocket subscribed = plain()) {
            subscribed.send("{\"id\":1,\"subscribe\":\"todos\"}");
            subscribed.read();
            subscribed.send("{\"id\":1,\"service\":\"todos\",\"method\":\"find\"}");
            assertThat(subscribed.read()).isEqualTo("closed 1008");
        }
    }

    @Test
    void framesComeInFragmentsAndNoneIsTooLarge() throws IOException {
        byte[] text =
                "{\"id\":1,\"service\":\"todos\",\"method\":\"find\"}"
                        .getBytes(StandardCharsets.UTF_8);
        witness.send(RawWebSocket.TEXT, new byte[0]);
        for (int at = 0; at < text.length; at++) {
            boolean isLast = at == text.length - 1;
            witness.send(
                    isLast ? RawWebSocket.FIN : RawWebSocket.CONTINUATION, new byte[] {text[at]});
        }
        assertThat(witness.read()).startsWith("{\"id\":1,\"result\":{");
        try (RawWebSocket many = plain();
                RawWebSocket large = plain();
                RawWebSocket whole = plain();
                RawWebSocket binary = plain();
                RawWebSocket compressed = plain()) {
            many.send(RawWebSocket.TEXT, new byte[0]);
            for (int i = 0; i < 300; i++) {
                many.send(RawWebSocket.CONTINUATION, new byte[0]);
            }
            large.send(RawWebSocket.TEXT, new byte[600_000]);
            large.send(RawWebSocket.CONTINUATION, new byte[600_000]);
            whole.send(RawWebSocket.FIN | RawWebSocket.TEXT, new byte[1_000_001]);
            binary.send(RawWebSocket.FIN | RawWebSocket.BINARY, text);
            compressed.send(RawWebSocket.FIN | RawWebSocket.COMPRESSED | RawWebSocket.TEXT, text);

            assertThat(many.read()).isEqualTo("closed 1009");
            assertThat(large.read()).isEqualTo("closed 1009");
            assertThat(whole.read()).startsWith("closed 10");
            assertThat(binary.read()).isEqualTo("closed 1003");
            assertThat(compressed.read()).isEqualTo("closed 1002");
        }
    }

    @Test
    void tenThousandRequestsAtOnceAreAnsweredOnceEach() throws Exception {
        List<String> requests = new ArrayList<>();
        for (int i = 0; i < REQUESTS; i++) {
            requests.add(
                    "{\"id\":" + i + ",\"service\":\"todos\",\"method\":\"get\",\"key\":\"no\"}");
        }
        try (RawWebSocket eager = plain()) {
            Thread writer =
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        try {
                                            eager.sendAll(requests);
                                        } catch (IOException broken) {
                                            throw new UncheckedIOException(broken);
                                        }
                                    });
            Set<String> answered = new HashSet<>();
            for (int i = 0; i < REQUESTS; i++) {
                String answer = eager.read();
                assertThat(answer).matches("\\{\"id\":\\d+,\"error\":.*\"code\":(404|429|408).*");
                assertThat(answered.add(answer.substring(0, answer.indexOf(',')))).isTrue();
            }
            writer.join();
            assertThat(ask(eager, "\"service\":\"todos\",\"method\":\"find\""))
                    .startsWith("{\"result\"");
        }
    }

    @Test
    void moreCallsThanMayBeInFlightAreRefusedOneByOne() throws IOException {
        try (RawWebSocket eager = plain()) {
            List<String> requests = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                requests.add("{\"id\":" + i + ",\"service\":\"slow\",\"method\":\"wait\"}");
            }
            eager.sendAll(requests);
            List<String> answers = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                answers.add(eager.read());
            }
            assertThat(answers).filteredOn(each -> each.contains("\"code\":429")).hasSize(44);
            assertThat(answers).filteredOn(each -> each.contains("\"code\":408")).hasSize(256);
        }
    }

    @Test
    void callsThatAreNotAnsweredStopWhatIsReadOfTheirConnection() throws IOException {
        String large = "x".repeat(90_000);
        try (RawWebSocket greedy = plain()) {
            for (int i = 0; i < 4; i++) {
                greedy.send(
                        "{\"id\":"
                                + i
                                + ",\"service\":\"slow\",\"method\":\"wait\",\"data\":\""
                                + large
                                + "\"}");
            }
            greedy.send("{\"id\":9,\"service\":\"todos\",\"method\":\"find\"}");
            assertThat(greedy.read()).as("nothing before one is answered").contains("408");
            assertThat(greedy.readUntil("{\"id\":9")).contains("\"result\"");
        }
    }

    /** Events wait in the changelog, answers do not. */
    @Test
    void aReaderThatStopsCostsNobodyAnything() throws IOException {
        String large = "x".repeat(200_000);
        todos.key("large").send(Message.of("create", Map.of("text", large))).await();
        try (RawWebSocket stopped = plain();
                RawWebSocket listening = plain()) {
            listening.send("{\"id\":1,\"subscribe\":\"todos\"}");
            listening.read();
            witness.send("{\"id\":1,\"subscribe\":\"todos\",\"key\":\"large\"}");
            witness.read();
            for (int i = 0; i < 50; i++) {
                stopped.send(
                        "{\"id\":"
                                + i
                                + ",\"service\":\"todos\",\"method\":\"get\",\"key\":\"large\"}");
            }
            for (int i = 0; i < 20; i++) {
                todos.key("large")
                        .send(Message.of("update", Map.of("n", i, "text", large)))
                        .await();
                assertThat(witness.read()).contains("\"n\":" + i + ",");
            }
            await().atMost(SOON).until(() -> gateway.sockets() == 2);
            for (int i = 0; i < 20; i++) {
                assertThat(listening.read()).as("it comes late").contains("\"n\":" + i + ",");
            }
        }
        todos.key("large").send(Message.of("remove")).await();
    }

    @Test
    void whoDoesNotAnswerAPingIsGone() throws IOException {
        try (OpenGateway hasty =
                        gateway()
                                .sockets(
                                        new SocketLimits(
                                                HASTY,
                                                10,
                                                10,
                                                10,
                                                256,
                                                200_000,
                                                Duration.ofSeconds(1)))
                                .start();
                RawWebSocket silent = RawWebSocket.speaking(hasty.port(), "tuli.v1", "")) {
            assertThat(silent.read()).as("a ping, empty").isEmpty();
            assertThat(silent.read()).isEqualTo("closed 1008");
        }
    }

    @Test
    void aGatewayThatClosesSendsItsClientsElsewhere() throws IOException {
        OpenGateway closing = gateway().start();
        try (RawWebSocket client = RawWebSocket.speaking(closing.port(), "tuli.v1", "")) {
            assertThat(ask(client, "\"service\":\"todos\",\"method\":\"finish\""))
                    .contains("result");
            closing.close();
            assertThat(client.read()).isEqualTo("closed 1001");
        }
    }

    @Test
    void pagesOfOtherOriginsOpenNothingWhereOriginsAreNamed() throws IOException {
        try (OpenGateway strict = gateway().origins("https://shop.example").start();
                RawWebSocket other =
                        RawWebSocket.speaking(
                                strict.port(), "tuli.v1", "Origin: https://evil.example\r\n");
                RawWebSocket own =
                        RawWebSocket.speaking(
                                strict.port(), "tuli.v1", "Origin: https://shop.example\r\n")) {
            assertThat(other.head).startsWith("HTTP/1.1 403");
            assertThat(own.head).startsWith("HTTP/1.1 101");
        }
    }
}
