package io.tuli.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.command.Exit;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Services over HTTP from the terminal: {@code tuli gateway --expose todos}. */
@Tag("slow")
class GatewayCommandTest {

    private static final String MESH = "gateway-" + ProcessHandle.current().pid();
    private static final Pattern URL = Pattern.compile("\"url\":\"([^\"]+)\"");

    @TempDir private Path directory;

    private final HttpClient http = HttpClient.newHttpClient();

    private static String url(Serving gateway) {
        Matcher url = URL.matcher(gateway.out());
        assertThat(url.find()).as(gateway.out()).isTrue();
        return url.group(1);
    }

    private HttpResponse<String> ask(String method, String address, String body) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(address))
                        .header("Content-Type", "application/json")
                        .method(method, BodyPublishers.ofString(body))
                        .build();
        return http.send(request, BodyHandlers.ofString());
    }

    @Test
    void recordsAreMadeAndFoundOverHttpAndTheMemberLeavesWhenItIsTold() throws Exception {
        try (Serving gateway =
                Serving.logging(
                        directory,
                        "tuli.access",
                        "gateway",
                        "--expose",
                        "todos",
                        "--metrics",
                        "--records",
                        "--port",
                        "0",
                        "--mesh",
                        MESH,
                        "--json")) {
            String todos = url(gateway) + "/todos";

            HttpResponse<String> made = ask("POST", todos, "{\"id\":\"milk\",\"title\":\"buy\"}");
            assertThat(made.statusCode()).isEqualTo(201);
            assertThat(ask("GET", todos + "/milk", "").body()).contains("\"title\":\"buy\"");
            assertThat(ask("GET", todos + "?title=buy", "").body()).contains("milk");
            assertThat(ask("GET", url(gateway) + "/users", "").statusCode()).isEqualTo(404);
            assertThat(Ran.of("get", "todos", "milk", "--mesh", MESH).out()).contains("buy");

            assertThat(ask("GET", url(gateway) + "/metrics", "").body())
                    .contains(
                            "tuli_calls_seconds_count{outcome=\"ok\",service=\"todos\"}",
                            "tuli_gateway_calls_seconds_count{method=\"get\",path=\"todos\"",
                            "jvm_memory_used_bytes");
            gateway.awaitErr("GET /todos/:id 200");
            assertThat(gateway.err()).doesNotContain("milk", "title=buy");

            HttpRequest events =
                    HttpRequest.newBuilder(URI.create(todos))
                            .header("Accept", "text/event-stream")
                            .build();
            assertThat(http.send(events, BodyHandlers.ofLines()).statusCode()).isEqualTo(200);
            assertThat(gateway.terminate()).isZero();
            assertThat(gateway.err()).contains("leaving: draining", "left after");
        }
    }

    @Test
    void whatCannotBeIsToldBeforeAnythingIsBegun() {
        assertThat(Ran.of("gateway", "--mesh", MESH))
                .satisfies(
                        ran -> {
                            assertThat(ran.code()).isNotEqualTo(Exit.OK.code());
                            assertThat(ran.err()).contains("--expose todos,users");
                        });
        assertThat(Ran.of("gateway", "--expose", "a b", "--mesh", MESH).err())
                .contains("a service name is");
        assertThat(Ran.of("gateway", "--expose", "todos", "--port", "x", "--mesh", MESH).err())
                .contains("--port is 0..65535: x");
    }
}
