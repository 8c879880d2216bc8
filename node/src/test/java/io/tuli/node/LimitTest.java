package io.tuli.node;

import static io.tuli.node.RequestTest.assertFails;
import static io.tuli.node.TestMeshes.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tuli.Call;
import io.tuli.Commit;
import io.tuli.Failure;
import io.tuli.Key;
import io.tuli.Limits;
import io.tuli.MemberId;
import io.tuli.Mesh;
import io.tuli.Message;
import io.tuli.Outcome;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.ServiceConfig.MergePolicy;
import io.tuli.ServiceDescription;
import io.tuli.TuliException;
import io.tuli.loop.NodeLoop;
import io.tuli.protocol.Frame;
import io.tuli.protocol.ServiceSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class LimitTest {

    private final TestMeshes meshes = new TestMeshes();

    @AfterEach
    void closeAll() {
        meshes.close();
    }

    @Test
    void aMessageOverTheLimitFailsAtTheSenderNamingBoth() {
        Service<Object> service = meshes.server().serve("things", Object.class);
        Call<Void> call = service.update("k", "x".repeat(1 << 20));

        assertFails(call, Outcome.FAILED, Failure.TOO_LARGE);
        assertThatThrownBy(() -> call.reply().join())
                .hasMessageContaining("message.bytes=1048576")
                .hasMessageContaining("1048585");
        assertThat(call.accepted()).isCompletedExceptionally();
        assertThat(call.committed()).isCompletedExceptionally();
        service.update("k", "x".repeat((1 << 20) - 9)).reply().join();
    }

    @Test
    void aChangelogThatKeepsNothingStillTakesWrites() {
        Limits none = Limits.builder().changelogBytes(0).build();
        List<Mesh> servers =
                List.of(
                        meshes.join(builder -> builder.limits(none)),
                        meshes.join(builder -> builder.limits(none)));
        servers.forEach(mesh -> mesh.serve("things", Object.class).awaitSync(SOON));

        Service<Object> used = meshes.client().use("things", Object.class);

        for (int i = 0; i < 20; i++) {
            assertThat(used.increment("n", 1).reply().join()).isEqualTo(i + 1L);
        }
    }

    @Test
    void aKeyOverTheLimitFailsAtTheSender() {
        Service<Object> service = meshes.server().serve("things", Object.class);

        service.update("k".repeat(4096), 1).reply().join();
        assertFails(service.update("k".repeat(4097), 1), Outcome.FAILED, Failure.TOO_LARGE);
    }

    @Test
    void aDocumentThatNestsTooDeepFailsAtTheSender() {
        Service<Object> service = meshes.server().serve("things", Object.class);
        Object deep = 1;
        for (int i = 0; i < 64; i++) {
            deep = List.of(deep);
        }

        service.update("k", deep).reply().join();
        assertFails(service.update("k", List.of(deep)), Outcome.FAILED, Failure.TOO_LARGE);
        assertFails(service.update("k.field", deep), Outcome.FAILED, Failure.TOO_LARGE);
        assertThat(service.state()).isEqualTo(Map.of("k", deep));
    }

    @Test
    @Tag("U1")
    void aCallWithoutAnOwnerFailsAtItsDeadline() {
        Mesh server = meshes.server();
        server.serve("other", Object.class);
        Service<Object> nobodys = server.use("others", Object.class);

        long begun = System.nanoTime();
        Message message = Message.of("GO").key("k").within(Duration.ofMillis(300));
        Call<Object> call = nobodys.send(message);

        assertFails(call, Outcome.FAILED, Failure.NOT_FOUND);
        assertThatThrownBy(() -> call.reply().join()).hasMessageContaining("other");
        assertThat(System.nanoTime() - begun).isLessThan(TimeUnit.SECONDS.toNanos(5));
    }

    @Test
    @Tag("U1")
    void aSlowHandlerLeavesTheOutcomeUnknownAtTheDeadline() {
        CountDownLatch mayEnd = new CountDownLatch(1);
        Service<Object> service =
                meshes.server()
                        .serve(
                                "things",
                                Object.class,
                                (message, turn) -> mayEnd.await(20, TimeUnit.SECONDS));

        Call<Object> call = service.send(Message.of("GO").key("k").within(Duration.ofMillis(300)));

        assertFails(call, Outcome.UNKNOWN, Failure.TIMEOUT);
        mayEnd.countDown();
    }

    @Test
    void callsInFlightAreLimited() {
        CountDownLatch mayEnd = new CountDownLatch(1);
        meshes.server()
                .serve(
                        "things",
                        Object.class,
                        (message, turn) -> mayEnd.await(20, TimeUnit.SECONDS));
        Mesh client =
                meshes.join(builder -> builder.client().settings(Map.of("calls.in.flight", "10")));
        Service<Object> service = client.use("things", Object.class);
        List<Call<Object>> calls = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            calls.add(service.send(Message.of("GO").key("k" + i)));
        }

        Call<Object> beyond =
                service.send(Message.of("GO").key("k").within(Duration.ofMillis(200)));

        assertFails(beyond, Outcome.FAILED, Failure.OVERLOADED);
        mayEnd.countDown();
        calls.forEach(call -> call.reply().join());
        assertThat(service.send(Message.of("GO").key("k")).reply().join()).isEqualTo(true);
    }

    @Test
    void otherPartitionCountsAreRefusedWithTheReason() {
        meshes.join(builder -> builder.name("first")).serve(config(256));
        Mesh second = meshes.server();

        assertThatThrownBy(() -> second.serve(config(64)))
                .isInstanceOfSatisfying(
                        TuliException.class,
                        thrown -> assertThat(thrown.failure()).isEqualTo(Failure.CONFLICT))
                .hasMessageContaining("here=64")
                .hasMessageContaining("there=256")
                .hasMessageContaining("first");
        assertThat(second.services())
                .extracting(ServiceDescription::name)
                .containsExactly("things");
    }

    @Test
    void otherPartitionersAreRefusedWithTheReason() {
        meshes.server().serve(config(256).partitioner(key -> key.substring(0, 1)));

        assertThatThrownBy(() -> meshes.server().serve(config(256)))
                .hasMessageContaining("must place the keys");
    }

    @Test
    void aKeyInAnotherPartitionThanItsOwnChangesNothing() {
        Mesh mesh = meshes.server();
        Service<Object> service = mesh.serve("things", Object.class);
        service.update("here", 1).reply().join();
        NodeLoop loop = TestMeshes.context(mesh).loops().at(0);
        for (int partition = 0; partition < 256; partition++) {
            Frame.Request request =
                    new Frame.Request(
                            ServiceSpec.numberOf("things"),
                            partition,
                            -1,
                            new RequestId(7, partition),
                            0,
                            5_000,
                            Commit.owner(),
                            "push",
                            Key.of("misplaced"),
                            Payload.json("1"),
                            new TreeMap<>());
            loop.post(() -> loop.read(new MemberId(7, 7), request));
        }

        service.update("there", 2).reply().join();
        await().atMost(TestMeshes.SOON).until(() -> service.state().size() == 3);
        assertThat(service.get("misplaced", Object.class)).isEqualTo(List.of(1));
    }

    @Test
    void aPartitionerThatCannotPlaceAKeyLeavesItByItself() {
        Service<Object> service =
                meshes.server()
                        .serve(config(8).partitioner(key -> key.substring(0, key.indexOf(':'))));

        service.update("no colon", 1).reply().join();
        service.update("u1:cart", 2).reply().join();

        assertThat(service.state()).isEqualTo(Map.of("no colon", 1, "u1:cart", 2));
    }

    @Test
    void otherMergePoliciesAreRefusedToServersAndNoMatterToClients() {
        meshes.server().serve(config(256).merge(MergePolicy.KEEP_WINNER));

        assertThatThrownBy(() -> meshes.server().serve(config(256)))
                .hasMessageContaining("merge its writes");
        assertThat(meshes.client().use(config(256)).add("k", 1).reply().join()).isEqualTo("k");
    }

    @Test
    void whoUsesAServiceTakesItsPartitionsFromWhoServesIt() {
        Service<Object> served = meshes.server().serve(config(7));
        Service<Object> used = meshes.client().use("things", Object.class);

        for (int i = 0; i < 20; i++) {
            used.update("k" + i, i).reply().join();
        }

        assertThat(served.state()).hasSize(20).isEqualTo(used.state());
    }

    @Test
    @Tag("FD-16")
    void whoUsesAServiceBeforeAnybodyServesItLearnsItsPartitionsLater() {
        Mesh client = meshes.client();
        Service<Object> used = client.use("things", Object.class);
        List<Call<Void>> calls = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            calls.add(used.update("k" + i, i));
        }

        Service<Object> served = meshes.server().serve(config(7));

        calls.forEach(call -> call.reply().join());
        TestMeshes.synced(used);
        assertThat(used.state()).hasSize(20).isEqualTo(served.state());
    }

    @Test
    void aClientCannotServe() {
        assertThatThrownBy(() -> meshes.client().serve("things", Object.class))
                .isInstanceOfSatisfying(
                        TuliException.class,
                        thrown ->
                                assertThat(thrown.failure()).isEqualTo(Failure.METHOD_NOT_ALLOWED));
    }

    @Test
    void reservedVerbsAreTheLibrarysOwn() {
        Service<Object> service = meshes.server().serve("things", Object.class);

        assertThatThrownBy(() -> service.send(Message.of("$read").key("k")))
                .isInstanceOf(TuliException.class);
    }

    @Test
    @Tag("FE-27")
    void anUnknownSettingNamesTheNearest() {
        assertThatThrownBy(
                        () -> meshes.join(builder -> builder.settings(Map.of("mesage.bytes", "5"))))
                .hasMessageContaining("message.bytes");
    }

    private static ServiceConfig<Object> config(int partitions) {
        return ServiceConfig.of("things", Object.class).partitions(partitions);
    }
}
