package io.tuli.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tuli.Mesh;
import io.tuli.Resource;
import io.tuli.node.Tuli;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A member that leaves, as when its process is told to end, has its gateway drained first. */
class DepartureTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    private final CountDownLatch hasBegun = new CountDownLatch(1);
    private final CountDownLatch mayEnd = new CountDownLatch(1);
    private final Mesh mesh = Tuli.join("leaving-" + UUID.randomUUID());

    private OpenGateway gateway() {
        mesh.serve(Resource.of("slow").method("get", (message, context) -> slow()).config());
        return Gateway.on(mesh).port(0).expose("slow").start();
    }

    private Object slow() throws InterruptedException {
        hasBegun.countDown();
        return mayEnd.await(SOON.toSeconds(), TimeUnit.SECONDS);
    }

    private CompletableFuture<HttpResponse<String>> ask(OpenGateway gateway) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(gateway.url() + "/slow/1")).build();
        return HttpClient.newHttpClient().sendAsync(request, BodyHandlers.ofString());
    }

    private void awaitNoMoreTaken(OpenGateway gateway) {
        await().atMost(SOON).until(() -> ask(gateway).handle((got, failed) -> got == null).join());
    }

    @Test
    void whatIsUnderWayIsAnsweredBeforeTheMemberIsGone() throws Exception {
        OpenGateway gateway = gateway();
        CompletableFuture<HttpResponse<String>> answer = ask(gateway);
        assertThat(hasBegun.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();

        Thread leaving = Thread.ofVirtual().start(mesh::close);
        awaitNoMoreTaken(gateway);
        mayEnd.countDown();

        assertThat(answer.get(SOON.toSeconds(), TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        assertThat(leaving.join(SOON)).isTrue();
        gateway.close();
        gateway.await();
    }

    @Test
    void whoClosesWhileAnotherDoesWaitsForIt() throws Exception {
        OpenGateway gateway = gateway();
        CompletableFuture<HttpResponse<String>> answer = ask(gateway);
        assertThat(hasBegun.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();

        Thread closing = Thread.ofVirtual().start(gateway::close);
        awaitNoMoreTaken(gateway);
        Thread leaving = Thread.ofVirtual().start(mesh::close);
        mayEnd.countDown();

        assertThat(answer.get(SOON.toSeconds(), TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        assertThat(closing.join(SOON)).isTrue();
        assertThat(leaving.join(SOON)).isTrue();
    }

    @Test
    void aGatewayWhoseMemberIsGoneClosesAllTheSame() {
        OpenGateway gateway = gateway();
        mesh.close(Duration.ZERO);

        gateway.close();
        assertThat(gateway.connections()).isZero();
    }
}
