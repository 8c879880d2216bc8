package io.tuli.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tuli.Mesh;
import io.tuli.Resource;
import io.tuli.Service;
import io.tuli.node.Tuli;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A member that closes a service which its gateway exposes. */
class ClosedServiceTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    private final HttpClient client = HttpClient.newHttpClient();

    private static Service<?> serve(Mesh mesh, String name) {
        return mesh.serve(Resource.of("who").method("get", (message, context) -> name).config());
    }

    private String ask(OpenGateway gateway) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(gateway.url() + "/who/1")).build();
        var response = client.send(request, BodyHandlers.ofString());
        return response.statusCode() == 200 ? response.body() : response.statusCode() + "";
    }

    @Test
    @Tag("PT-14")
    void theGatewayGoesOnWithTheOthersAndKnowsItNoMoreWhenNobodyServesIt() throws Exception {
        String name = "closing-" + UUID.randomUUID();
        try (Mesh one = Tuli.join(name);
                Mesh two = Tuli.join(name);
                OpenGateway gateway = Gateway.on(one).port(0).expose("who").start()) {
            Service<?> here = serve(one, "here");
            Service<?> there = serve(two, "there");
            await().atMost(SOON).until(() -> ask(gateway).contains("here"));

            here.close();

            await().atMost(SOON).until(() -> ask(gateway).contains("there"));
            assertThat(ask(gateway)).contains("there");

            there.close();

            await().atMost(SOON).until(() -> ask(gateway).equals("404"));
            serve(one, "again");
            await().atMost(SOON).until(() -> ask(gateway).contains("again"));
        }
    }
}
