package io.tuli.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Mesh;
import io.tuli.Resource;
import io.tuli.node.Tuli;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A service of the mesh, asked over HTTP. */
class GatewayTest {

    record Todo(String title, boolean done) {}

    private final HttpClient client = HttpClient.newHttpClient();

    private HttpResponse<String> ask(OpenGateway gateway, String method, String path, String body)
            throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create(gateway.url() + path))
                        .method(method, BodyPublishers.ofString(body))
                        .header("Content-Type", "application/json")
                        .build(),
                BodyHandlers.ofString());
    }

    @Test
    void recordIsCreatedAndReadAndNothingIsExposedThatWasNotNamed() throws Exception {
        try (Mesh mesh = Tuli.join("gateway-" + UUID.randomUUID())) {
            mesh.serve(Resource.documents("todos", Todo.class).config());
            mesh.serve(Resource.documents("secrets", Todo.class).config());
            try (OpenGateway gateway = Gateway.on(mesh).port(0).expose("todos").start()) {
                HttpResponse<String> made =
                        ask(gateway, "POST", "/todos", "{\"id\":\"milk\",\"title\":\"buy milk\"}");
                assertThat(made.statusCode()).isEqualTo(201);
                assertThat(made.body()).isEqualTo("{\"id\":\"milk\",\"title\":\"buy milk\"}");

                HttpResponse<String> read = ask(gateway, "GET", "/todos/milk", "");
                assertThat(read.statusCode()).isEqualTo(200);
                assertThat(read.body()).isEqualTo(made.body());

                assertThat(ask(gateway, "GET", "/todos/tea", "").statusCode()).isEqualTo(404);
                assertThat(ask(gateway, "GET", "/secrets/tea", "").statusCode()).isEqualTo(404);
            }
        }
    }
}
