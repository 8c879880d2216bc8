package io.tuli.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tuli.Mesh;
import io.tuli.Message;
import io.tuli.Position;
import io.tuli.Resource;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import io.tuli.gateway.Gateway;
import io.tuli.gateway.OpenGateway;
import io.tuli.node.Tuli;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What a member and its gateway do, as meters of Micrometer (15.6). */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MeshMetricsTest {

    private static final Duration OFTEN = Duration.ofMillis(50);

    private final CountDownLatch release = new CountDownLatch(1);
    private Mesh mesh;
    private Service<Object> orders;

    @BeforeAll
    void start() {
        mesh =
                Tuli.mesh("metrics-" + UUID.randomUUID())
                        .settings(Map.of("loop.stuck", "200ms"))
                        .join();
        orders =
                mesh.serve(
                        ServiceConfig.of("orders", Object.class)
                                .inline("hold")
                                .handler(
                                        (message, turn) -> {
                                            if (message.verb().equals("hold")) {
                                                release.await();
                                            }
                                            return turn.pass();
                                        }));
        mesh.serve(Resource.documents("todos", Object.class).config());
    }

    @AfterAll
    void stop() {
        release.countDown();
        mesh.close();
    }

    private static double value(SimpleMeterRegistry registry, String name, String... tags) {
        return registry.get(name).tags(tags).gauge().value();
    }

    private static long calls(SimpleMeterRegistry registry, String outcome) {
        var timer =
                registry.find("tuli.calls").tags("service", "orders", "outcome", outcome).timer();
        return timer == null ? 0 : timer.count();
    }

    @Test
    void callsAreTimedByServiceAndByHowTheyEnd() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        orders.update("before", Map.of()).reply().join();
        try (MeshMetrics metrics = MeshMetrics.of(mesh, OFTEN)) {
            metrics.bindTo(registry);
            orders.update("a", Map.of("n", 1)).reply().join();
            orders.update("b", Map.of("n", 1)).reply().join();
            assertThatThrownBy(
                            () ->
                                    orders.send(Message.of("add", Map.of()).key("a").ifAbsent())
                                            .await())
                    .isInstanceOf(TuliException.class);

            await().until(() -> calls(registry, "ok") == 2 && calls(registry, "conflict") == 1);
            assertThat(
                            registry.get("tuli.calls")
                                    .tags("outcome", "ok")
                                    .timer()
                                    .max(TimeUnit.NANOSECONDS))
                    .isPositive();
        }
        orders.update("after", Map.of()).reply().join();

        assertThat(registry.getMeters()).as("all of ours have left").isEmpty();
    }

    @Test
    void partitionsKeysMembersAndLinksAreShownAndAServiceThatIsClosedLeaves() throws Exception {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        Service<Object> passing = mesh.serve("passing", Object.class);
        passing.update("a", Map.of()).reply().join();
        try (MeshMetrics metrics = MeshMetrics.of(mesh, OFTEN)) {
            metrics.bindTo(registry);
            await().until(() -> registry.find("tuli.service.keys").gauge() != null);

            assertThat(value(registry, "tuli.service.owned", "service", "passing")).isEqualTo(256);
            assertThat(value(registry, "tuli.service.keys", "service", "passing")).isOne();
            assertThat(value(registry, "tuli.service.committed", "service", "passing"))
                    .isPositive();
            assertThat(value(registry, "tuli.service.lag", "service", "passing")).isZero();
            passing.feed()
                    .from(Position.start())
                    .consumer("mailer")
                    .each(delivery -> delivery.reject("no"));
            await().until(() -> registry.find("tuli.group.rejected").gauge() != null);
            await().until(() -> value(registry, "tuli.group.rejected", "group", "mailer") == 1);
            await().until(() -> value(registry, "tuli.group.lag", "group", "mailer") == 0);
            assertThat(value(registry, "tuli.members", "role", "server")).isOne();
            assertThat(value(registry, "tuli.links", "status", "connected")).isZero();

            passing.close();
            await().until(
                            () ->
                                    registry.find("tuli.service.keys")
                                                    .tags("service", "passing")
                                                    .gauge()
                                            == null);
        }
    }

    @Test
    void loopThatDoesNotGetOnIsShownAndHoldsUpNobodyWhoReads() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        try (MeshMetrics metrics = MeshMetrics.of(mesh, OFTEN)) {
            metrics.bindTo(registry);
            orders.send(Message.of("hold").key("stuck"));

            await().until(() -> registry.scrape().contains("tuli_loops_heldup 1.0"));
            assertThat(registry.scrape())
                    .contains("tuli_events_total{kind=\"loop-held-up\"}", "tuli_sample_age");
            release.countDown();
            await().until(() -> registry.scrape().contains("tuli_loops_heldup 0.0"));
        }
    }

    @Test
    void registryThatThrowsFailsNoCall() {
        SimpleMeterRegistry broken = new SimpleMeterRegistry();
        broken.config()
                .meterFilter(
                        new MeterFilter() {
                            @Override
                            public Meter.Id map(Meter.Id id) {
                                if (id.getName().equals("tuli.calls")) {
                                    throw new IllegalStateException("as planned");
                                }
                                return id;
                            }
                        });
        try (MeshMetrics metrics = MeshMetrics.of(mesh, OFTEN)) {
            metrics.bindTo(broken);

            assertThat(orders.update("c", Map.of("n", 1)).reply())
                    .succeedsWithin(OFTEN.plusSeconds(9));
        }
    }

    @Test
    void callsOfAGatewayAreShownByPathAndStatusAndNoClientMakesMeters() throws Exception {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        HttpClient client = HttpClient.newHttpClient();
        try (OpenGateway open =
                        Gateway.on(mesh).port(0).expose("todos").metrics(registry::scrape).start();
                GatewayMetrics metrics = GatewayMetrics.of(open)) {
            metrics.bindTo(registry);
            URI todos = URI.create(open.url() + "/todos");
            for (int i = 0; i < 20; i++) {
                HttpRequest own =
                        HttpRequest.newBuilder(todos)
                                .header("Content-Type", "application/json")
                                .header("X-Service-Method", "made-up-" + i)
                                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                                .build();
                assertThat(client.send(own, BodyHandlers.discarding()).statusCode()).isEqualTo(405);
            }
            HttpRequest get =
                    HttpRequest.newBuilder(URI.create(open.url() + "/todos/none")).build();
            assertThat(client.send(get, BodyHandlers.discarding()).statusCode()).isEqualTo(404);

            String text =
                    client.send(
                                    HttpRequest.newBuilder(URI.create(open.url() + "/metrics"))
                                            .build(),
                                    BodyHandlers.ofString())
                            .body();
            assertThat(text)
                    .contains(
                            "tuli_gateway_calls_seconds_count{method=\"own\",path=\"todos\","
                                    + "status=\"405\",transport=\"rest\"} 20",
                            "method=\"get\",path=\"todos\",status=\"404\"",
                            "tuli_gateway_responses_total{status=\"4xx\"} 21.0",
                            "tuli_gateway_connections ")
                    .doesNotContain("made-up");
        }
        assertThat(registry.scrape()).doesNotContain("tuli_gateway");
    }
}
