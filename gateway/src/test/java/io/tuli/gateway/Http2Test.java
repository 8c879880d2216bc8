package io.tuli.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tuli.Mesh;
import io.tuli.Message;
import io.tuli.Resource;
import io.tuli.Service;
import io.tuli.node.Tuli;
import io.tuli.secret.LifeKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** HTTP/2 on the gateway's port, and what is known to attack it (15.8). */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class Http2Test {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final int WINDOW = 4;
    private static final byte[] NOTHING = {};

    @TempDir private static Path directory;
    private SSLContext trusting;
    private HttpClient client;
    private Mesh mesh;
    private Service<Object> todos;
    private OpenGateway gateway;

    @BeforeAll
    void start() throws Exception {
        ShownCertificate shown = new ShownCertificate(directory);
        shown.put(LifeKey.make());
        trusting = ShownCertificate.trusting();
        client = HttpClient.newBuilder().sslContext(trusting).build();
        mesh = Tuli.join("http2-" + UUID.randomUUID());
        todos = mesh.serve(Resource.documents("todos", Object.class).config());
        mesh.serve(
                Resource.of("slow")
                        .method("get", (message, context) -> new CompletableFuture<>())
                        .config());
        gateway =
                Gateway.on(mesh)
                        .port(0)
                        .expose("todos", "slow")
                        .heardBy("todos", (event, record) -> Set.of("everybody"))
                        .limits(
                                GatewayLimits.DEFAULTS
                                        .headersWithin(Duration.ofSeconds(1))
                                        .readingWithin(Duration.ofSeconds(1)))
                        .tls(shown.certificate, shown.key)
                        .start();
        todos.awaitSync(SOON);
        todos.key("large").send(Message.of("create", Map.of("text", "x".repeat(300_000)))).await();
    }

    @AfterAll
    void stop() {
        client.shutdownNow();
        gateway.close();
        mesh.close();
    }

    /** Whatever was done to one connection: others are answered. */
    @AfterEach
    void othersAreUntouched() throws Exception {
        assertThat(ask("GET", "/health/live", "").body()).isEqualTo("{\"live\":true}");
    }

    private HttpResponse<String> ask(String method, String path, String body) throws Exception {
        return client.send(request(method, path, body), BodyHandlers.ofString());
    }

    private HttpRequest request(String method, String path, String body) {
        return HttpRequest.newBuilder(URI.create(gateway.url() + path))
                .timeout(SOON)
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
    }

    private RawHttp2 raw(int... settings) throws IOException {
        SSLSocket socket =
                (SSLSocket)
                        trusting.getSocketFactory()
                                .createSocket(InetAddress.getLoopbackAddress(), gateway.port());
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2"});
        socket.setSSLParameters(parameters);
        return new RawHttp2(socket, settings);
    }

    // ---- what is spoken ------------------------------------------------------------------------

    @Test
    void servicesAreCalledAsOverTheOlderOne() throws Exception {
        HttpResponse<String> made = ask("POST", "/todos", "{\"id\":\"milk\",\"n\":1}");

        assertThat(made.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(made.statusCode()).isEqualTo(201);
        assertThat(made.body()).isEqualTo("{\"id\":\"milk\",\"n\":1}");
        assertThat(made.headers().firstValue("access-control-allow-origin")).hasValue("*");
        assertThat(ask("PATCH", "/todos/milk", "{\"n\":2}").body()).contains("\"n\":2");
        assertThat(ask("GET", "/todos?n=2", "").body()).contains("\"total\":1");
        assertThat(ask("HEAD", "/todos/milk", "").headers().firstValue("content-length"))
                .hasValue(String.valueOf("{\"id\":\"milk\",\"n\":2}".length()));
        assertThat(ask("DELETE", "/todos/milk", "").statusCode()).isEqualTo(200);
        assertThat(ask("GET", "/todos/milk", "").statusCode()).isEqualTo(404);
        assertThat(ask("OPTIONS", "/todos/milk", "").statusCode()).isEqualTo(204);
        assertThat(ask("BREW", "/todos/milk", "").statusCode()).isEqualTo(405);
        assertThat(ask("GET", "/health/ready", "").statusCode()).isEqualTo(200);
    }

    @Test
    void requestsAreSideBySideAndLargeOnesComeWhole() {
        CompletableFuture<HttpResponse<String>> never =
                client.sendAsync(request("GET", "/slow/1", ""), BodyHandlers.ofString());
        List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            all.add(client.sendAsync(request("GET", "/todos/large", ""), BodyHandlers.ofString()));
        }
        assertThat(all).allMatch(each -> each.join().body().length() > 300_000);
        assertThat(never.isDone()).as("it holds nobody up").isFalse();
        never.cancel(true);
    }

    @Test
    void whatIsTooLargeIsRefusedAndTheConnectionGoesOn() throws Exception {
        try (RawHttp2 raw = raw()) {
            raw.send(
                    RawHttp2.HEADERS,
                    RawHttp2.END_HEADERS,
                    1,
                    RawHttp2.head("POST", "/todos", "content-length", "2000000"));
            assertThat(raw.body(1)).contains("\"code\":413");
            raw.get(3, "/health/live");
            raw.flush();
            assertThat(raw.body(3)).isEqualTo("{\"live\":true}");
        }
    }

    @Test
    void eventsAreHeard() throws Exception {
        HttpRequest asked =
                HttpRequest.newBuilder(URI.create(gateway.url() + "/todos"))
                        .header("Accept", "text/event-stream")
                        .build();
        HttpResponse<Stream<String>> stream = client.send(asked, BodyHandlers.ofLines());
        assertThat(stream.version()).isEqualTo(HttpClient.Version.HTTP_2);
        CompletableFuture<List<String>> heard =
                CompletableFuture.supplyAsync(
                        () ->
                                stream.body()
                                        .filter(line -> line.startsWith("data: "))
                                        .limit(2)
                                        .toList(),
                        task -> Thread.ofVirtual().start(task));
        todos.key("heard").send(Message.of("create", Map.of("n", 1))).await();
        todos.key("heard").send(Message.of("remove")).await();

        assertThat(heard.get(10, java.util.concurrent.TimeUnit.SECONDS))
                .allMatch(line -> line.contains("\"id\":\"heard\""));
    }

    @Test
    void noMoreStreamsThanMayBeAndNoWebSocketOverThem() throws Exception {
        try (RawHttp2 raw = raw()) {
            RawHttp2.Frame settings = Objects.requireNonNull(raw.readUntil(RawHttp2.SETTINGS));
            assertThat(values(settings)).containsEntry(3, 100).doesNotContainKey(8);
            for (int i = 0; i <= 100; i++) {
                raw.get(2 * i + 1, "/slow/1");
            }
            raw.flush();
            RawHttp2.Frame refused = Objects.requireNonNull(raw.readUntil(RawHttp2.RESET));
            assertThat(refused.stream()).isEqualTo(201);
            assertThat(refused.number(0)).as("REFUSED_STREAM").isEqualTo(7);
        }
        try (RawHttp2 raw = raw()) {
            raw.send(
                    RawHttp2.HEADERS,
                    RawHttp2.END_HEADERS,
                    1,
                    RawHttp2.head("CONNECT", "/", ":protocol", "websocket"));
            RawHttp2.Frame answer = raw.readUntil(RawHttp2.RESET);
            assertThat(answer == null || answer.stream() == 1).isTrue();
        }
    }

    private static Map<Integer, Integer> values(RawHttp2.Frame settings) {
        Map<Integer, Integer> values = new java.util.TreeMap<>();
        for (int at = 0; at < settings.payload().length; at += 6) {
            int name = (settings.payload()[at] & 0xff) << 8 | (settings.payload()[at + 1] & 0xff);
            values.put(name, settings.number(at + 2));
        }
        return values;
    }

    // ---- attacks -------------------------------------------------------------------------------

    /** CVE-2023-44487. */
    @Test
    void whoBeginsAndResetsAllTheTimeIsSentAway() throws Exception {
        try (RawHttp2 raw = raw()) {
            for (int i = 0; i < 1_000; i++) {
                raw.get(2 * i + 1, "/slow/1");
                raw.add(RawHttp2.RESET, 0, 2 * i + 1, RawHttp2.number(8));
            }
            raw.flush();
            assertThat(raw.sentAway()).isEqualTo(RawHttp2.CALM);
        }
    }

    /** CVE-2025-55163: what the client does wrong makes the server reset. */
    @Test
    void whoMakesTheServerResetAllTheTimeIsSentAway() throws Exception {
        try (RawHttp2 raw = raw()) {
            for (int i = 0; i < 1_000; i++) {
                raw.get(2 * i + 1, "/slow/1");
                raw.add(RawHttp2.WINDOW_UPDATE, 0, 2 * i + 1, RawHttp2.number(0));
            }
            raw.flush();
            assertThat(raw.sentAway()).isGreaterThan(0);
        }
    }

    /** CVE-2024-27316 and its like. */
    @Test
    void headersThatDoNotEndEndTheConnection() throws Exception {
        try (RawHttp2 many = raw();
                RawHttp2 slow = raw()) {
            slow.send(RawHttp2.HEADERS, 0, 1, RawHttp2.head("GET", "/todos"));
            many.add(RawHttp2.HEADERS, 0, 1, RawHttp2.head("GET", "/todos"));
            for (int i = 0; i < 1_000; i++) {
                many.add(RawHttp2.CONTINUATION, 0, 1, NOTHING);
            }
            many.flush();
            assertThat(many.sentAway()).isGreaterThan(0);
            assertThat(slow.sentAway()).as("in time").isLessThanOrEqualTo(0);
        }
    }

    @Test
    void floodsOfFramesThatCarryNothingEndTheConnection() throws Exception {
        Map<Integer, byte[]> floods =
                Map.of(
                        RawHttp2.SETTINGS,
                        NOTHING,
                        RawHttp2.PING,
                        new byte[8],
                        RawHttp2.PRIORITY,
                        new byte[5],
                        0x42,
                        new byte[100]);
        for (Map.Entry<Integer, byte[]> each : floods.entrySet()) {
            try (RawHttp2 raw = raw()) {
                int stream = each.getKey() == RawHttp2.PRIORITY ? 3 : 0;
                for (int i = 0; i < 2_000; i++) {
                    raw.add(each.getKey(), 0, stream, each.getValue());
                }
                raw.flush();
                assertThat(raw.sentAway()).as("type " + each.getKey()).isEqualTo(RawHttp2.CALM);
            }
        }
        try (RawHttp2 raw = raw()) {
            raw.add(RawHttp2.HEADERS, RawHttp2.END_HEADERS, 1, RawHttp2.head("POST", "/todos"));
            for (int i = 0; i < 1_000; i++) {
                raw.add(RawHttp2.DATA, 0, 1, NOTHING);
            }
            raw.flush();
            assertThat(raw.sentAway()).as("empty data").isEqualTo(RawHttp2.CALM);
        }
    }

    /** A few bytes that mean many: one large header is remembered, and named again and again. */
    @Test
    void headersThatAreLargeOnceTheyAreReadAreRefused() throws Exception {
        try (RawHttp2 raw = raw()) {
            ByteArrayOutputStream bomb = new ByteArrayOutputStream();
            bomb.writeBytes(RawHttp2.head("GET", "/health/live"));
            bomb.write(0x40);
            RawHttp2.text(bomb, "x-large");
            RawHttp2.text(bomb, "x".repeat(3_900));
            for (int i = 0; i < 10_000; i++) {
                bomb.write(0x80 | 62);
            }
            raw.add(
                    RawHttp2.HEADERS,
                    RawHttp2.END_STREAM | RawHttp2.END_HEADERS,
                    1,
                    bomb.toByteArray());
            raw.flush();
            RawHttp2.Frame answer = raw.read();
            while (answer != null
                    && answer.type() != RawHttp2.GO_AWAY
                    && answer.type() != RawHttp2.RESET
                    && answer.type() != RawHttp2.HEADERS) {
                answer = raw.read();
            }
            assertThat(answer == null || answer.type() != RawHttp2.HEADERS || isError(answer))
                    .isTrue();
        }
    }

    /** 431, as HPACK writes it or in letters. */
    private static boolean isError(RawHttp2.Frame answer) {
        return !new String(answer.payload(), java.nio.charset.StandardCharsets.ISO_8859_1)
                .contains("live");
    }

    /** A client that asks for much and lets nothing come. */
    @Test
    void windowsThatStayShutCostLittleAndEndTheConnection() throws Exception {
        try (RawHttp2 raw = raw(WINDOW, 0)) {
            for (int i = 0; i < 90; i++) {
                raw.get(2 * i + 1, "/todos/large");
            }
            raw.flush();
            int begun = 0;
            int code = -1;
            for (RawHttp2.Frame frame = raw.read(); frame != null; frame = raw.read()) {
                begun += frame.type() == RawHttp2.HEADERS ? 1 : 0;
                code = frame.type() == RawHttp2.GO_AWAY ? frame.number(4) : code;
            }
            assertThat(begun).as("answers that wait to be read").isLessThan(40);
            assertThat(code).isEqualTo(RawHttp2.CALM);
        }
    }

    @Test
    void whoOpensItsWindowsLateIsAnsweredWholly() throws Exception {
        try (RawHttp2 raw = raw(WINDOW, 0)) {
            raw.get(1, "/todos/large");
            raw.flush();
            Objects.requireNonNull(raw.readUntil(RawHttp2.HEADERS));
            raw.add(RawHttp2.WINDOW_UPDATE, 0, 0, RawHttp2.number(1 << 20));
            raw.send(RawHttp2.WINDOW_UPDATE, 0, 1, RawHttp2.number(1 << 20));
            assertThat(raw.body(1)).hasSizeGreaterThan(300_000);
        }
    }

    @Test
    void whatIsNoHttp2EndsTheConnectionAlone() throws Exception {
        try (RawHttp2 raw = raw()) {
            raw.send(RawHttp2.DATA, 0, 7, new byte[10]);
            assertThat(raw.sentAway()).isEqualTo(1);
        }
        try (RawHttp2 raw = raw()) {
            raw.send(RawHttp2.HEADERS, RawHttp2.END_HEADERS, 2, RawHttp2.head("GET", "/"));
            assertThat(raw.sentAway()).isGreaterThan(0);
        }
    }

    @Test
    void aGatewayThatClosesSaysSoAndAnswersWhatItHasBegun() throws Exception {
        ShownCertificate shown = new ShownCertificate(directory);
        OpenGateway closing =
                Gateway.on(mesh).port(0).expose("todos").tls(shown.certificate, shown.key).start();
        SSLSocket socket =
                (SSLSocket)
                        trusting.getSocketFactory()
                                .createSocket(InetAddress.getLoopbackAddress(), closing.port());
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2"});
        socket.setSSLParameters(parameters);
        try (RawHttp2 raw = new RawHttp2(socket)) {
            raw.get(1, "/health/live");
            raw.flush();
            assertThat(raw.body(1)).isEqualTo("{\"live\":true}");
            closing.close();
            assertThat(raw.sentAway()).isZero();
        }
        await().atMost(SOON).until(() -> closing.connections() == 0);
    }
}
