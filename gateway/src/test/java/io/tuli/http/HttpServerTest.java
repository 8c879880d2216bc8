package io.tuli.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.codec.http.HttpRequest;
import io.tuli.header.Cors;
import io.tuli.header.Proxies;
import io.tuli.http.RawHttp.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the server does with bytes of strangers: whole requests are answered, in their order. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HttpServerTest {

    private static final HttpLimits LIMITS =
            new HttpLimits(
                    100,
                    100,
                    10_000,
                    15_000,
                    4,
                    new HttpLimits.Times(
                            Duration.ofMillis(600),
                            Duration.ofMillis(600),
                            Duration.ofSeconds(3),
                            Duration.ofMillis(700)));

    private final MultiThreadIoEventLoopGroup loops =
            new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    private final Map<String, Exchange> held = new ConcurrentHashMap<>();
    private final AtomicInteger gone = new AtomicInteger();
    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private HttpServer server;
    private int port;

    /** Answers what it was asked; {@code /hold} later, {@code /large} much, {@code /throw} not. */
    private final class Echo implements Route {

        @Override
        public boolean takes(HttpRequest head, String path) {
            return !path.equals("/none");
        }

        @Override
        public void answer(Exchange exchange) {
            Request request = exchange.request();
            asked.add(request.path());
            switch (request.path()) {
                case "/hold" -> {
                    exchange.onGone(gone::incrementAndGet);
                    held.put(request.query(), exchange);
                }
                case "/throw" -> throw new AssertionError("as planned");
                case "/large" -> exchange.answer(Response.of(200, "x/y", new byte[1 << 24]));
                default ->
                        exchange.answer(
                                Response.text(
                                        200,
                                        "text/plain",
                                        request.method()
                                                + " "
                                                + request.path()
                                                + " "
                                                + new String(
                                                        request.body(),
                                                        java.nio.charset.StandardCharsets.UTF_8)));
            }
        }
    }

    @BeforeAll
    void start() {
        server =
                new HttpServer(
                        new HttpServer.Setting(
                                loops,
                                loops,
                                List.of(new Echo()),
                                Cors.ANY,
                                LIMITS,
                                10,
                                null,
                                Proxies.NONE));
        port = server.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)).getPort();
    }

    @AfterAll
    void stop() {
        server.close();
        loops.shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS);
    }

    private void release(String name) {
        await().until(() -> held.containsKey(name));
        Exchange exchange = held.remove(name);
        exchange.connection()
                .loop()
                .execute(() -> exchange.answer(Response.text(200, "text/plain", name)));
    }

    @Test
    void requestIsAnsweredAndTheConnectionGoesOn() throws IOException {
        try (RawHttp raw = new RawHttp(port)) {
            for (int at = 0; at < 3; at++) {
                Answer answer = raw.ask("GET", "/a?b").answer();
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.body()).isEqualTo("GET /a ");
                assertThat(answer.header("access-control-allow-origin")).isEqualTo("*");
                assertThat(answer.header("date")).endsWith("GMT");
            }
        }
    }

    @Test
    void bodyComesWithALengthOrInChunksByteByByte() throws IOException {
        try (RawHttp raw = new RawHttp(port)) {
            raw.write("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello");
            assertThat(raw.answer().body()).isEqualTo("POST /a hello");

            String chunked =
                    String.join(
                            "\r\n",
                            List.of(
                                    "POST /a HTTP/1.1",
                                    "Host: x",
                                    "Transfer-Encoding: chunked",
                                    "",
                                    "3",
                                    "hel",
                                    "2;x=y",
                                    "lo",
                                    "0",
                                    "",
                                    ""));
            for (int at = 0; at < chunked.length(); at++) {
                raw.write(chunked.substring(at, at + 1));
            }
            assertThat(raw.answer().body()).isEqualTo("POST /a hello");
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInTheirOrder() throws IOException {
        try (RawHttp raw = new RawHttp(port)) {
            StringBuilder all = new StringBuilder("GET /hold?first HTTP/1.1\r\nHost: x\r\n\r\n");
            for (int at = 0; at < 200; at++) {
                all.append("GET /n" + at + " HTTP/1.1\r\nHost: x\r\n\r\n");
            }
            raw.write(all.toString());
            release("first");

            assertThat(raw.answer().body()).isEqualTo("first");
            for (int at = 0; at < 200; at++) {
                assertThat(raw.answer().body()).isEqualTo("GET /n" + at + " ");
            }
        }
    }

    @Test
    void thousandsOfRequestsAtOnceEndTheConnectionAndNothingElse() throws IOException {
        try (RawHttp raw = new RawHttp(port)) {
            raw.write("GET /hold?many HTTP/1.1\r\nHost: x\r\n\r\n");
            raw.write("GET /n HTTP/1.1\r\nHost: x\r\n\r\n".repeat(1_900));
            release("many");

            assertThat(raw.answer().body()).isEqualTo("many");
        }
    }

    /** Whatever two readers could read differently. */
    static List<String> smuggled() {
        String post = "POST /s HTTP/1.1\r\nHost: x\r\n";
        String chunked = post + "Transfer-Encoding: chunked\r\n";
        return List.of(
                post + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                post + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
                post + "Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde",
                post + "Content-Length: 4, 5\r\n\r\nabcde",
                post + "Content-Length: +4\r\n\r\nabcd",
                post + "Content-Length: 4 4\r\n\r\nabcd",
                post + "Content-Length: 0x4\r\n\r\nabcd",
                post + "Content-Length: -1\r\n\r\n",
                post + "Content-Length: 99999999999999999999\r\n\r\n",
                post + "Content-Length : 4\r\n\r\nabcd",
                post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
                post + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
                post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n0\r\n\r\n",
                post + "Transfer-Encoding:\u000bchunked\r\n\r\n0\r\n\r\n",
                post + "Transfer-Encoding\u0000: chunked\r\n\r\n0\r\n\r\n",
                post + "X: a\r\n Content-Length: 4\r\n\r\nabcd",
                post + "X: a\r\n\tTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                post + " X: a\r\n\r\n",
                post + "X: a\nContent-Length: 4\r\n\r\nabcd",
                post + "X: a\rContent-Length: 4\r\n\r\nabcd",
                chunked + "\r\n-1\r\nabcd\r\n0\r\n\r\n",
                chunked + "\r\n0x4\r\nabcd\r\n0\r\n\r\n",
                chunked + "\r\n+4\r\nabcd\r\n0\r\n\r\n",
                chunked + "\r\nffffffffff\r\nabcd\r\n0\r\n\r\n",
                chunked + "\r\nzz\r\nabcd\r\n0\r\n\r\n",
                chunked + "\r\n\r\nabcd\r\n0\r\n\r\n",
                chunked + "\r\n4\r\nabcdX0\r\n\r\n",
                "POST /s HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST /s HTTP/1.1\r\nHost: x\r\nHost: y\r\nContent-Length: 0\r\n\r\n",
                "POST /s HTTP/1.1\r\nContent-Length: 0\r\n\r\n",
                "POST /s HTTP/2.0\r\nHost: x\r\n\r\n",
                "POST /s\r\nHost: x\r\n\r\n",
                "POST  /s HTTP/1.1 x\r\nHost: x\r\n\r\n",
                "POST http://y/s HTTP/1.1\r\nHost: x\r\n\r\n",
                "\u0000\u0001\u0002\u0003\r\n\r\n",
                "hello\r\n\r\n");
    }

    @ParameterizedTest
    @MethodSource("smuggled")
    void whatCouldBeReadInTwoWaysIsRefusedAndNothingBehindItIsRead(String bytes)
            throws IOException {
        asked.clear();
        try (RawHttp raw = new RawHttp(port)) {
            raw.write(bytes + "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n");

            Answer answer = raw.answer();
            assertThat(answer.status()).isIn(400, 505);
            assertThat(answer.header("connection")).isEqualTo("close");
            assertThat(raw.isEnded()).isTrue();
        }
        assertThat(asked).doesNotContain("/s", "/smuggled");
    }

    @Test
    void requestsBeforeABadOneAreAnswered() throws IOException {
        try (RawHttp raw = new RawHttp(port)) {
            raw.write("GET /hold?before HTTP/1.1\r\nHost: x\r\n\r\nnonsense\r\n\r\n");
            release("before");

            assertThat(raw.answer().body()).isEqualTo("before");
            assertThat(raw.answer().status()).isEqualTo(400);
            assertThat(raw.isEnded()).isTrue();
        }
    }

    @Test
    void bodyOfTheLimitIsTakenAndOneByteMoreIsToldSo() throws IOException {
        try (RawHttp raw = new RawHttp(port)) {
            raw.write("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 10000\r\n\r\n");
            raw.write(new byte[10_000]);
            assertThat(raw.answer().status()).isEqualTo(200);
        }
        try (RawHttp raw = new RawHttp(port)) {
            raw.write("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 10001\r\n\r\n");
            assertThat(raw.answer().status()).isEqualTo(413);
        }
        try (RawHttp raw = new RawHttp(port)) {
            raw.write("POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2711\r\n");
            raw.write(new byte[10_001]);
            assertThat(raw.answer().status()).isEqualTo(413);
        }
    }

    @Test
    void clientThatWritesALargeBodyFirstStillReadsThatItIsTooLarge() throws IOException {
        try (RawHttp raw = new RawHttp(port)) {
            raw.write("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 8000000\r\n\r\n");
            for (int at = 0; at < 80; at++) {
                raw.write(new byte[100_000]);
            }
            Answer answer = raw.answer();
            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.body()).contains("PayloadTooLarge", "10000");
            assertThat(answer.header("access-control-allow-origin")).isEqualTo("*");
            raw.end();
            assertThat(raw.isEnded()).isTrue();
        }
        await().until(() -> server.waitingBytes() == 0);
    }

    @Test
    void clientThatWaitsForContinueIsToldToGoOnOrThatItIsTooLarge() throws IOException {
        try (RawHttp raw = new RawHttp(port)) {
            raw.ask("POST", "/a", "Content-Length: 2", "Expect: 100-continue");
            assertThat(raw.answer().status()).isEqualTo(100);
            assertThat(raw.write("hi").answer().body()).isEqualTo("POST /a hi");

            raw.ask("POST", "/a", "Content-Length: 99999", "Expect: 100-continue");
            assertThat(raw.answer().status()).isEqualTo(413);
        }
        try (RawHttp raw = new RawHttp(port)) {
            assertThat(raw.ask("GET", "/a", "Expect: miracles").answer().status()).isEqualTo(417);
        }
    }

    @Test
    void bodiesOfAllConnectionsTogetherAreBounded() throws IOException {
        try (RawHttp one = new RawHttp(port);
                RawHttp two = new RawHttp(port)) {
            one.write("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 10000\r\n\r\n");
            one.write(new byte[9_000]);
            await().until(() -> server.waitingBytes() == 9_000);
            two.write("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 9000\r\n\r\n");
            two.write(new byte[9_000]);

            Answer answer = two.answer();
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.header("retry-after")).isEqualTo("1");
            assertThat(one.write(new byte[1_000]).answer().status()).isEqualTo(200);
        }
        await().until(() -> server.waitingBytes() == 0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "GET /a HTT",
                "GET /a HTTP/1.1\r\nHost: x\r\nX: ",
                "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc"
            })
    void whoDoesNotFinishIsToldSoAndClosed(String begun) throws IOException {
        try (RawHttp raw = new RawHttp(port)) {
            raw.write(begun);
            if (!begun.isEmpty()) {
                assertThat(raw.answer().status()).isEqualTo(408);
            }
            assertThat(raw.isEnded()).isTrue();
        }
    }

    @Test
    void headersWithoutEndAndLinesWithoutEndAreRefused() throws IOException {
        try (RawHttp raw = new RawHttp(port)) {
            raw.write("GET /a HTTP/1.1\r\nHost: x\r\n");
            raw.write("X: y\r\n".repeat(5_000));
            assertThat(raw.answer().status()).isEqualTo(431);
        }
        try (RawHttp raw = new RawHttp(port)) {
            raw.write("GET /" + "a".repeat(20_000));
            assertThat(raw.answer().status()).isEqualTo(414);
        }
    }

    @Test
    void clientThatGoesIsNoticedWhileItsRequestIsAnswered() throws IOException {
        int before = gone.get();
        try (RawHttp raw = new RawHttp(port)) {
            raw.ask("GET", "/hold?left");
            await().until(() -> held.containsKey("left"));
        }
        await().until(() -> gone.get() == before + 1);
        release("left");
    }

    @Test
    void clientThatDoesNotReadIsClosedAndOthersAreServed() throws IOException {
        try (RawHttp slow = new RawHttp(port)) {
            slow.write("GET /large HTTP/1.1\r\nHost: x\r\n\r\n".repeat(3));
            try (RawHttp other = new RawHttp(port)) {
                assertThat(other.ask("GET", "/a").answer().status()).isEqualTo(200);
            }
            await().atMost(Duration.ofSeconds(10)).until(() -> server.connections() == 0);
        }
    }

    @Test
    void codeThatThrowsIsAServerErrorAndTheConnectionGoesOn() throws IOException {
        try (RawHttp raw = new RawHttp(port)) {
            Answer answer = raw.ask("GET", "/throw").answer();
            assertThat(answer.status()).isEqualTo(500);
            assertThat(answer.body()).doesNotContain("planned").contains("GeneralError");
            assertThat(raw.ask("GET", "/a").answer().status()).isEqualTo(200);
        }
    }

    @Test
    void preflightAllowsWhatIsAskedFor() throws IOException {
        try (RawHttp raw = new RawHttp(port)) {
            Answer answer =
                    raw.ask(
                                    "OPTIONS",
                                    "/a",
                                    "Origin: http://elsewhere.example",
                                    "Access-Control-Request-Method: PATCH",
                                    "Access-Control-Request-Headers: authorization,x-a")
                            .answer();
            assertThat(answer.status()).isEqualTo(204);
            assertThat(answer.header("access-control-allow-methods")).contains("PATCH", "HEAD");
            assertThat(answer.header("access-control-allow-headers"))
                    .isEqualTo("authorization,x-a");
            assertThat(answer.header("vary")).isEqualTo("Access-Control-Request-Headers");
            assertThat(raw.ask("OPTIONS", "*").answer().status()).isEqualTo(204);
        }
    }

    @Test
    void headHasTheLengthAndNoBodyAndOldClientsAreClosed() throws IOException {
        try (RawHttp raw = new RawHttp(port)) {
            Answer head = raw.ask("HEAD", "/a").answer(false);
            assertThat(head.header("content-length")).isEqualTo("8");
            assertThat(raw.ask("GET", "/none").answer().status()).isEqualTo(404);
            assertThat(raw.write("GET /a HTTP/1.0\r\n\r\n").answer().body()).isEqualTo("GET /a ");
            assertThat(raw.isEnded()).isTrue();
        }
    }

    @Test
    void whateverComesTheServerGoesOn() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[] good =
                "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nX: y\r\n\r\nabcGET / H\r\n\r\n"
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8);
        for (int run = 0; run < 150; run++) {
            byte[] bytes = good.clone();
            for (int at = random.nextInt(6); at >= 0; at--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try (RawHttp raw = new RawHttp(port)) {
                raw.write(bytes);
                raw.end();
            }
        }
        try (RawHttp raw = new RawHttp(port)) {
            assertThat(raw.ask("GET", "/a").answer().status()).as("seed %s", seed).isEqualTo(200);
        }
        await().until(() -> server.waitingBytes() == 0);
    }
}
