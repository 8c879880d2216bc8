package io.tuli.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tuli.Mesh;
import io.tuli.Message;
import io.tuli.Refusal;
import io.tuli.Resource;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.node.Tuli;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What feathers-distributed does, and what it does wrong, at a gateway whose services are served by
 * another member (docs/behaviours.md).
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DistributionTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    private final HttpClient client = HttpClient.newHttpClient();
    private final AtomicInteger asked = new AtomicInteger();
    private Mesh front;
    private Mesh back;
    private OpenGateway gateway;
    private Service<Object> tasks;

    @BeforeAll
    void start() throws Exception {
        String name = "distribution-" + UUID.randomUUID();
        front = Tuli.join(name);
        back = Tuli.join(name);
        back.serve(tasks().config()).awaitSync(SOON);
        back.serve(
                Resource.of("words")
                        .method("get", (message, context) -> "word " + asked.incrementAndGet())
                        .config());
        gateway =
                Gateway.on(front)
                        .port(0)
                        .expose("tasks", "words", "brief")
                        .exposeAs("api/v1/jobs", "tasks")
                        .exposeAs("api/brief", "brief")
                        .hook(
                                "words",
                                call -> {
                                    if ("secret".equals(call.id())) {
                                        throw Refusal.forbidden("not for you");
                                    }
                                })
                        .start();
        tasks = front.use("tasks", Object.class);
        tasks.awaitSync(SOON);
        await().atMost(SOON).until(() -> ask("GET", "/words/first", "").statusCode() == 200);
    }

    /** Updates are for feeds alone; nobody removes anything. */
    private static Resource<Object> tasks() {
        return Resource.documents("tasks", Object.class)
                .heardBy((event, told) -> event.equals("updated") ? Set.of() : Set.of("everybody"))
                .method(
                        "say",
                        (message, context) -> {
                            context.event("said", message.body(), Set.of("everybody"));
                            return null;
                        })
                .without("remove");
    }

    @AfterAll
    void stop() {
        gateway.close();
        back.close();
        front.close();
    }

    private HttpResponse<String> ask(String method, String path, String body)
            throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create(gateway.url() + path))
                        .method(method, BodyPublishers.ofString(body))
                        .header("Content-Type", "application/json")
                        .build(),
                BodyHandlers.ofString());
    }

    private int status(String path) throws IOException, InterruptedException {
        return ask("GET", path, "").statusCode();
    }

    @Test
    @Tag("FD-22")
    @Tag("FD-23")
    @Tag("FD-24")
    void aServiceIsCalledAndHeardUnderAnotherPath() throws Exception {
        try (RawWebSocket witness = RawWebSocket.connected(gateway.port())) {
            HttpResponse<String> made = ask("POST", "/api/v1/jobs", "{\"id\":\"job\",\"n\":1}");

            assertThat(made.statusCode()).isEqualTo(201);
            assertThat(ask("GET", "/tasks/job", "").body()).isEqualTo(made.body());
            assertThat(tasks.state()).containsKey("job");
            List<String> heard = List.of(witness.readUntil("42["), witness.readUntil("42["));
            assertThat(heard)
                    .containsExactlyInAnyOrder(
                            "42[\"tasks created\",{\"id\":\"job\",\"n\":1}]",
                            "42[\"api/v1/jobs created\",{\"id\":\"job\",\"n\":1}]");
        }
    }

    @Test
    @Tag("CO-32")
    @Tag("FD-73")
    @Tag("FD-74")
    @Tag("FDX-1")
    @Tag("FDX-2")
    void aServiceGoesUnderAllItsPathsAndAloneAndComesBackUnderAll() throws Exception {
        Resource<Void> brief = Resource.of("brief").method("get", (message, context) -> "there");
        AtomicBoolean isOver = new AtomicBoolean();
        List<Integer> others = new CopyOnWriteArrayList<>();
        Thread asking = Thread.ofVirtual().start(() -> askOthers(isOver, others));
        try (RawWebSocket early = RawWebSocket.connected(gateway.port())) {
            for (int round = 0; round < 2; round++) {
                try (Mesh server = Tuli.join(front.name())) {
                    server.serve(brief.config());
                    await().atMost(SOON).until(() -> status("/brief/1") == 200);
                    assertThat(status("/api/brief/1")).isEqualTo(200);
                    early.send("427[\"get\",\"brief\",\"1\"]");
                    assertThat(early.readUntil("437")).isEqualTo("437[null,\"there\"]");
                }
                await().atMost(SOON).until(() -> status("/brief/1") == 404);
                assertThat(status("/api/brief/1")).isEqualTo(404);
            }
        }
        isOver.set(true);
        asking.join();

        assertThat(others).hasSizeGreaterThan(10).containsOnly(200);
    }

    private void askOthers(AtomicBoolean isOver, List<Integer> statuses) {
        try {
            while (!isOver.get()) {
                statuses.add(status("/words/other"));
                statuses.add(status("/api/v1/jobs"));
            }
        } catch (IOException | InterruptedException failed) {
            statuses.add(0);
        }
    }

    @Test
    @Tag("FDX-4")
    @Tag("FD-52")
    void whatAnEventTellsIsItsOwnWhateverItsFieldsAreCalled() throws Exception {
        String odd =
                "{\"id\":\"odd\",\"path\":\"words\",\"key\":\"k\",\"context\":{\"app\":1},"
                        + "\"event\":\"removed\",\"service\":\"words\",\"channels\":[]}";
        List<Object> told = new CopyOnWriteArrayList<>();
        try (RawWebSocket witness = RawWebSocket.connected(gateway.port());
                var feed =
                        tasks.feed()
                                .events()
                                .keys("odd")
                                .each(each -> told.add(each.event() + " " + each.value()))) {
            ask("POST", "/tasks", odd);
            assertThat(witness.readUntil("42[\"tasks "))
                    .isEqualTo("42[\"tasks created\"," + odd + "]");
            for (Object each : List.of("text", List.of(1, "two"), 7, true)) {
                tasks.key("odd").send(Message.of("say", each)).await();
            }
            assertThat(witness.readUntil("42[\"tasks ")).isEqualTo("42[\"tasks said\",\"text\"]");
            assertThat(witness.readUntil("42[\"tasks "))
                    .isEqualTo("42[\"tasks said\",[1,\"two\"]]");
            assertThat(witness.readUntil("42[\"tasks ")).isEqualTo("42[\"tasks said\",7]");
            assertThat(witness.readUntil("42[\"tasks ")).isEqualTo("42[\"tasks said\",true]");
            await().atMost(SOON).until(() -> told.size() == 5);
            assertThat(told.getFirst()).asString().startsWith("created {id=odd, path=words");
            assertThat(feed.ended().toCompletableFuture()).isNotDone();
        }
    }

    @Test
    @Tag("FD-43")
    @Tag("FDX-5")
    void aMethodThatIsLeftOutIsNotAllowedAtOnce() throws Exception {
        ask("POST", "/tasks", "{\"id\":\"kept\"}");
        long begun = System.nanoTime();

        assertThat(ask("DELETE", "/tasks/kept", "").statusCode()).isEqualTo(405);
        assertThat(tasks.key("kept").send(Message.of("remove")).reply())
                .failsWithin(SOON)
                .withThrowableThat()
                .withMessageContaining("405 method not allowed");

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
        assertThat(tasks.state()).containsKey("kept");
    }

    @Test
    @Tag("FD-38")
    @Tag("FD-47")
    void aHookOfTheGatewayRefusesWithoutAskingAndIsOfTheGatewayAlone() throws Exception {
        int before = asked.get();

        assertThat(status("/words/secret")).isEqualTo(403);

        assertThat(asked).hasValue(before);
        Service<Void> words = back.use(ServiceConfig.stateless("words"));
        assertThat(words.send(Message.of("get").key("secret")).await()).asString().contains("word");
    }

    @Test
    @Tag("FD-53")
    @Tag("FD-55")
    void anEventThatNoClientIsToHearReachesFeedsAlone() throws Exception {
        List<String> told = new CopyOnWriteArrayList<>();
        try (RawWebSocket witness = RawWebSocket.connected(gateway.port());
                var feed =
                        tasks.feed().events().keys("quiet").each(each -> told.add(each.event()))) {
            ask("POST", "/tasks", "{\"id\":\"quiet\"}");
            ask("PUT", "/tasks/quiet", "{\"n\":1}");
            ask("PATCH", "/tasks/quiet", "{\"n\":2}");

            assertThat(witness.readUntil("42[\"tasks ")).startsWith("42[\"tasks created\"");
            assertThat(witness.readUntil("42[\"tasks ")).startsWith("42[\"tasks patched\"");
            await().atMost(SOON).until(() -> told.size() == 3);
            assertThat(told).containsExactly("created", "updated", "patched");
            assertThat(feed.dropped()).isZero();
        }
    }

    @Test
    @Tag("FD-05")
    @Tag("FD-06")
    @Tag("FD-07")
    void whoExposesAndUsesServicesServesNone() {
        for (Mesh mesh : List.of(front, back)) {
            assertThat(mesh.services())
                    .allSatisfy(each -> assertThat(each.servers()).doesNotContain(front.self()))
                    .extracting(each -> Map.entry(each.name(), each.methods().isEmpty()))
                    .contains(Map.entry("tasks", false), Map.entry("words", false))
                    .noneMatch(each -> each.getKey().contains("health"));
        }
    }
}
