package io.tuli.node;

import static io.tuli.node.TestMeshes.SOON;
import static io.tuli.node.TestMeshes.context;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tuli.Call;
import io.tuli.Handler;
import io.tuli.Mesh;
import io.tuli.Message;
import io.tuli.Service;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("FE-13")
class StreamTest {

    private final TestMeshes meshes = new TestMeshes();
    private final AtomicInteger produced = new AtomicInteger();
    private final AtomicBoolean isClosed = new AtomicBoolean();

    private final Handler<Object> counting =
            (message, turn) -> {
                int most = message.body(Integer.class);
                return IntStream.range(0, most)
                        .peek(i -> produced.incrementAndGet())
                        .boxed()
                        .onClose(() -> isClosed.set(true));
            };

    @AfterEach
    void closeAll() {
        meshes.close();
    }

    @Test
    void repliesComeInOrderAndAll() throws Exception {
        meshes.server().serve("things", Object.class, counting);
        Service<Object> client = meshes.client().use("things", Object.class);

        Collected<Integer> items = new Collected<>();
        client.send(Message.of("COUNT", 5_000).key("k"), Integer.class).replies().subscribe(items);

        assertThat(items.all()).isEqualTo(IntStream.range(0, 5_000).boxed().toList());
    }

    @Test
    void aServerStreamsToItself() throws Exception {
        Mesh mesh = meshes.server();
        Service<Object> service = mesh.serve("things", Object.class, counting);

        Collected<Integer> items = new Collected<>();
        service.send(Message.of("COUNT", 1_000).key("k"), Integer.class).replies().subscribe(items);

        assertThat(items.all()).hasSize(1_000);
        await().atMost(SOON).until(() -> context(mesh).memberRequests().openStreams() == 0);
    }

    @Test
    void cancellingStopsTheStreamAtItsSource() {
        Mesh server = meshes.server();
        server.serve("things", Object.class, counting);
        Service<Object> client = meshes.client().use("things", Object.class);
        Collected<Integer> items = new Collected<>(10);
        client.send(Message.of("COUNT", Integer.MAX_VALUE).key("k"), Integer.class)
                .replies()
                .subscribe(items);
        await().atMost(SOON).until(() -> items.soFar().size() == 10);

        items.cancel();

        await().atMost(SOON).untilTrue(isClosed);
        await().atMost(SOON).until(() -> context(server).memberRequests().openStreams() == 0);
        assertThat(items.soFar()).hasSize(10);
        assertThat(produced.get()).isLessThan(1_000);
    }

    @Test
    void whoTakesNothingGetsNoMoreThanAWindow() {
        Mesh server = meshes.server();
        server.serve("things", Object.class, counting);
        Service<Object> client = meshes.client().use("things", Object.class);
        Collected<Integer> items = new Collected<>(3);
        client.send(Message.of("COUNT", 1_000_000).key("k"), Integer.class)
                .replies()
                .subscribe(items);
        await().atMost(SOON).until(() -> items.soFar().size() == 3);

        items.request(200);

        await().atMost(SOON).until(() -> items.soFar().size() == 203);
        assertThat(produced.get()).isLessThan(500);
    }

    @Test
    void theReplyOfAStreamIsItsFirstItem() {
        Mesh server = meshes.server();
        server.serve("things", Object.class, counting);
        Service<Object> client = meshes.client().use("things", Object.class);

        Call<Integer> call = client.send(Message.of("COUNT", 1_000_000).key("k"), Integer.class);

        assertThat(call.reply().join()).isZero();
        await().atMost(SOON).untilTrue(isClosed);
        await().atMost(SOON).until(() -> context(server).memberRequests().openStreams() == 0);
    }

    @Test
    void aStreamNobodyTakesIsGivenUpAtTheDeadline() {
        Mesh server = meshes.server();
        server.serve("things", Object.class, counting);
        Mesh client = meshes.client();

        client.use("things", Object.class)
                .send(Message.of("COUNT", 1_000_000).key("k").within(Duration.ofMillis(500)));

        await().atMost(SOON).untilTrue(isClosed);
        await().atMost(SOON).until(() -> context(client).calls().inFlight() == 0);
    }

    @Test
    void aStreamThatBreaksTellsItsSubscriber() {
        meshes.server()
                .serve(
                        "things",
                        Object.class,
                        (message, turn) ->
                                Stream.of(1, 2, 3)
                                        .peek(
                                                i -> {
                                                    if (i == 3) {
                                                        throw new IllegalStateException("no 3");
                                                    }
                                                }));
        Service<Object> client = meshes.client().use("things", Object.class);

        Collected<Integer> items = new Collected<>();
        client.send(Message.of("BREAK").key("k"), Integer.class).replies().subscribe(items);

        assertThatThrownBy(items::all).hasMessageContaining("no 3");
        assertThat(items.soFar()).isEqualTo(List.of(1, 2));
    }

    @Test
    void severalRepliesOfATurnAreAStream() throws Exception {
        meshes.server()
                .serve(
                        "things",
                        Object.class,
                        (message, turn) -> {
                            turn.reply(1);
                            turn.reply(2);
                            return 3;
                        });
        Service<Object> client = meshes.client().use("things", Object.class);

        Collected<Object> items = new Collected<>();
        client.key("k").send(Message.of("THREE")).replies().subscribe(items);

        assertThat(items.all()).containsExactly(1, 2, 3);
    }

    @Test
    void aSingleReplyIsAStreamOfOne() throws Exception {
        Service<Object> service = meshes.server().serve("things", Object.class);

        Collected<String> items = new Collected<>();
        service.add("k", 1).replies().subscribe(items);

        assertThat(items.all()).containsExactly("k");
    }
}
