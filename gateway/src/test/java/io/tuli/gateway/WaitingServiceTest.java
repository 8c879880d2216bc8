package io.tuli.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Mesh;
import io.tuli.ServiceConfig;
import io.tuli.node.Tuli;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A durable service whose servers are not all there yet, as a gateway has it. */
@Timeout(60)
class WaitingServiceTest {

    @TempDir Path directory;

    @Test
    void healthSaysThatAServiceWaitsAndForWhom() throws Exception {
        try (HttpClient client = HttpClient.newHttpClient();
                Mesh mesh =
                        Tuli.mesh("waiting-" + UUID.randomUUID())
                                .data(directory)
                                .settings(Map.of("members.expected", "2"))
                                .join()) {
            mesh.serve(ServiceConfig.of("orders", Integer.class).durable());
            try (OpenGateway gateway = Gateway.on(mesh).port(0).expose("orders").start()) {
                URI health =
                        URI.create(
                                "http://127.0.0.1:"
                                        + gateway.port()
                                        + "/distribution/healthcheck/orders");
                HttpResponse<String> answer =
                        client.send(
                                HttpRequest.newBuilder(health).build(), BodyHandlers.ofString());

                assertThat(answer.statusCode()).isEqualTo(503);
                assertThat(answer.body())
                        .contains("\"data\":{\"orders\":\"waiting\"}", "; orders: ");
            }
            mesh.close(Duration.ZERO);
        }
    }
}
