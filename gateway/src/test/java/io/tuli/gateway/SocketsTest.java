package io.tuli.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tuli.Mesh;
import io.tuli.Message;
import io.tuli.Resource;
import io.tuli.Service;
import io.tuli.browser.SocketLimits;
import io.tuli.engine.EngineLimits;
import io.tuli.node.Tuli;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Clients of Socket.IO, good and bad, as bytes at a real gateway. */
class SocketsTest {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final int SESSIONS_MAX = 20;
    private static final String PATH = "/socket.io/?EIO=4&transport=polling";

    private static Mesh mesh;
    private static Service<Object> todos;
    private static OpenGateway gateway;
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private RawWebSocket witness;

    @BeforeAll
    static void open() {
        mesh = Tuli.join("sockets-" + UUID.randomUUID());
        todos =
                mesh.serve(
                        Resource.documents("todos", Object.class)
                                .heardBy(
                                        (event, told) ->
                                                told.get("secret") == null
                                                        ? Set.of("everybody")
                                                        : Set.of("nobody"))
                                .config());
        mesh.serve(
                Resource.of("slow")
                        .method("wait", (message, context) -> new CompletableFuture<>())
                        .config());
        SocketLimits limits =
                new SocketLimits(
                        EngineLimits.STANDARD,
                        1_000,
                        SESSIONS_MAX,
                        10,
                        256,
                        100_000,
                        Duration.ofSeconds(1));
        gateway =
                Gateway.on(mesh)
                        .port(0)
                        .expose("todos", "slow")
                        .within(Duration.ofMillis(800))
                        .sockets(limits)
                        .start();
    }

    @AfterAll
    static void close() {
        gateway.close();
        mesh.close();
    }

    @BeforeEach
    void connectAWitness() throws IOException {
        witness = RawWebSocket.connected(gateway.port());
    }

    /** Whatever the others did: the witness is untouched, and of them nothing is left. */
    @AfterEach
    void witnessIsUntouchedAndNothingIsLeft() throws IOException {
        witness.send("427[\"find\",\"todos\",{\"$limit\":0}]");
        assertThat(witness.readUntil("437")).startsWith("437[null,{\"total\":");
        witness.close();
        await().atMost(SOON).until(() -> gateway.sockets() == 0);
    }

    // ---- good ones -----------------------------------------------------------------------------

    @Test
    @Tag("FD-51")
    void aClientPollsCallsAndHearsItsEvent() throws Exception {
        String polling = begin();
        assertThat(post(polling, "40")).isEqualTo("200 ok");
        assertThat(get(polling)).startsWith("200 40{\"sid\":\"").doesNotContain(sid(polling));

        String id = UUID.randomUUID().toString();
        post(polling, "421[\"create\",\"/todos/\",{\"id\":\"" + id + "\",\"n\":null},{}]");
        String came = get(polling);
        while (!came.contains("431[") || !came.contains("todos created")) {
            came += get(polling);
        }
        String record = "{\"id\":\"" + id + "\",\"n\":null}";
        assertThat(came)
                .contains("431[null," + record + "]")
                .contains("42[\"todos created\"," + record + "]");
        assertThat(witness.readUntil("42[\"todos created\"")).endsWith("," + record + "]");
        assertThat(post(polling, "1")).isEqualTo("200 ok");
        assertThat(get(polling)).isEqualTo("400 {\"code\":1,\"message\":\"Session ID unknown\"}");
    }

    @Test
    @Tag("CO-30")
    void anEventIsHeardByThoseOfItsChannelsAlone() throws Exception {
        todos.send(Message.of("create", Map.of("secret", 1, "n", "first"))).await();
        todos.send(Message.of("create", Map.of("n", "second"))).await();

        assertThat(witness.readUntil("42[\"todos created\"")).contains("second");
    }

    @Test
    @Tag("CO-28")
    @Tag("CO-31")
    void aServiceIsANamespaceAndItsVerbsAreEvents() throws Exception {
        witness.send("40/todos,");
        assertThat(witness.readUntil("40/todos,")).contains("\"sid\"");
        witness.send("42/todos,5[\"create\",{\"n\":1},\"cote\"]");

        List<String> came = List.of(witness.readUntil("4"), witness.read(), witness.read());
        assertThat(came)
                .contains(
                        "43/todos,5[null,{\"id\":\"cote\",\"n\":1}]",
                        "42/todos,[\"created\",{\"id\":\"cote\",\"n\":1}]",
                        "42[\"todos created\",{\"id\":\"cote\",\"n\":1}]");
        witness.send("42/todos,6[\"unheard-of\"]");
        assertThat(witness.readUntil("43/todos,6")).contains("\"code\":405");
        witness.send("40/secrets,");
        assertThat(witness.readUntil("44"))
                .isEqualTo("44/secrets,{\"message\":\"Invalid namespace\"}");
    }

    // ---- odd ones ------------------------------------------------------------------------------

    @Test
    void framesThatCannotBeCloseTheirWebSocketAndSayWhy() throws IOException {
        byte[] text = "4".getBytes(StandardCharsets.US_ASCII);
        assertThat(closing(RawWebSocket.FIN | RawWebSocket.BINARY, text)).isEqualTo("closed 1003");
        assertThat(closing(RawWebSocket.FIN | RawWebSocket.COMPRESSED | RawWebSocket.TEXT, text))
                .as("compressed, though it was not offered")
                .isEqualTo("closed 1002");
        assertThat(closing(RawWebSocket.FIN | RawWebSocket.CONTINUATION, text))
                .as("a fragment of nothing")
                .isEqualTo("closed 1002");
        assertThat(closing(RawWebSocket.FIN | 5, text)).as("unknown").isEqualTo("closed 1002");
        assertThat(closing(RawWebSocket.FIN | RawWebSocket.TEXT, new byte[] {'4', (byte) 0xff}))
                .as("no UTF-8")
                .isEqualTo("closed 1007");
        assertThat(closing(RawWebSocket.FIN | RawWebSocket.TEXT, new byte[1_000_001]))
                .isEqualTo("closed 1009");
    }

    private static String closing(int first, byte[] payload) throws IOException {
        try (RawWebSocket odd = RawWebSocket.connected(gateway.port())) {
            odd.send(first, payload);
            return odd.readUntil("closed");
        }
    }

    @Test
    void fragmentsAreOneMessageAndHaveALimit() throws IOException {
        byte[] begin = "429[\"find\",\"to".getBytes(StandardCharsets.US_ASCII);
        byte[] end = "dos\",{\"$limit\":0}]".getBytes(StandardCharsets.US_ASCII);
        witness.send(RawWebSocket.TEXT, begin);
        witness.send(RawWebSocket.FIN | RawWebSocket.CONTINUATION, end);
        assertThat(witness.readUntil("439")).startsWith("439[null,{\"total\"");

        try (RawWebSocket many = RawWebSocket.connected(gateway.port())) {
            many.send(RawWebSocket.TEXT, begin);
            for (int i = 0; i < 300; i++) {
                many.send(RawWebSocket.CONTINUATION, new byte[] {' '});
            }
            assertThat(many.readUntil("closed")).isEqualTo("closed 1009");
        }
        try (RawWebSocket large = RawWebSocket.connected(gateway.port())) {
            large.send(RawWebSocket.TEXT, new byte[600_000]);
            large.send(RawWebSocket.CONTINUATION, new byte[600_000]);
            assertThat(large.readUntil("closed")).isEqualTo("closed 1009");
        }
    }

    @Test
    void compressionIsNotOffered() throws IOException {
        try (RawWebSocket asking =
                RawWebSocket.open(
                        gateway.port(), "Sec-WebSocket-Extensions: permessage-deflate\r\n")) {
            assertThat(asking.head).startsWith("HTTP/1.1 101").doesNotContain("deflate");
        }
    }

    @Test
    void whatIsNoPacketEndsItsSessionAlone() throws Exception {
        for (String bad :
                List.of("4x", "4", "9", "42{\"a\":1}", "42[\"get\"", "421[\"connect\"]")) {
            try (RawWebSocket odd = RawWebSocket.connected(gateway.port())) {
                odd.send(bad);
                assertThat(odd.readUntil("closed")).as(bad).startsWith("closed");
            }
            String polling = begin();
            post(polling, "40");
            assertThat(post(polling, bad)).as(bad).isEqualTo("200 ok");
            assertThat(get(polling)).as(bad).startsWith("400");
        }
    }

    // ---- those who take more than there is -----------------------------------------------------

    @Test
    void aSessionThatNeverConnectsEnds() throws IOException {
        try (RawWebSocket silent = RawWebSocket.open(gateway.port(), "")) {
            assertThat(silent.readUntil("closed")).isEqualTo("closed 1000");
        }
    }

    @Test
    void anAddressHasSoManySessionsAndIsToldSo() throws Exception {
        List<RawWebSocket> many = new ArrayList<>();
        for (int i = 1; i < SESSIONS_MAX; i++) {
            many.add(RawWebSocket.connected(gateway.port()));
        }
        assertThat(get(PATH)).startsWith("429 {\"code\":4,");
        for (RawWebSocket each : many) {
            each.close();
        }
        await().atMost(SOON).until(() -> gateway.sockets() == 1);
        for (int i = 0; i < 10; i++) {
            begin();
        }
        assertThat(get(PATH)).as("so many that are not connected yet").startsWith("429");
    }

    @Test
    void aReaderThatStopsIsCutOffAndTheOthersHearEverything() throws Exception {
        String large = "x".repeat(300_000);
        try (RawWebSocket stopped = RawWebSocket.connected(gateway.port())) {
            for (int i = 0; i < 100; i++) {
                todos.key("large")
                        .send(
                                Message.of(
                                        i == 0 ? "create" : "update",
                                        Map.of("n", i, "text", large)))
                        .await();
                assertThat(witness.readUntil("42[\"todos")).contains("\"n\":" + i + ",");
            }
            await().atMost(SOON).until(() -> gateway.sockets() == 1);
            assertThat(stopped.readUntil("closed")).isEqualTo("closed");
        }
        todos.key("large").send(Message.of("remove")).await();
    }

    @Test
    void callsThatAreNotAnsweredStopWhatIsReadOfTheirConnection() throws Exception {
        String large = "x".repeat(90_000);
        try (RawWebSocket greedy = RawWebSocket.connected(gateway.port())) {
            for (int i = 0; i < 4; i++) {
                greedy.send("42" + i + "[\"wait\",\"slow\",\"" + large + "\"]");
            }
            greedy.send("429[\"find\",\"todos\",{\"$limit\":0}]");
            String first = greedy.readUntil("43");
            assertThat(first).as("nothing more before one is answered").contains("\"code\":408");
            assertThat(greedy.readUntil("439")).startsWith("439[null,");
        }
    }

    @Test
    void aPollWhoseConnectionBreaksEndsItsSession() throws Exception {
        String polling = begin();
        post(polling, "40");
        get(polling);
        try (Socket half = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
            half.getOutputStream()
                    .write(
                            ("GET " + polling + " HTTP/1.1\r\nHost: x\r\n\r\n")
                                    .getBytes(StandardCharsets.US_ASCII));
            assertThat(gateway.sockets()).isEqualTo(2);
        }
        await().atMost(SOON).until(() -> gateway.sockets() == 1);
    }

    @Test
    void whatIsNotUnderstoodIsAnsweredWithACode() throws Exception {
        assertThat(get("/socket.io/?EIO=4&transport=pigeon")).startsWith("400 {\"code\":0,");
        assertThat(get("/socket.io/?EIO=4&transport=polling&sid=none"))
                .startsWith("400 {\"code\":1,");
        assertThat(post(PATH, "40")).startsWith("400 {\"code\":2,");
        assertThat(get("/socket.io/?EIO=4&transport=websocket")).startsWith("400 {\"code\":3,");
        assertThat(get("/socket.io/?EIO=3&transport=polling")).startsWith("400 {\"code\":5,");
        assertThat(get("/socket.io/")).startsWith("400 {\"code\":5,");
    }

    // ---- polling -------------------------------------------------------------------------------

    private static String begin() throws Exception {
        String handshake = get(PATH);
        assertThat(handshake).startsWith("200 0{\"sid\":\"");
        return PATH + "&sid=" + handshake.split("\"")[3];
    }

    private static String sid(String polling) {
        return polling.substring(polling.lastIndexOf('=') + 1);
    }

    private static String get(String path) throws Exception {
        return ask(HttpRequest.newBuilder(URI.create(gateway.url() + path)).GET());
    }

    private static String post(String path, String body) throws Exception {
        return ask(
                HttpRequest.newBuilder(URI.create(gateway.url() + path))
                        .POST(BodyPublishers.ofString(body)));
    }

    private static String ask(HttpRequest.Builder request) throws Exception {
        HttpResponse<String> response =
                CLIENT.send(request.timeout(SOON).build(), BodyHandlers.ofString());
        return response.statusCode() + " " + response.body();
    }
}
