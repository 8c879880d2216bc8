package io.tuli.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tuli.Mesh;
import io.tuli.Message;
import io.tuli.Resource;
import io.tuli.Service;
import io.tuli.gateway.Gateway;
import io.tuli.gateway.OpenGateway;
import io.tuli.node.Tuli;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A gateway is killed under its clients: all come back to another, miss nothing that was committed,
 * and are told nothing twice (FD-58).
 */
@Tag("slow")
class GatewayKilledTest {

    private static final String MESH = "gateway-killed-" + ProcessHandle.current().pid();
    private static final int CLIENTS = Integer.getInteger("killed.clients", 50);
    private static final int BEFORE = 10;
    private static final int MEANWHILE = 10;
    private static final int AFTER = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern URL = Pattern.compile("\"url\":\"([^\"]+)\"");
    private static final Pattern ID = Pattern.compile("\"id\":\"([^\"]+)\"");

    @TempDir private Path directory;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** Follows events as a browser's EventSource does: where a stream ends, at the next address. */
    private final class Follower implements Runnable {

        private final List<String> addresses;
        private final List<String> told = new CopyOnWriteArrayList<>();
        private volatile String last = "";
        private final AtomicInteger connected = new AtomicInteger();
        private volatile boolean isReset;

        Follower(List<String> addresses) {
            this.addresses = addresses;
        }

        @Override
        public void run() {
            for (String address : addresses) {
                try {
                    follow(address);
                } catch (IOException | RuntimeException gone) {
                    // the next one
                } catch (InterruptedException over) {
                    return;
                }
            }
        }

        private void follow(String address) throws IOException, InterruptedException {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(URI.create(address + "/todos"))
                            .header("Accept", "text/event-stream");
            if (!last.isEmpty()) {
                request.header("Last-Event-ID", last);
            }
            HttpResponse<Stream<String>> stream =
                    http.send(request.build(), BodyHandlers.ofLines());
            assertThat(stream.statusCode()).isEqualTo(200);
            connected.incrementAndGet();
            String place = "";
            String heard = "";
            for (Iterator<String> lines = stream.body().iterator(); lines.hasNext(); ) {
                String line = lines.next();
                if (line.startsWith("id: ")) {
                    place = line.substring("id: ".length());
                }
                isReset |= line.equals("event: reset");
                Matcher id = ID.matcher(line);
                if (line.startsWith("data: ") && id.find()) {
                    heard = id.group(1);
                }
                if (line.isEmpty() && !heard.isEmpty()) { // the event is whole
                    told.add(heard);
                    last = place;
                    heard = "";
                }
            }
        }
    }

    private static void create(Service<Object> todos, int from, int count) {
        for (int at = from; at < from + count; at++) {
            todos.send(Message.of("create", Map.of("id", "t" + at)), Object.class).reply().join();
        }
    }

    private Serving gateway() {
        return Serving.ready(
                directory,
                "gateway",
                "--expose",
                "todos",
                "--events",
                "--port",
                "0",
                "--mesh",
                MESH,
                "--json");
    }

    private static void assertWhole(List<Follower> followers) {
        int all = BEFORE + MEANWHILE + AFTER;
        await().atMost(PATIENCE)
                .until(() -> followers.stream().allMatch(each -> each.told.size() >= all));
        assertThat(followers)
                .allSatisfy(
                        each -> {
                            assertThat(each.told).hasSize(all).doesNotHaveDuplicates();
                            assertThat(each.isReset).isFalse();
                        });
    }

    @Test
    void allClientsOfAGatewayThatIsKilledComeBackToAnotherAndMissNothingAndHearNothingTwice()
            throws Exception {
        try (Mesh mesh = Tuli.join(MESH)) {
            Service<Object> todos = mesh.serve(Resource.documents("todos", Object.class).config());
            try (OpenGateway other =
                            Gateway.on(mesh)
                                    .port(0)
                                    .expose("todos")
                                    .heardBy("todos", (event, todo) -> Set.of("everybody"))
                                    .start();
                    Serving killed = gateway()) {
                Matcher url = URL.matcher(killed.out());
                assertThat(url.find()).as(killed.out()).isTrue();
                List<Follower> followers = new ArrayList<>();
                for (int at = 0; at < CLIENTS; at++) {
                    Follower follower = new Follower(List.of(url.group(1), other.url()));
                    followers.add(follower);
                    Thread.ofVirtual().name("follower").start(follower);
                }
                await().atMost(PATIENCE)
                        .until(
                                () ->
                                        followers.stream()
                                                .allMatch(each -> each.connected.get() == 1));
                create(todos, 0, BEFORE);
                await().atMost(PATIENCE)
                        .until(() -> followers.stream().noneMatch(each -> each.last.isEmpty()));

                killed.kill();
                create(todos, BEFORE, MEANWHILE);
                await().atMost(PATIENCE)
                        .until(
                                () ->
                                        followers.stream()
                                                .allMatch(each -> each.connected.get() == 2));
                create(todos, BEFORE + MEANWHILE, AFTER);

                assertWhole(followers);
            }
        }
    }
}
