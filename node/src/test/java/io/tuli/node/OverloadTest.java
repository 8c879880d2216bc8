package io.tuli.node;

import static io.tuli.node.RequestTest.assertFails;
import static io.tuli.node.TestMeshes.SOON;
import static io.tuli.node.TestMeshes.context;
import static io.tuli.node.TestMeshes.synced;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tuli.Call;
import io.tuli.Change;
import io.tuli.Failure;
import io.tuli.Mesh;
import io.tuli.MeshEvent;
import io.tuli.Message;
import io.tuli.Outcome;
import io.tuli.RequestId;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.transport.Link;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * More than can be done, and members that take nothing: bounded, told, and over when it is over.
 */
@Tag("U5")
class OverloadTest {

    private static final long REFUSAL_MILLIS_MAX = 100;

    private final TestMeshes meshes = new TestMeshes();
    private final CountDownLatch mayEnd = new CountDownLatch(1);

    @AfterEach
    void closeAll() {
        mayEnd.countDown();
        meshes.close();
    }

    private Mesh server(Map<String, String> settings) {
        return meshes.join(builder -> builder.settings(settings));
    }

    @Test
    void whatAKeysQueueHasNoRoomForIsRefusedAtOnce() {
        AtomicInteger runs = new AtomicInteger();
        server(Map.of("queued.per.partition", "10"))
                .serve(
                        "things",
                        Object.class,
                        (message, turn) -> {
                            mayEnd.await(20, TimeUnit.SECONDS);
                            return runs.incrementAndGet();
                        });
        Service<Object> client = meshes.client().use("things", Object.class);
        List<Call<Object>> taken = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            taken.add(client.send(Message.of("GO").key("k")));
        }
        taken.forEach(call -> call.accepted().orTimeout(10, TimeUnit.SECONDS).join());

        for (int i = 0; i < 50; i++) {
            long begun = System.nanoTime();
            assertFails(client.send(Message.of("GO").key("k")), Outcome.FAILED, Failure.OVERLOADED);
            assertThat(Duration.ofNanos(System.nanoTime() - begun).toMillis())
                    .isLessThan(REFUSAL_MILLIS_MAX);
        }
        mayEnd.countDown();

        taken.forEach(call -> call.reply().orTimeout(10, TimeUnit.SECONDS).join());
        assertThat(runs).hasValue(10);
        assertThat(client.send(Message.of("GO").key("k")).reply().join()).isEqualTo(11);
    }

    @Test
    void whoTakesAllThePlacesThatWaitForAKeyLeavesSomeToOthers() {
        server(Map.of("queued.per.partition", "90"))
                .serve(
                        "things",
                        Object.class,
                        (message, turn) -> mayEnd.await(20, TimeUnit.SECONDS));
        Service<Object> greedy = meshes.client().use("things", Object.class);
        Service<Object> modest = meshes.client().use("things", Object.class);
        Call<Object> first = greedy.send(Message.of("GO").key("k"));
        first.accepted().orTimeout(10, TimeUnit.SECONDS).join();
        List<Call<Object>> taken = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            taken.add(greedy.send(Message.of("GO").key("k")));
        }
        assertFails(greedy.send(Message.of("GO").key("k")), Outcome.FAILED, Failure.OVERLOADED);

        for (int i = 0; i < 8; i++) {
            taken.add(modest.send(Message.of("GO").key("k")));
            taken.getLast().accepted().orTimeout(10, TimeUnit.SECONDS).join();
        }
        mayEnd.countDown();
        long answered = taken.stream().filter(OverloadTest::isAnswered).count();
        assertThat(answered).isEqualTo(81 + 8);
    }

    private static boolean isAnswered(Call<Object> call) {
        return call.reply().handle((reply, failure) -> failure == null).join();
    }

    @Test
    void aCallMadeWhereAnotherEndsHasThatOnesRoom() throws Exception {
        meshes.server().serve("things", Object.class);
        Mesh one =
                meshes.join(builder -> builder.client().settings(Map.of("calls.in.flight", "1")));
        Service<Object> client = one.use("things", Object.class);
        client.awaitSync(Duration.ofSeconds(10));
        AtomicInteger left = new AtomicInteger(100);
        CompletableFuture<Object> done = new CompletableFuture<>();

        again(client, left, done);

        done.get(10, TimeUnit.SECONDS);
        assertThat(left).hasValue(0);
    }

    /** Each from the loop that tells the end of the one before. */
    private static void again(
            Service<Object> client, AtomicInteger left, CompletableFuture<Object> done) {
        client.update("k" + left, 1)
                .reply()
                .whenComplete(
                        (reply, failure) -> {
                            if (failure != null) {
                                done.completeExceptionally(failure);
                            } else if (left.decrementAndGet() == 0) {
                                done.complete("done");
                            } else {
                                again(client, left, done);
                            }
                        });
    }

    @Test
    void anInlineHandlerThatHoldsUpItsLoopIsReported() {
        Mesh server = meshes.server();
        List<MeshEvent> events = new CopyOnWriteArrayList<>();
        server.events(events::add);
        Service<Object> service =
                server.serve(
                        ServiceConfig.of("things", Object.class)
                                .handler(
                                        (message, turn) -> mayEnd.await(300, TimeUnit.MILLISECONDS))
                                .inline("GO"));

        service.send(Message.of("GO").key("k")).reply().join();

        await().untilAsserted(
                        () ->
                                assertThat(events)
                                        .anySatisfy(
                                                event -> {
                                                    assertThat(event.kind())
                                                            .isEqualTo(MeshEvent.Kind.HANDLER_SLOW);
                                                    assertThat(event.text())
                                                            .contains("last verb=GO");
                                                }));
    }

    @Test
    void aRepeatBeyondTheDedupWindowFailsAndIsNotExecuted() {
        server(Map.of("dedup.per.caller", "2")).serve("things", Object.class);
        Service<Object> client = meshes.client().use("things", Object.class);
        List<RequestId> ids = new ArrayList<>();
        for (int i = 1; i <= 4; i++) {
            Call<Object> push = client.send(Message.of("push", i).key("list"));
            push.reply().join();
            ids.add(push.id());
        }

        Message newest = Message.of("push", 4).key("list").id(ids.get(3));
        assertThat(client.send(newest).reply().join()).isEqualTo(3);
        Message oldest = Message.of("push", 1).key("list").id(ids.get(0));
        assertFails(client.send(oldest), Outcome.FAILED, Failure.DEDUP_EXPIRED);

        assertThat(client.read("list", Object.class).reply().join()).isEqualTo(List.of(1, 2, 3, 4));
    }

    /** Its link is full, then closed; its place in the changelog is trimmed away meanwhile. */
    @Test
    void aStuckReplicaIsPutOutAndResumesWithAReset() {
        Map<String, String> tight =
                Map.of(
                        "message.bytes", "64KiB",
                        "outbox.bytes", "128KiB",
                        "changelog.bytes", "1MiB",
                        "link.stuck", "1s");
        Mesh server = server(tight);
        Service<Object> things =
                server.serve(ServiceConfig.of("things", Object.class).partitions(1));
        List<MeshEvent> downs = new CopyOnWriteArrayList<>();
        server.events(event -> note(downs, event));
        Mesh mesh = meshes.client();
        Service<Object> replica = synced(mesh.use("things", Object.class));
        List<Change.Kind> seen = new CopyOnWriteArrayList<>();
        replica.feed().each(change -> seen.add(change.kind()));
        things.update("first", 1).reply().join();
        await().atMost(SOON).until(() -> seen.size() == 1);

        Link link = context(mesh).transport().link(server.self().id());
        assertThat(link).isNotNull();
        link.pauseReading();
        String large = "x".repeat(60_000);
        int written = 0;
        while (downs.isEmpty()) {
            long begun = System.nanoTime();
            things.update("k" + written % 20, large + written).reply().join();
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(SOON);
            written++;
        }

        assertThat(downs.getFirst().text()).startsWith("slow consumer");
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(replica.state()).isEqualTo(things.state()));
        await().atMost(SOON).until(() -> seen.contains(Change.Kind.RESET));
    }

    private static void note(List<MeshEvent> downs, MeshEvent event) {
        if (event.kind() == MeshEvent.Kind.LINK_DOWN) {
            downs.add(event);
        }
    }

    /** As if its process had been stopped for longer than others may wait for it. */
    @Test
    @Tag("slow")
    void anOwnerThatStoodStillGoesOnAndNothingIsDoneTwice() {
        Mesh one = meshes.server();
        Mesh two = meshes.server();
        ServiceConfig<Object> config = ServiceConfig.of("things", Object.class).partitions(8);
        Service<Object> first = synced(one.serve(config));
        Service<Object> second = synced(two.serve(config));
        Service<Object> client = meshes.client().use(config);
        await().atMost(SOON).until(() -> one.report("things").owned() == 4);
        CountDownLatch goOn = new CountDownLatch(1);
        context(one).loops().all().forEach(loop -> loop.post(() -> standStill(goOn)));

        List<Call<Integer>> calls = new ArrayList<>();
        for (int i = 0; i < 80; i++) {
            calls.add(client.push("list" + i % 16, i));
        }
        await().during(Duration.ofMillis(2_500)).atMost(SOON).until(() -> true);
        goOn.countDown();

        calls.forEach(call -> call.reply().orTimeout(20, TimeUnit.SECONDS).join());
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(first.state()).isEqualTo(second.state()));
        assertThat(first.state().values())
                .hasSize(16)
                .allSatisfy(list -> assertThat((List<?>) list).hasSize(5).doesNotHaveDuplicates());
    }

    private static void standStill(CountDownLatch goOn) {
        try {
            assertThat(goOn.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
