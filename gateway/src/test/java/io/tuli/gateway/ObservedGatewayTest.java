package io.tuli.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;
import static org.awaitility.Awaitility.await;

import io.tuli.Mesh;
import io.tuli.Message;
import io.tuli.Resource;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.http.RawHttp;
import io.tuli.node.Tuli;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is measured and traced at a gateway, by whom it may be seen, and what it cannot harm. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ObservedGatewayTest {

    private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    private static final String OTHER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";
    private static final String TOKEN = "a token for who collects metrics, kept";
    private static final String NONE = "none";

    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private final AtomicReference<String> text = new AtomicReference<>("");
    private Mesh mesh;
    private Service<Void> second;
    private OpenGateway gateway;

    @BeforeAll
    void start() {
        mesh = Tuli.join("observed-" + UUID.randomUUID());
        mesh.serve(ServiceConfig.stateless("second", (message, turn) -> trace(message)));
        mesh.serve(
                ServiceConfig.of("third", Object.class)
                        .handler((message, turn) -> told.add(trace(message))));
        second = mesh.use(ServiceConfig.stateless("second"));
        mesh.serve(
                Resource.of("first")
                        .method(
                                "get",
                                (message, context) ->
                                        switch (context.id().orElseThrow()) {
                                            case "calls" -> called(Message.of("see"));
                                            case "others" ->
                                                    called(
                                                            Message.of("see")
                                                                    .header("traceparent", OTHER));
                                            case "emits" -> {
                                                context.emit("third", Message.of("see").key("k"));
                                                yield "emitted";
                                            }
                                            default -> trace(message);
                                        })
                        .config());
        mesh.serve(
                ServiceConfig.stateless(
                                "inlined",
                                (message, turn) -> {
                                    second.any()
                                            .send(Message.of("see"), String.class)
                                            .reply()
                                            .thenAccept(told::add);
                                    return "sent";
                                })
                        .inline("get"));
        gateway =
                Gateway.on(mesh)
                        .port(0)
                        .expose("first", "inlined")
                        .metrics(text::get, TOKEN)
                        .start();
    }

    @AfterAll
    void stop() {
        gateway.close();
        mesh.close();
    }

    private String called(Message message) {
        return second.any().send(message, String.class).reply().join();
    }

    private static String trace(Message message) {
        return message.headers().getOrDefault("traceparent", NONE)
                + " "
                + message.headers().getOrDefault("tracestate", NONE);
    }

    private RawHttp.Answer get(String path, String... headers) throws IOException {
        try (RawHttp http = new RawHttp(gateway.port())) {
            return http.ask("GET", path, headers).answer();
        }
    }

    // ---- traces --------------------------------------------------------------------------------

    @Test
    void traceOfARequestReachesItsServiceAndIsGivenBack() throws Exception {
        RawHttp.Answer answer =
                get("/first/tell", "traceparent: " + TRACE, "tracestate: a=1", "tracestate: b=2");

        assertThat(answer.body()).isEqualTo('"' + TRACE + " a=1,b=2\"");
        assertThat(answer.header("traceparent")).isEqualTo(TRACE);
        assertThat(get("/absent", "traceparent: " + TRACE).header("traceparent")).isEqualTo(TRACE);
    }

    @Test
    void whatAHandlerCallsAndEmitsBelongsToTheTraceOfWhatItHandles() throws Exception {
        assertThat(get("/first/calls", "traceparent: " + TRACE).body()).contains(TRACE);
        assertThat(get("/first/others", "traceparent: " + TRACE).body()).contains(OTHER);

        get("/first/emits", "traceparent: " + TRACE, "tracestate: a=1");
        assertThat(told.poll(10, TimeUnit.SECONDS)).isEqualTo(TRACE + " a=1");
    }

    @Test
    void traceIsOfItsMessageAloneAlsoOnALoop() throws Exception {
        get("/inlined/x", "traceparent: " + TRACE);
        assertThat(told.poll(10, TimeUnit.SECONDS)).isEqualTo(TRACE + " " + NONE);

        get("/inlined/x");
        assertThat(told.poll(10, TimeUnit.SECONDS)).isEqualTo(NONE + " " + NONE);
        assertThat(called(Message.of("see"))).isEqualTo(NONE + " " + NONE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00F067AA0BA902B7-01",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0g",
                "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
            })
    void whatIsMalformedIsNoTrace(String parent) throws Exception {
        RawHttp.Answer answer = get("/first/tell", "traceparent: " + parent, "tracestate: a=1");

        assertThat(answer.body()).isEqualTo('"' + NONE + ' ' + NONE + '"');
        assertThat(answer.header("traceparent")).isEmpty();
    }

    @Test
    void twoTracesAreNoneAndALaterVersionIsOne() throws Exception {
        assertThat(get("/first/tell", "traceparent: " + TRACE, "traceparent: " + OTHER).body())
                .contains(NONE);
        String later = "01" + TRACE.substring(2) + "-what comes later";
        assertThat(get("/first/tell", "traceparent: " + later).body()).contains(later);
        String long513 = "a=" + "x".repeat(511);
        assertThat(get("/first/tell", "traceparent: " + TRACE, "tracestate: " + long513).body())
                .isEqualTo('"' + TRACE + ' ' + NONE + '"');
    }

    // ---- metrics -------------------------------------------------------------------------------

    @Test
    void metricsAreForWhoIsAtTheMachineOrShowsTheToken() throws Exception {
        text.set("# all\n");

        assertThat(get("/metrics").body()).isEqualTo("# all\n");
        assertThat(get("/metrics").header("content-type")).startsWith("text/plain");
        assertThat(get("/metrics").header("access-control-allow-origin")).isEmpty();
        String passedOn = "X-Forwarded-For: 192.0.2.1";
        assertThat(get("/metrics", passedOn).status()).isEqualTo(403);
        assertThat(get("/metrics", "Origin: https://stranger.example").status()).isEqualTo(403);
        assertThat(get("/metrics", passedOn, "Authorization: Bearer " + TOKEN).body())
                .isEqualTo("# all\n");
        assertThat(get("/metrics", passedOn, "Authorization: Bearer " + TOKEN + "x").status())
                .isEqualTo(403);
        assertThat(get("/metrics", passedOn, "Authorization: Bearer ").status()).isEqualTo(403);
        try (RawHttp http = new RawHttp(gateway.port())) {
            assertThat(http.ask("DELETE", "/metrics").answer().status()).isEqualTo(405);
        }
    }

    @Test
    void metricsAreOffUnlessAskedForAndATokenCannotBeGuessed() {
        Gateway plain = Gateway.on(mesh).port(0).expose("first");
        try (OpenGateway open = plain.start();
                RawHttp http = new RawHttp(open.port())) {
            assertThat(http.ask("GET", "/metrics").answer().status()).isEqualTo(404);
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
        assertThatThrownBy(() -> plain.metrics(text::get, "short"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least 32 characters")
                .hasMessageNotContaining("short");
    }

    @Test
    void whoTellsOfCallsHearsHowEachHasEndedAndWhatItThrowsHarmsNobody() throws Exception {
        List<EndedCall> ended = new CopyOnWriteArrayList<>();
        try (AutoCloseable broken =
                        gateway.onCall(
                                call -> {
                                    throw new AssertionError("as planned");
                                });
                AutoCloseable heard = gateway.onCall(ended::add)) {
            assertThat(get("/first/tell").status()).isEqualTo(200);
            get("/first?x=1");
            get("/nothing");
        }
        get("/first/tell");

        await().until(() -> ended.size() >= 2);
        assertThat(ended)
                .extracting(EndedCall::path, EndedCall::method, EndedCall::status)
                .containsExactly(tuple("first", "get", 200), tuple("first", "find", 405));
        assertThat(gateway.figures().responses()).hasSize(5);
        assertThat(gateway.figures().responses().get(1)).isPositive();
        assertThat(gateway.figures().connections()).isNotNegative();
    }

    @Test
    void whatTheTextIsMadeOfMayFail() throws Exception {
        Gateway failing =
                Gateway.on(mesh)
                        .port(0)
                        .metrics(
                                () -> {
                                    throw new StackOverflowError("as planned");
                                });
        try (OpenGateway open = failing.start();
                RawHttp http = new RawHttp(open.port())) {
            assertThat(http.ask("GET", "/metrics").answer().status()).isEqualTo(500);
            assertThat(http.ask("GET", "/health/live").answer().status()).isEqualTo(200);
        }
    }
}
