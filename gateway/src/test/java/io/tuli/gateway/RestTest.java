package io.tuli.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tuli.Mesh;
import io.tuli.Query;
import io.tuli.Refusal;
import io.tuli.Resource;
import io.tuli.ResourceContext;
import io.tuli.Service;
import io.tuli.http.RawHttp;
import io.tuli.node.Tuli;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Services over plain HTTP, as Feathers' REST clients use them (FD-18, FD-36..FD-45). */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RestTest {

    record Task(String title, int priority, boolean done) {}

    private final HttpClient client = HttpClient.newHttpClient();
    private final AtomicInteger made = new AtomicInteger();
    private final CountDownLatch cancelled = new CountDownLatch(1);
    private Mesh mesh;
    private OpenGateway gateway;

    @BeforeAll
    void start() {
        mesh = Tuli.join("rest-" + UUID.randomUUID());
        mesh.serve(Resource.documents("tasks", Task.class).config());
        mesh.serve(Resource.documents("area.places", Object.class).withoutPages().config());
        mesh.serve(echo().config());
        mesh.serve(Resource.of("faults").method("get", this::fault).config());
        mesh.serve(
                Resource.of("counted")
                        .method("create", (message, context) -> made.incrementAndGet())
                        .config());
        gateway =
                Gateway.on(mesh)
                        .port(0)
                        .expose("tasks", "area.places", "echo", "faults", "counted", "absent")
                        .exposeAs("api/v1/tasks", "tasks")
                        .many("tasks")
                        .headers("X-Kit")
                        .health("backend", "tasks", "echo")
                        .within(Duration.ofMillis(1_500))
                        .limits(GatewayLimits.DEFAULTS.callsInFlight(8))
                        .start();
    }

    @AfterAll
    void stop() {
        gateway.close();
        mesh.close();
    }

    private static Resource<Void> echo() {
        Resource<Void> echo = Resource.of("echo");
        for (String each : List.of("get", "create", "update", "patch", "remove", "shout")) {
            echo = echo.method(each, (message, context) -> seen(message, context));
        }
        return echo.method("find", (message, context) -> List.of(seen(message, context)));
    }

    private static Map<String, Object> seen(
            io.tuli.Message message, ResourceContext<Void> context) {
        Map<String, Object> seen = new LinkedHashMap<>();
        seen.put("method", context.method());
        context.id().ifPresent(id -> seen.put("id", id));
        Object data = message.body(Object.class);
        if (data != null) {
            seen.put("data", data);
        }
        seen.put("query", context.query().raw());
        seen.put("header", String.valueOf(message.headers().get("x-kit")));
        seen.put("provider", String.valueOf(message.headers().get("provider")));
        return seen;
    }

    private Object fault(io.tuli.Message message, ResourceContext<Void> context) throws Exception {
        String id = context.id().orElseThrow();
        if (id.equals("cancelled")) {
            await().until(context::isCancelled);
            cancelled.countDown();
        }
        return switch (id) {
            case "plain" -> throw new IllegalStateException("plain failure");
            case "nothing", "cancelled" -> null;
            case "never" -> new CompletableFuture<>();
            case "error" -> throw new AssertionError("as planned");
            default ->
                    throw Refusal.of(Integer.parseInt(id), "asked for " + id)
                            .data(Map.of("asked", true))
                            .errors(Map.of("title", "is wrong"));
        };
    }

    private HttpResponse<String> ask(String method, String path, String body, String... headers)
            throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(gateway.url() + path))
                        .method(
                                method,
                                body.isEmpty()
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        } else if (!body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path) throws Exception {
        return ask("GET", path, "");
    }

    // ---- documents -----------------------------------------------------------------------------

    @Test
    void sixMethodsAnswerTheRecord() throws Exception {
        String one = "{\"title\":\"one\",\"priority\":1,\"done\":false}";
        assertThat(ask("POST", "/tasks/ignored", one.replace("{", "{\"id\":\"six\",")))
                .satisfies(
                        made -> {
                            assertThat(made.statusCode()).isEqualTo(201);
                            assertThat(made.body()).isEqualTo(one.replace("{", "{\"id\":\"six\","));
                            assertThat(made.headers().firstValue("content-type"))
                                    .hasValue("application/json; charset=utf-8");
                        });
        assertThat(get("/tasks/six").body()).isEqualTo(one.replace("{", "{\"id\":\"six\","));
        assertThat(ask("PATCH", "/tasks/six", "{\"priority\":2}").body())
                .contains("\"priority\":2");
        HttpResponse<String> put = ask("PUT", "/tasks/six", "{\"title\":\"two\"}");
        assertThat(put.statusCode()).isEqualTo(200);
        assertThat(put.body()).contains("\"two\"").doesNotContain("\"priority\":2");
        assertThat(ask("DELETE", "/tasks/six", "").body()).contains("\"two\"");
        assertThat(get("/tasks/six").statusCode()).isEqualTo(404);
        assertThat(ask("PUT", "/tasks/six", "{}").statusCode()).isEqualTo(404);
        assertThat(get("/api/v1/tasks/six").statusCode()).isEqualTo(404);
    }

    @Test
    void queryOfTextsFindsNumbersAndTruths() throws Exception {
        for (int at = 1; at <= 5; at++) {
            ask(
                    "POST",
                    "/tasks",
                    "{\"title\":\"typed\",\"priority\":" + at + ",\"done\":" + (at > 3) + "}");
        }
        assertThat(get("/tasks?title=typed&priority=3").body()).contains("\"total\":1");
        assertThat(get("/tasks?title=typed&done=true").body()).contains("\"total\":2");
        assertThat(get("/tasks?title=typed&priority[$gte]=2&priority[$lt]=5").body())
                .contains("\"total\":3");
        assertThat(get("/tasks?title=typed&priority[$in][]=1&priority[$in][]=5").body())
                .contains("\"total\":2");
        assertThat(get("/tasks?title=typed&$sort[priority]=-1&$limit=1&$select[]=priority").body())
                .contains("\"total\":5", "\"limit\":1", "\"priority\":5")
                .doesNotContain("\"title\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$where=true",
                "title[$frobnicate]=1",
                "$limit=many",
                "$limit=-1",
                "$skip=-1",
                "$sort[title]=up",
                "a=1&a[b]=2"
            })
    void queryThatBreaksARuleIsABadRequest(String query) throws Exception {
        HttpResponse<String> answer =
                get("/tasks?" + query.replace("[", "%5B").replace("]", "%5D"));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("\"className\":\"bad-request\"");
    }

    @Test
    void pathOfSeveralNamesIsAServiceAndIdsMayBeAnything() throws Exception {
        assertThat(ask("POST", "/area/places", "{\"id\":\"ä/b 100%\"}").statusCode())
                .isEqualTo(201);
        assertThat(get("/area/places/%C3%A4%2Fb%20100%25").body()).contains("ä/b 100%");
        assertThat(get("/area/places").body()).startsWith("[{");
        assertThat(get("/area/places/%C3%28").statusCode()).isEqualTo(400);
        assertThat(ask("PATCH", "/area/places", "{}").statusCode()).isEqualTo(405);
        assertThat(ask("DELETE", "/area/places", "").statusCode()).isEqualTo(405);
        assertThat(ask("POST", "/area/places", "[{},{}]").statusCode()).isEqualTo(405);
        assertThat(ask("PUT", "/area/places", "{}").statusCode()).isEqualTo(400);
    }

    @Test
    void severalAreCreatedPatchedAndRemovedAtOnceWhereThatWasSaid() throws Exception {
        HttpResponse<String> all =
                ask("POST", "/tasks", "[{\"title\":\"many\"},{\"title\":\"many\"}]");
        assertThat(all.statusCode()).isEqualTo(201);
        assertThat(all.body()).startsWith("[{\"id\":").contains("},{\"id\":");

        assertThat(ask("PATCH", "/tasks?title=many", "{\"priority\":9}").body())
                .matches("\\[\\{.*\"priority\":9.*},\\{.*\"priority\":9.*}]");
        assertThat(ask("DELETE", "/tasks?title=many&priority=9", "").body()).startsWith("[{");
        assertThat(get("/tasks?title=many").body()).contains("\"total\":0");
        assertThat(ask("DELETE", "/tasks?title=none", "").body()).isEqualTo("[]");
        assertThat(ask("POST", "/tasks", "[" + "{},".repeat(1_000) + "{}]").statusCode())
                .isEqualTo(400);
    }

    @Test
    void recordThatIsWrittenIsFoundAtOnceByItsWriter() throws Exception {
        for (int at = 0; at < 30; at++) {
            String title = "written" + at;
            ask("POST", "/tasks", "{\"title\":\"" + title + "\"}");
            assertThat(get("/tasks?title=" + title).body()).contains("\"total\":1");
        }
    }

    // ---- what services see ---------------------------------------------------------------------

    @Test
    void whatWasAskedReachesTheService() throws Exception {
        assertThat(
                        ask("GET", "/echo/1?a=b&provider=x", "", "X-Kit", "value", "X-Other", "no")
                                .body())
                .isEqualTo(
                        "{\"method\":\"get\",\"id\":\"1\","
                                + "\"query\":{\"a\":\"b\","
                                + "\"provider\":\"x\"},"
                                + "\"header\":\"value\",\"provider\":\"rest\"}");
        assertThat(ask("POST", "/echo", "", "X-Service-Method", "shout").body())
                .contains("\"method\":\"shout\"", "\"data\":{}");
        assertThat(get("/echo/a%2Fb?x[y][0]=1".replace("[", "%5B").replace("]", "%5D")).body())
                .contains("\"id\":\"a/b\"", "\"x\":{\"y\":[\"1\"]}");
        assertThat(
                        ask(
                                        "POST",
                                        "/echo",
                                        "title=a%20b&n=1",
                                        "Content-Type",
                                        "application/x-www-form-urlencoded")
                                .body())
                .contains("\"data\":{\"title\":\"a b\",\"n\":\"1\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nope",
                "create",
                "find",
                "toString",
                "__proto__",
                "$read",
                "$report",
                "a b"
            })
    void methodThatIsNoneOfTheServicesOwnIsNotAllowed(String method) throws Exception {
        assertThat(ask("POST", "/echo", "{}", "X-Service-Method", method).statusCode())
                .isEqualTo(405);
    }

    @ParameterizedTest
    @CsvSource({
        "text/plain, hello, 415",
        "application/xml, <a/>, 415",
        "application/json, '{bad', 400",
        "application/json, '', 201",
        "application/json, '{\"a\":1}{', 400",
        "application/json; charset=latin1, '{}', 415",
        "application/vnd.api+json, '{}', 201",
        "application/json;charset=UTF-8, '[[[[]]]]', 201"
    })
    void bodyIsJsonOrAForm(String type, String body, int status) throws Exception {
        HttpResponse<String> answer = ask("POST", "/echo", body, "Content-Type", type);

        assertThat(answer.statusCode()).isEqualTo(status);
    }

    @Test
    void bodyThatNestsTooDeepOrIsCompressedIsRefused() throws Exception {
        assertThat(ask("POST", "/echo", "[".repeat(5_000) + "]".repeat(5_000)).statusCode())
                .isEqualTo(400);
        assertThat(
                        ask(
                                        "POST",
                                        "/echo",
                                        "{}",
                                        "Content-Type",
                                        "application/json",
                                        "Content-Encoding",
                                        "gzip")
                                .statusCode())
                .isEqualTo(415);
    }

    @ParameterizedTest
    @CsvSource({
        "'text/html,application/xhtml+xml,application/xml;q=0.9', 200",
        "application/json, 200",
        "'*/*', 200",
        "application/xml, 406",
        "'application/json;q=0', 406",
        "image/png, 406"
    })
    void answerIsJsonForWhoTakesIt(String accept, int status) throws Exception {
        assertThat(ask("GET", "/echo/1", "", "Accept", accept).statusCode()).isEqualTo(status);
    }

    // ---- failures ------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(
            ints = {
                400, 401, 402, 403, 404, 405, 406, 408, 409, 410, 411, 422, 429, 500, 501, 502, 503
            })
    void refusalKeepsCodeNameMessageDataAndErrors(int code) throws Exception {
        HttpResponse<String> answer = get("/faults/" + code);

        assertThat(answer.statusCode()).isEqualTo(code);
        assertThat(answer.body())
                .startsWith("{\"name\":\"" + Refusal.of(code, "").name() + "\"")
                .contains(
                        "\"message\":\"asked for " + code + "\"",
                        "\"code\":" + code,
                        "\"data\":{\"asked\":true}",
                        "\"errors\":{\"title\":\"is wrong\"}");
        assertThat(answer.headers().firstValue("retry-after").isPresent())
                .isEqualTo(code == 503 || code == 429);
    }

    @Test
    void otherFailuresShowNoStackAndNothingIsNoContent() throws Exception {
        for (String each : List.of("plain", "error")) {
            HttpResponse<String> answer = get("/faults/" + each);
            assertThat(answer.statusCode()).isEqualTo(500);
            assertThat(answer.body())
                    .contains("\"className\":\"general-error\"")
                    .doesNotContain("RestTest", ".java");
        }
        HttpResponse<String> nothing = get("/faults/nothing");
        assertThat(nothing.statusCode()).isEqualTo(204);
        assertThat(nothing.body()).isEmpty();
        assertThat(get("/faults/418").statusCode()).isEqualTo(500);
    }

    @Test
    void callThatIsNeverAnsweredIsATimeout() throws Exception {
        HttpResponse<String> answer = get("/faults/never");

        assertThat(answer.statusCode()).isEqualTo(408);
        assertThat(answer.body()).contains("\"name\":\"Timeout\"", "\"className\":\"timeout\"");
    }

    @Test
    void pathOfNoServiceAndServiceThatNobodyServesAreNotFoundAtOnce() throws Exception {
        for (String each : List.of("/", "/none", "/tasks/1/2", "/absent", "/absent/1")) {
            assertThat(get(each).statusCode()).as(each).isEqualTo(404);
        }
        assertThat(get("/none").body()).contains("Page not found");
        assertThat(ask("TRACE", "/tasks", "").statusCode()).isEqualTo(405);
    }

    @Test
    void clientThatGoesCancelsItsCall() throws Exception {
        try (RawHttp raw = new RawHttp(gateway.port())) {
            raw.ask("GET", "/faults/cancelled");
        }
        assertThat(cancelled.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void requestWithTheSameIdempotencyKeyIsExecutedOnceOnDocuments() throws Exception {
        String[] key = {"Idempotency-Key", "k1", "Content-Type", "application/json"};
        HttpResponse<String> first = ask("POST", "/tasks", "{\"title\":\"once\"}", key);
        HttpResponse<String> again = ask("POST", "/tasks", "{\"title\":\"once\"}", key);

        assertThat(again.statusCode()).isEqualTo(201);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(get("/tasks?title=once").body()).contains("\"total\":1");
        assertThat(ask("POST", "/tasks", "{\"title\":\"other\"}", key).statusCode()).isEqualTo(409);
    }

    // ---- services that come and go -------------------------------------------------------------

    @Test
    void serviceThatComesIsThereAndOneThatGoesIsNotFound() throws Exception {
        try (OpenGateway late = Gateway.on(mesh).port(0).expose("late").start()) {
            URI uri = URI.create(late.url() + "/late/1");
            HttpRequest request = HttpRequest.newBuilder(uri).build();
            assertThat(client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(404);
            try (Mesh other = Tuli.join(mesh.name())) {
                other.serve(
                        Resource.of("late").method("get", (message, context) -> "late").config());
                await().until(
                                () ->
                                        client.send(request, BodyHandlers.ofString()).statusCode()
                                                == 200);
            }
            await().until(() -> client.send(request, BodyHandlers.ofString()).statusCode() == 404);
        }
    }

    @Test
    void healthSaysWhoAnswers() throws Exception {
        assertThat(get("/distribution/healthcheck/backend").body())
                .isEqualTo("{\"api/v1/tasks\":true,\"echo\":true,\"tasks\":true}");
        assertThat(get("/distribution/healthcheck/backend/").statusCode()).isEqualTo(200);
        assertThat(get("/distribution/healthcheck/echo").body()).isEqualTo("{\"echo\":true}");
        assertThat(get("/distribution/healthcheck").body())
                .contains("echo")
                .doesNotContain("fault");
        assertThat(get("/distribution/healthcheck/none").statusCode()).isEqualTo(404);
        assertThat(get("/distribution/healthcheck/absent").statusCode()).isEqualTo(404);
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
        assertThat(get("/health/ready").body()).isEqualTo("{\"ready\":true}");
        assertThat(ask("POST", "/health/ready", "").statusCode()).isEqualTo(405);
    }

    @Test
    void whatIsUnderWayEndsBeforeTheGatewayDoesAndNothingNewComes() throws Exception {
        CompletableFuture<HttpResponse<String>> slow;
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        mesh.serve(
                Resource.of("slow")
                        .method(
                                "get",
                                (message, context) -> {
                                    arrived.countDown();
                                    goOn.await();
                                    return "slow";
                                })
                        .config());
        OpenGateway closing = Gateway.on(mesh).port(0).expose("slow").start();
        slow =
                client.sendAsync(
                        HttpRequest.newBuilder(URI.create(closing.url() + "/slow/1")).build(),
                        BodyHandlers.ofString());
        assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();
        Thread ending = Thread.ofVirtual().start(closing::close);
        await().until(
                        () -> {
                            try (RawHttp raw = new RawHttp(closing.port())) {
                                return raw.isEnded();
                            } catch (java.io.IOException refused) {
                                return true;
                            }
                        });
        goOn.countDown();

        assertThat(slow.get(10, TimeUnit.SECONDS).body()).isEqualTo("\"slow\"");
        ending.join();
        assertThat(closing.connections()).isZero();
    }

    @Test
    void twoGatewaysOfOneMemberShareNothingButTheMember() throws Exception {
        Service<Object> tasks = mesh.use("tasks", Object.class);
        try (OpenGateway other = Gateway.on(mesh).port(0).expose("tasks").start()) {
            assertThat(other.port()).isNotEqualTo(gateway.port());
        }
        assertThat(get("/tasks").statusCode()).isEqualTo(200);
        assertThat(tasks.find(Query.all(), Map.class)).isNotNull();
    }
}
