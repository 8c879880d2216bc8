package io.tuli.node;

import static io.tuli.node.TestMeshes.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tuli.Change;
import io.tuli.Mesh;
import io.tuli.MeshEvent;
import io.tuli.Message;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.Turn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A service that counts another's changes, while members come and go. */
@Tag("FE-29")
class FoldHandoverTest {

    private static final int AIRPORTS = 23;

    private final TestMeshes meshes = new TestMeshes();
    private final List<MeshEvent> inexact = new CopyOnWriteArrayList<>();
    private String cargo = "";
    private int sent;

    @AfterEach
    void closeAll() {
        meshes.close();
    }

    private Service<Object> serve(Mesh mesh) {
        mesh.events(
                event -> {
                    if (event.kind() == MeshEvent.Kind.FOLD_INEXACT) {
                        inexact.add(event);
                    }
                });
        Service<Object> flights =
                mesh.serve(ServiceConfig.of("flights", Object.class).partitions(16));
        mesh.serve(
                ServiceConfig.of("airports", Object.class)
                        .partitions(16)
                        .handler(FoldHandoverTest::count)
                        .fold("flights", FoldHandoverTest::departures));
        return flights;
    }

    private static Object count(Message message, Turn<Object> turn) {
        if (!message.verb().equals("COUNT")) {
            return turn.pass();
        }
        Object before = turn.value();
        turn.update(before == null ? 1 : ((Number) before).intValue() + 1);
        return "";
    }

    private static List<Message> departures(Change change) {
        String airport = String.valueOf(change.value()).split(" ")[0];
        return List.of(Message.of("COUNT").key(airport));
    }

    /** Flights keyed by number, each of one airport. */
    private void fly(Service<Object> flights, int count) {
        List<CompletableFuture<?>> calls = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int flight = sent++;
            String airport = "ap" + flight % AIRPORTS;
            calls.add(flights.update("f" + flight, airport + " " + cargo).reply());
        }
        calls.forEach(CompletableFuture::join);
    }

    private Map<String, Object> expected() {
        Map<String, Object> counts = new HashMap<>();
        for (int flight = 0; flight < sent; flight++) {
            counts.merge("ap" + flight % AIRPORTS, 1, (a, b) -> (Integer) a + (Integer) b);
        }
        return counts;
    }

    private void awaitCounted(Mesh mesh) {
        Service<Object> airports = mesh.use("airports", Object.class);
        Map<String, Object> expected = expected();
        assertThat(inexact).isEmpty();
        await().atMost(SOON).untilAsserted(() -> assertThat(airports.state()).isEqualTo(expected));
    }

    @Test
    void countsEachChangeOnce() {
        Mesh one = meshes.server();
        Mesh two = meshes.server();
        Service<Object> flights = serve(one);
        serve(two);

        fly(flights, 2_000);

        awaitCounted(one);
        awaitCounted(two);
    }

    @Test
    void countsEachChangeOnceWhileMembersComeAndGo() {
        Mesh one = meshes.server();
        Mesh client = meshes.client();
        serve(one);
        Service<Object> flights =
                client.use(ServiceConfig.of("flights", Object.class).partitions(16));
        fly(flights, 1_000);
        Mesh two = meshes.server();
        serve(two);
        fly(flights, 1_000);
        Mesh three = meshes.server();
        serve(three);
        fly(flights, 1_000);
        one.close();
        fly(flights, 1_000);

        awaitCounted(two);
        awaitCounted(three);
    }

    @Test
    void countsEachChangeOnceWhereANewMemberHasNotAllOfTheChangelog() {
        cargo = "x".repeat(20_000);
        Mesh one = meshes.server();
        Service<Object> flights = serve(one);
        fly(flights, 2_000);
        AtomicBoolean isEnough = new AtomicBoolean();
        CompletableFuture<Void> load = new CompletableFuture<>();
        Thread.ofVirtual()
                .start(
                        () -> {
                            while (!isEnough.get()) {
                                fly(flights, 50);
                            }
                            load.complete(null);
                        });

        Mesh two = meshes.server();
        serve(two).awaitSync(SOON);
        await().atMost(SOON).until(() -> owned(two) > 0);
        isEnough.set(true);
        load.join();

        awaitCounted(one);
        awaitCounted(two);
    }

    private static long owned(Mesh mesh) {
        return mesh.report("airports").partitions().stream()
                .filter(partition -> partition.role().equals("owner"))
                .count();
    }
}
