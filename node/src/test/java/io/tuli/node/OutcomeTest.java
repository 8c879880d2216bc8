package io.tuli.node;

import static io.tuli.node.RequestTest.assertFails;
import static io.tuli.node.TestMeshes.SOON;
import static io.tuli.node.TestMeshes.context;
import static io.tuli.node.TestMeshes.synced;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tuli.Call;
import io.tuli.Failure;
import io.tuli.Handler;
import io.tuli.Member;
import io.tuli.Mesh;
import io.tuli.Message;
import io.tuli.Outcome;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.membership.FakeMesh;
import io.tuli.transport.Link;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a caller is told when its owner or the way to it goes while its handler runs. */
@Tag("U1")
class OutcomeTest {

    private static final int KEYS = 16;

    private final TestMeshes meshes = new TestMeshes();
    private final AtomicInteger runs = new AtomicInteger();
    private final CountDownLatch mayEnd = new CountDownLatch(1);

    @AfterEach
    void closeAll() {
        mayEnd.countDown();
        meshes.close();
    }

    /** Counts each decision in the document of its key. */
    private Handler<Object> counting(CountDownLatch before) {
        return (message, turn) -> {
            if (!message.verb().equals("COUNT")) {
                return turn.pass();
            }
            runs.incrementAndGet();
            before.await(20, TimeUnit.SECONDS);
            Integer value = turn.value(message.key().top(), Integer.class);
            turn.update(value == null ? 1 : value + 1);
            return "counted";
        };
    }

    private static ServiceConfig<Object> things(Handler<Object> handler) {
        return ServiceConfig.of("things", Object.class).partitions(8).handler(handler);
    }

    private static Message count(String key) {
        return Message.of("COUNT").key(key);
    }

    private static Call<Object> accepted(Service<Object> service, Message message) {
        Call<Object> call = service.send(message);
        call.accepted().orTimeout(10, TimeUnit.SECONDS).join();
        return call;
    }

    private static void breakLink(Mesh from, Mesh to) {
        Link link = context(from).transport().link(to.self().id());
        assertThat(link).isNotNull();
        link.close("a test breaks it");
    }

    @Test
    @Tag("M3")
    void aLinkLostBehindTheRequestCostsNoSecondExecution() {
        Mesh server = meshes.server();
        Service<Object> owner = server.serve(things(counting(mayEnd)));
        Mesh mesh = meshes.client();
        Call<Object> call = accepted(mesh.use("things", Object.class), count("k"));

        breakLink(mesh, server);
        await().atMost(SOON)
                .until(() -> context(mesh).transport().link(server.self().id()) != null);
        mayEnd.countDown();

        assertThat(call.reply().orTimeout(10, TimeUnit.SECONDS).join()).isEqualTo("counted");
        assertThat(runs).hasValue(1);
        assertThat(owner.state()).containsEntry("k", 1);
    }

    @Test
    @Tag("M1")
    void aLinkLostBehindARequestThatMayNotBeRepeatedLeavesItUnknownAtOnce() {
        Mesh server = meshes.server();
        server.serve(things(counting(mayEnd)));
        Mesh mesh = meshes.client();
        Call<Object> call = accepted(mesh.use("things", Object.class), count("k").atMostOnce());

        long begun = System.nanoTime();
        breakLink(mesh, server);

        assertFails(call, Outcome.UNKNOWN, Failure.UNAVAILABLE);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    @Tag("M3")
    void anOwnerThatDiesBeforeItDecidedIsSucceeded() {
        assertGoesOnElsewhere(Duration.ZERO);
    }

    @Test
    @Tag("M3")
    void anOwnerThatIsFencedWhileItsHandlerRunsGivesItsRequestsOn() {
        assertGoesOnElsewhere(Duration.ofSeconds(10));
    }

    @Test
    @Tag("M3")
    void anOwnerThatEndsItsHandlersBeforeItIsFencedGivesItsRequestsOn() {
        FakeMesh control = new FakeMesh();
        Function<Member.Role, Mesh> joined =
                role -> meshes.join(control, role, Duration.ofSeconds(2));
        assertGoesOnElsewhere(joined, control::hold, Duration.ZERO);
    }

    private void assertGoesOnElsewhere(Duration drain) {
        assertGoesOnElsewhere(
                role -> role == Member.Role.CLIENT ? meshes.client() : meshes.server(),
                () -> {},
                drain);
    }

    private void assertGoesOnElsewhere(
            Function<Member.Role, Mesh> joined, Runnable beforeClose, Duration drain) {
        Mesh dying = joined.apply(Member.Role.SERVER);
        Mesh heir = joined.apply(Member.Role.SERVER);
        synced(dying.serve(things(counting(mayEnd))));
        Service<Object> kept = synced(heir.serve(things(counting(new CountDownLatch(0)))));
        await().atMost(SOON).until(() -> dying.report("things").owned() == 4);
        Service<Object> client = joined.apply(Member.Role.CLIENT).use("things", Object.class);
        List<Call<Object>> calls = new ArrayList<>();
        for (int i = 0; i < KEYS; i++) {
            calls.add(accepted(client, count("k" + i)));
        }

        beforeClose.run();
        dying.close(drain);

        for (Call<Object> call : calls) {
            assertThat(call.reply().orTimeout(10, TimeUnit.SECONDS).join()).isEqualTo("counted");
        }
        assertThat(kept.state()).hasSize(KEYS);
        assertThat(kept.state().values()).allMatch(times -> times.equals(1));
    }

    @Test
    void aHandlerThatThrowsAfterItsEditsHasChangedNothing() {
        Service<Object> owner =
                meshes.server()
                        .serve(
                                things(
                                        (message, turn) -> {
                                            turn.update("done");
                                            throw new IllegalStateException("and then it broke");
                                        }));
        Service<Object> client = meshes.client().use("things", Object.class);

        assertFails(client.send(count("k")), Outcome.FAILED, Failure.HANDLER_FAILED);
        assertThat(owner.state()).isEmpty();
    }
}
