package io.tuli.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuli.Mesh;
import io.tuli.Message;
import io.tuli.Resource;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.http.RawHttp;
import io.tuli.node.Tuli;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the console tells, and to whom. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsoleTest {

    private static final int KEYS = 10_000;
    private static final int BURST = 200;
    private static final String HOSTILE = "<img src=x onerror=alert(1)>\"'\\\u2028";
    private static final JsonMapper JSON = new JsonMapper();

    private Mesh mesh;
    private Mesh other;
    private Service<Object> todos;
    private OpenGateway gateway;
    private OpenGateway without;

    @BeforeAll
    void start() {
        String name = "console-" + UUID.randomUUID();
        mesh = Tuli.mesh(name).name("first").join();
        other = Tuli.mesh(name).name("second").join();
        todos = mesh.serve(Resource.documents("todos", Object.class).config().partitions(4));
        other.serve(ServiceConfig.of("elsewhere", Object.class));
        List<CompletableFuture<?>> made = new ArrayList<>();
        for (int at = 0; at < KEYS; at++) {
            create(Map.of("id", "key-%05d".formatted(at), "n", Long.MAX_VALUE), made);
            if (made.size() == BURST) {
                CompletableFuture.allOf(made.toArray(CompletableFuture[]::new)).join();
                made.clear();
            }
        }
        create(Map.of("id", HOSTILE, "text", HOSTILE), made);
        CompletableFuture.allOf(made.toArray(CompletableFuture[]::new)).join();
        gateway = Gateway.on(mesh).port(0).expose("todos").console().start();
        without = Gateway.on(mesh).port(0).expose("todos").start();
    }

    private void create(Map<String, Object> todo, List<CompletableFuture<?>> made) {
        made.add(todos.send(Message.of("create", todo)).reply().toCompletableFuture());
    }

    @AfterAll
    void close() {
        without.close();
        gateway.close();
        other.close();
        mesh.close();
    }

    private RawHttp.Answer ask(String method, String target, String... headers) throws IOException {
        try (RawHttp http = new RawHttp(gateway.port())) {
            return http.ask(method, target, headers).answer(!method.equals("HEAD"));
        }
    }

    private JsonNode json(String target) throws IOException {
        RawHttp.Answer answer = ask("GET", "/console/api/" + target);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    /** A request as it is written, for heads that {@link RawHttp#ask} would not write. */
    private int raw(String target, String... lines) throws IOException {
        try (RawHttp http = new RawHttp(gateway.port())) {
            return http.write(
                            "GET "
                                    + target
                                    + " HTTP/1.1\r\n"
                                    + String.join("\r\n", lines)
                                    + "\r\n\r\n")
                    .answer()
                    .status();
        }
    }

    // ---- who may see it ------------------------------------------------------------------------

    @Test
    void itIsNotThereUnlessItIsAskedFor() throws Exception {
        try (RawHttp http = new RawHttp(without.port())) {
            assertThat(http.ask("GET", "/console/").answer().status()).isEqualTo(404);
            assertThat(http.ask("GET", "/console/api/state").answer().status()).isEqualTo(404);
        }
    }

    @Test
    void whereOthersReachTheGatewayThereIsNone() {
        assertThatThrownBy(
                        () ->
                                Gateway.on(mesh)
                                        .port(0)
                                        .host("0.0.0.0")
                                        .openToAll()
                                        .console()
                                        .start())
                .hasMessageContaining("a console is for people at its machine");
    }

    @Test
    void aPageOfAStrangerReadsNothingOfIt() throws Exception {
        String host = "Host: 127.0.0.1:" + gateway.port();
        String own = "Origin: http://127.0.0.1:" + gateway.port();
        List<String> targets =
                List.of("/console/api/state", "/console/api/keys?service=todos", "/console/");
        for (String target : targets) {
            assertThat(raw(target, host)).isEqualTo(200);
            assertThat(raw(target, host, own, "Sec-Fetch-Site: same-origin")).isEqualTo(200);
            assertThat(raw(target, "Host: localhost")).isEqualTo(200);
            assertThat(raw(target, "Host: [::1]:80")).isEqualTo(200);
            for (String wrong :
                    List.of(
                            "Host: stranger.example", // whose name now means this machine
                            "Host: 127.0.0.1.stranger.example:80",
                            "Host: localhost.stranger.example",
                            "Host: 1270.0.0.1",
                            "Host: ",
                            host + "\r\nOrigin: http://stranger.example",
                            host + "\r\nOrigin: null",
                            host + "\r\nOrigin: http://localhost:" + gateway.port(),
                            host + "\r\n" + own + "\r\nOrigin: http://stranger.example",
                            host + "\r\nX-Forwarded-For: 10.0.0.7",
                            host + "\r\nVia: 1.1 proxy")) {
                assertThat(raw(target, wrong)).as(target + " " + wrong).isEqualTo(403);
            }
        }
        assertThat(raw("/console/api/state", host, "Sec-Fetch-Site: cross-site")).isEqualTo(403);
        assertThat(raw("/console/api/stream", host, "Sec-Fetch-Site: same-site")).isEqualTo(403);
        RawHttp.Answer answer = ask("GET", "/console/api/state");
        assertThat(answer.header("access-control-allow-origin")).isEmpty();
        assertThat(answer.header("cross-origin-resource-policy")).isEqualTo("same-origin");
    }

    @Test
    void itChangesNothing() throws Exception {
        for (String method : List.of("POST", "PUT", "PATCH", "DELETE")) {
            assertThat(ask(method, "/console/api/document?service=todos&key=key-00001").status())
                    .as(method)
                    .isEqualTo(405);
        }
    }

    // ---- its page ------------------------------------------------------------------------------

    @Test
    void itsPageIsSmallAndMayLoadNothingFromElsewhere() throws Exception {
        assertThat(ask("GET", "/console").header("location")).isEqualTo("/console/");
        String page = ask("GET", "/console/").body();
        Matcher named = Pattern.compile("(?:src|href)=\"([^\"#]+)\"").matcher(page);
        List<String> files = new ArrayList<>(List.of(""));
        while (named.find()) {
            files.add(named.group(1));
        }
        files.addAll(List.of("dom.js", "ring.js", "graph.js", "tables.js", "keys.js"));
        int bytes = 0;
        for (String each : files) {
            RawHttp.Answer file = ask("GET", "/console/" + each);
            assertThat(file.status()).as(each).isEqualTo(200);
            assertThat(file.header("content-security-policy"))
                    .contains("default-src 'none'", "frame-ancestors 'none'", "trusted-types")
                    .doesNotContain("unsafe", "*");
            assertThat(file.body())
                    .as(each)
                    .doesNotContain("innerHTML", "https://", "eval(", "style=\"", "onclick=\"");
            bytes += file.body().length();
        }
        assertThat(bytes).isLessThan(100_000);
        assertThat(ask("GET", "/console/../etc/passwd").status()).isIn(400, 404);
        assertThat(ask("GET", "/console/ConsoleFiles.class").status()).isEqualTo(404);
    }

    // ---- what it tells -------------------------------------------------------------------------

    @Test
    void theStateAndTheRingSayWhoServesWhat() throws Exception {
        Awaitility.await().until(() -> keysOf(json("state"), "todos") > KEYS);
        JsonNode state = json("state");
        JsonNode ring = json("ring?service=todos");

        assertThat(state.get("members")).hasSize(2);
        assertThat(state.get("services").toString())
                .contains("\"name\":\"elsewhere\"")
                .doesNotContain("\"replicas\":0,\"commits\":0");
        assertThat(ring.get("partitions")).hasSize(4);
        assertThat(ring.get("members").get(ring.at("/partitions/0/0").asInt()).asString())
                .isEqualTo(mesh.self().id().toString());
    }

    /** None where no member has answered in time. */
    private static long keysOf(JsonNode state, String name) {
        long keys = 0;
        for (JsonNode service : state.get("services")) {
            if (service.get("name").asString().equals(name)) {
                keys = service.at("/rows/0/keys").asLong();
            }
        }
        return keys;
    }

    @Test
    void tenThousandKeysAreShownAFewAtATime() throws Exception {
        JsonNode first = json("keys?service=todos&prefix=key-0&limit=3");
        JsonNode next = json("keys?service=todos&prefix=key-&after=key-00002&limit=3");

        assertThat(first.get("matching").asInt()).isEqualTo(KEYS);
        assertThat(first.get("keys").toString())
                .isEqualTo("[\"key-00000\",\"key-00001\",\"key-00002\"]");
        assertThat(next.get("keys").toString())
                .isEqualTo("[\"key-00003\",\"key-00004\",\"key-00005\"]");
        assertThat(json("keys?service=todos&limit=500").get("keys")).hasSize(500);
        assertThat(json("keys?service=todos&prefix=no").get("keys")).isEmpty();
    }

    @Test
    void aDocumentIsToldAsItIsWrittenWhateverItsKey() throws Exception {
        JsonNode number = json("document?service=todos&key=key-00007");
        String key = URLEncoder.encode(HOSTILE, StandardCharsets.UTF_8);
        JsonNode hostile = json("document?service=todos&key=" + key);

        assertThat(number.get("text").asString()).isEqualTo("{\"n\":9223372036854775807}");
        assertThat(number.get("version").asString()).matches("\\d+:\\d+");
        assertThat(hostile.get("key").asString()).isEqualTo(HOSTILE);
        assertThat(JSON.readTree(hostile.get("text").asString()).get("text").asString())
                .isEqualTo(HOSTILE);
        assertThat(json("document?service=todos&key=none").get("exists").asBoolean()).isFalse();
    }

    @Test
    void whatCannotBeToldIsRefusedAndBeginsNoReplica() throws Exception {
        assertThat(ask("GET", "/console/api/keys?service=nobody").status()).isEqualTo(404);
        assertThat(ask("GET", "/console/api/keys?service=elsewhere").body())
                .contains("no replica of it, and begins none");
        assertThat(ask("GET", "/console/api/document?service=todos").status()).isEqualTo(400);
        for (String odd :
                List.of("limit=501", "limit=-1", "limit=x", "limit=99999999999", "prefix=%zz")) {
            assertThat(ask("GET", "/console/api/keys?service=todos&" + odd).status())
                    .as(odd)
                    .isEqualTo(400);
        }
        assertThat(ask("GET", "/console/api/stream?service=%zz").status()).isEqualTo(400);
        assertThat(ask("GET", "/console/api/none").status()).isEqualTo(404);
        assertThat(ask("GET", "/console/api/keys?" + "a=b&".repeat(100)).status()).isEqualTo(404);
    }

    @Test
    void aStreamTellsTheStateEventsAndChangesAndGoesOnWhereItEnded() throws Exception {
        mesh.serve(Resource.of("appears").method("find", (message, context) -> 1).config());
        Awaitility.await().until(() -> !json("events").get("events").isEmpty());
        try (RawHttp http = new RawHttp(gateway.port())) {
            String seen = follow(http, "service=todos&tail=todos&prefix=key-", "key-new");

            assertThat(seen)
                    .contains("event: mesh", "event: state", "\"ring\":", "event: change")
                    .doesNotContain("event: refused");
        }
        int newest = json("events").at("/events").size();
        try (RawHttp http = new RawHttp(gateway.port())) {
            String again = follow(http, "service=none", "event: state", "Last-Event-ID: " + newest);

            assertThat(again).as("nothing is told twice").doesNotContain("event: mesh");
        }
    }

    private String follow(RawHttp http, String query, String until, String... headers)
            throws IOException {
        http.ask("GET", "/console/api/stream?" + query, headers);
        StringBuilder seen = new StringBuilder();
        while (seen.indexOf(until) < 0) {
            seen.append(http.line()).append('\n');
            String id = "key-new-" + UUID.randomUUID();
            todos.send(Message.of("create", Map.of("id", id))).await();
        }
        return seen.toString();
    }

    @Test
    void asManyFollowAsMayAndWhoLeavesMakesRoom() throws Exception {
        List<RawHttp> followers = new ArrayList<>();
        try {
            for (int at = 0; at < 32; at++) {
                RawHttp http = new RawHttp(gateway.port());
                followers.add(http);
                http.ask("GET", "/console/api/stream?service=todos");
                assertThat(http.line()).startsWith("HTTP/1.1 ");
            }
            Awaitility.await().until(() -> ask("GET", "/console/api/stream").status() == 503);
            followers.removeFirst().close();
            Awaitility.await()
                    .until(
                            () -> {
                                try (RawHttp http = new RawHttp(gateway.port())) {
                                    http.ask("GET", "/console/api/stream");
                                    return http.line().startsWith("HTTP/1.1 200");
                                }
                            });
        } finally {
            for (RawHttp each : followers) {
                each.close();
            }
        }
    }
}
