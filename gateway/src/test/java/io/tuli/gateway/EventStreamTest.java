package io.tuli.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tuli.Key;
import io.tuli.Mesh;
import io.tuli.Message;
import io.tuli.Resource;
import io.tuli.Service;
import io.tuli.node.Tuli;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Events of services as server-sent events, from the last one seen. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EventStreamTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    private Mesh mesh;
    private Mesh other;
    private OpenGateway gateway;
    private OpenGateway second;
    private Service<Object> tasks;

    @BeforeAll
    void start() {
        String name = "events-" + UUID.randomUUID();
        mesh = Tuli.join(name);
        mesh.serve(Resource.documents("tasks", Object.class).config());
        mesh.serve(Resource.documents("secrets", Object.class).config());
        mesh.serve(Resource.documents("quiet", Object.class).config());
        mesh.serve(Resource.documents("few", Object.class).config().partitions(8));
        mesh.serve(Resource.of("fixed").method("get", (message, context) -> 1).config());
        other = Tuli.join(name);
        gateway = gateway(mesh);
        second = gateway(other);
        tasks = mesh.use("tasks", Object.class);
        tasks.awaitSync(SOON);
        other.use("tasks", Object.class).awaitSync(SOON);
    }

    private static OpenGateway gateway(Mesh mesh) {
        return Gateway.on(mesh)
                .port(0)
                .expose("tasks", "secrets", "quiet", "fixed", "few")
                .heardBy("tasks", (event, record) -> Set.of("everybody"))
                .heardBy("few", (event, record) -> Set.of("everybody"))
                .heardBy("secrets", (event, record) -> Set.of("everybody"))
                .hook("secrets", Authentication.required())
                .start();
    }

    @AfterAll
    void stop() {
        gateway.close();
        second.close();
        other.close();
        mesh.close();
    }

    private void create(String id) {
        Object unused =
                tasks.key(Key.of(id))
                        .send(Message.of("create", Map.of("title", id)))
                        .reply()
                        .join();
    }

    /** What one client hears. */
    private static final class Listener implements AutoCloseable {

        private final Socket socket;
        private final BufferedReader in;
        private final List<String> head = new ArrayList<>();
        private final List<String> events = new CopyOnWriteArrayList<>();
        private volatile String last = "";
        private volatile boolean isOver;

        Listener(OpenGateway gateway, String path, String lastId) throws IOException {
            URI url = URI.create(gateway.url());
            socket = new Socket(url.getHost(), url.getPort());
            socket.setSoTimeout((int) SOON.toMillis());
            String asked =
                    "GET "
                            + path
                            + " HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n"
                            + (lastId.isEmpty() ? "" : "Last-Event-ID: " + lastId + "\r\n")
                            + "\r\n";
            socket.getOutputStream().write(asked.getBytes(StandardCharsets.US_ASCII));
            in =
                    new BufferedReader(
                            new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            for (String line = in.readLine(); line != null && !line.isEmpty(); ) {
                head.add(line);
                line = in.readLine();
            }
            Thread.ofVirtual().start(this::read);
        }

        /** The sizes of chunks are lines of their own, between the others. */
        private void read() {
            try {
                String event = "";
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                    if (line.startsWith("event: ")) {
                        event = line.substring(7);
                    } else if (line.startsWith("id: ")) {
                        last = line.substring(4);
                    } else if (line.startsWith("data: ")) {
                        events.add(event + " " + line.substring(6));
                    }
                }
                isOver = true;
            } catch (IOException closed) {
                isOver = true;
            }
        }

        void awaitEvents(int count) {
            await().atMost(SOON).untilAsserted(() -> assertThat(events).hasSize(count));
        }

        @Override
        public void close() {
            try {
                socket.close();
            } catch (IOException unclosable) {
                throw new UncheckedIOException(unclosable);
            }
        }
    }

    @Test
    void whatChangesIsToldByItsNameWithAnId() throws IOException {
        try (Listener listener = new Listener(gateway, "/tasks", "")) {
            assertThat(listener.head)
                    .contains("HTTP/1.1 200 OK", "cache-control: no-store")
                    .anyMatch(line -> line.startsWith("content-type: text/event-stream"));
            create("a");
            Object unused = tasks.key(Key.of("a")).send(Message.of("remove")).reply().join();
            listener.awaitEvents(2);
            assertThat(listener.events.get(0)).startsWith("created {").contains("\"a\"");
            assertThat(listener.events.get(1)).startsWith("removed {");
            assertThat(listener.last).isNotEmpty().hasSizeLessThan(8_000);
        }
    }

    @Test
    void whoComesBackToAnotherGatewayMissesNothingAndHearsNothingTwice() throws IOException {
        String seen;
        try (Listener first = new Listener(gateway, "/tasks", "")) {
            create("b0");
            first.awaitEvents(1);
            seen = first.last;
        }
        for (int i = 1; i <= 20; i++) {
            create("b" + i);
        }
        try (Listener again = new Listener(second, "/tasks", seen)) {
            again.awaitEvents(20);
            create("b21");
            again.awaitEvents(21);
            assertThat(again.events).doesNotHaveDuplicates().noneMatch(e -> e.contains("\"b0\""));
        }
    }

    @Test
    void whoAsksForOneRecordHearsOfThatOneAlone() throws IOException {
        try (Listener listener = new Listener(gateway, "/tasks/c2", "")) {
            create("c1");
            create("c2");
            listener.awaitEvents(1);
            assertThat(listener.events.getFirst()).contains("\"c2\"");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "AAAA", "%00", "AQECAwQFBgcICQ", "AQ"})
    void aPlaceThatIsNoneIsToldAndTheRestGoesOn(String id) throws IOException {
        try (Listener listener = new Listener(gateway, "/tasks", id)) {
            listener.awaitEvents(1);
            assertThat(listener.events).containsExactly("reset {}");
            create("d" + id.hashCode());
            listener.awaitEvents(2);
        }
    }

    @Test
    void aPlaceInAnotherServiceIsNone() throws IOException {
        String place;
        try (Listener few = new Listener(gateway, "/few", "")) {
            Object unused =
                    mesh.use("few", Object.class)
                            .key(Key.of("f"))
                            .send(Message.of("create", Map.of("title", "f")))
                            .reply()
                            .join();
            few.awaitEvents(1);
            place = few.last;
        }
        try (Listener listener = new Listener(gateway, "/tasks", place)) {
            listener.awaitEvents(1);
            assertThat(listener.events).containsExactly("reset {}");
        }
    }

    @Test
    void whoMayNotFindHearsNothing() throws IOException {
        try (Listener refused = new Listener(gateway, "/secrets", "");
                Listener nowhere = new Listener(gateway, "/nothing", "");
                Listener quiet = new Listener(gateway, "/quiet", "");
                Listener fixed = new Listener(gateway, "/fixed", "")) {
            assertThat(refused.head).contains("HTTP/1.1 401 Unauthorized");
            assertThat(nowhere.head).contains("HTTP/1.1 404 Not Found");
            assertThat(quiet.head).contains("HTTP/1.1 200 OK");
            assertThat(fixed.head).contains("HTTP/1.1 200 OK");
            Service<Object> unheard = mesh.use("quiet", Object.class);
            Object unused =
                    unheard.key(Key.of("e"))
                            .send(Message.of("create", Map.of("title", "e")))
                            .reply()
                            .join();
            create("e");
            assertThat(quiet.events).isEmpty();
        }
    }

    @Test
    void aGatewayThatClosesEndsItsStreams() throws IOException {
        OpenGateway brief = gateway(other);
        try (Listener listener = new Listener(brief, "/tasks", "")) {
            brief.close();
            await().atMost(SOON).until(() -> listener.isOver);
        }
    }
}
