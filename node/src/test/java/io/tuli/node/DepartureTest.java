package io.tuli.node;

import static io.tuli.node.TestMeshes.SOON;
import static io.tuli.node.TestMeshes.context;
import static io.tuli.node.TestMeshes.synced;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tuli.Call;
import io.tuli.Mesh;
import io.tuli.MeshEvent;
import io.tuli.Message;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.ServiceDescription;
import io.tuli.TuliException;
import io.tuli.loop.NodeLoop;
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

/** Closing always closes, and a member that cannot go on ends and says why. */
class DepartureTest {

    private final TestMeshes meshes = new TestMeshes();
    private final CountDownLatch mayEnd = new CountDownLatch(1);

    @AfterEach
    void closeAll() {
        mayEnd.countDown();
        meshes.close();
    }

    /** Whatever interrupts it: as user's code may. */
    private boolean heldForEver() {
        boolean isOver = false;
        while (!isOver) {
            try {
                isOver = mayEnd.await(120, TimeUnit.SECONDS);
            } catch (InterruptedException ignored) {
                isOver = false;
            }
        }
        return true;
    }

    private ServiceConfig<Object> held() {
        return ServiceConfig.of("held", Object.class)
                .handler((message, turn) -> message.verb().equals("HOLD") ? heldForEver() : "pass")
                .inline();
    }

    @Test
    @Tag("slow")
    void closesThoughAllLoopsAreHeldUpForEver() {
        Mesh mesh = meshes.join(builder -> builder.loops(2).name("held-up"));
        Service<Object> service = mesh.serve(held());
        List<Call<Object>> calls = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            calls.add(service.send(Message.of("HOLD").key("k" + i)));
        }

        long begun = System.nanoTime();
        mesh.close(Duration.ofMillis(500));

        assertThat(System.nanoTime() - begun).isLessThan(25_000_000_000L);
        assertThat(mesh.closed()).isDone().isNotCompletedExceptionally();
        for (Call<Object> call : calls) {
            await().atMost(SOON).until(() -> call.reply().isDone());
        }
        assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(thread -> thread.getName().contains("held-up"))
                .allMatch(Thread::isDaemon);
    }

    @Test
    void closesThoughAHandlerIgnoresItsInterrupt() {
        Mesh mesh = meshes.server();
        Service<Object> service =
                mesh.serve(
                        ServiceConfig.of("held", Object.class)
                                .handler((message, turn) -> heldForEver()));
        Call<Object> call = service.send(Message.of("HOLD").key("k"));
        call.accepted().orTimeout(10, TimeUnit.SECONDS).join();

        long begun = System.nanoTime();
        mesh.close(Duration.ofMillis(100));

        assertThat(System.nanoTime() - begun).isLessThan(10_000_000_000L);
        await().atMost(SOON).until(() -> call.reply().isDone());
    }

    @Test
    void whoIsInterruptedWhileItClosesHasClosedAllTheSame() throws InterruptedException {
        Mesh first = meshes.server();
        synced(first.serve("things", Object.class));
        Mesh second = meshes.server();
        synced(second.serve("things", Object.class));

        Thread closing = Thread.ofPlatform().start(() -> second.close(Duration.ofSeconds(30)));
        closing.interrupt();
        closing.join(Duration.ofSeconds(20));

        assertThat(closing.isAlive()).isFalse();
        assertThat(second.closed()).isDone();
    }

    @Test
    void closingFromAListenerOfEventsTakesNoThreadForEach() {
        Mesh mesh = meshes.server();
        AtomicInteger told = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        mesh.events(
                event -> {
                    told.incrementAndGet();
                    most.accumulateAndGet(leaving(), Math::max);
                    mesh.close();
                    most.accumulateAndGet(leaving(), Math::max);
                });

        mesh.serve("things", Object.class);
        meshes.client();

        assertThat(mesh.closed()).succeedsWithin(SOON);
        await().atMost(SOON).until(() -> told.get() > 0);
        assertThat(most.get()).isLessThanOrEqualTo(1);
    }

    private static int leaving() {
        return (int)
                Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> thread.getName().startsWith("tuli-leav"))
                        .count();
    }

    @Test
    void closingFromAHandlerCloses() {
        Mesh mesh = meshes.server();
        Service<Object> service =
                mesh.serve(
                        "things",
                        Object.class,
                        (message, turn) -> {
                            mesh.close(Duration.ZERO);
                            return "closed";
                        });

        service.send(Message.of("CLOSE").key("k"));

        assertThat(mesh.closed()).succeedsWithin(SOON);
    }

    @Test
    void closingFromALoopBegins() {
        Mesh mesh = meshes.server();
        Service<Object> service =
                mesh.serve(
                        ServiceConfig.of("things", Object.class)
                                .handler(
                                        (message, turn) -> {
                                            mesh.close(Duration.ZERO);
                                            return "closing";
                                        })
                                .inline());

        service.send(Message.of("CLOSE").key("k"));

        assertThat(mesh.closed()).succeedsWithin(SOON);
    }

    // ---- what a loop may throw -----------------------------------------------------------------

    @Test
    void whatOneTaskThrowsDoesNotEndTheMember() {
        Mesh mesh = meshes.server();
        Service<Object> things = mesh.serve("things", Object.class);

        for (NodeLoop loop : context(mesh).loops().all()) {
            loop.post(() -> raise(new IllegalStateException("planted")));
            loop.post(() -> raise(new AssertionError("planted")));
            loop.post(() -> raise(new StackOverflowError()));
            loop.post(() -> raise(new NoClassDefFoundError("planted")));
        }

        for (int i = 0; i < 50; i++) {
            assertThat(things.update("k" + i, i).reply()).succeedsWithin(SOON);
        }
        assertThat(mesh.closed()).isNotDone();
    }

    private static void raise(Error error) {
        throw error;
    }

    private static void raise(RuntimeException error) {
        throw error;
    }

    @Test
    void aMemberWithoutMemoryLeavesAndSaysWhy() {
        Mesh mesh = meshes.server();
        Service<Object> things =
                mesh.serve(
                        ServiceConfig.of("things", Object.class)
                                .handler(
                                        (message, turn) ->
                                                message.verb().equals("WAIT")
                                                        ? new CompletableFuture<>()
                                                        : turn.pass()));
        Call<Object> waiting = things.send(Message.of("WAIT").key("k"));
        waiting.accepted().orTimeout(10, TimeUnit.SECONDS).join();
        List<MeshEvent> told = new CopyOnWriteArrayList<>();
        mesh.events(told::add);
        OutOfMemoryError planted = new OutOfMemoryError("planted");

        context(mesh).loops().at(0).post(() -> raise(planted));

        CompletableFuture<Void> closed = mesh.closed();
        await().atMost(SOON).until(closed::isDone);
        assertThatThrownBy(closed::join).hasCause(planted);
        await().atMost(SOON).until(() -> waiting.reply().isDone());
        assertThat(waiting.reply()).isCompletedExceptionally();
        await().atMost(SOON)
                .untilAsserted(
                        () ->
                                assertThat(told)
                                        .extracting(MeshEvent::kind)
                                        .contains(MeshEvent.Kind.MEMBER_BROKEN));
        assertThatThrownBy(() -> mesh.serve("more", Object.class))
                .isInstanceOf(TuliException.class);
    }

    // ---- limits --------------------------------------------------------------------------------

    @Test
    void theServiceBeyondTheLimitIsRefusedAndNothingChanges() {
        Mesh mesh = meshes.server();
        for (int i = 0; i < 499; i++) {
            mesh.serve(ServiceConfig.of("s" + i, Object.class).partitions(1));
        }
        ServiceConfig<Object> folding =
                ServiceConfig.of("last", Object.class)
                        .partitions(1)
                        .fold("not-there", change -> List.of());
        assertThatThrownBy(() -> mesh.serve(folding))
                .isInstanceOf(TuliException.class)
                .hasMessageContaining("at most 500 services");
        Service<Object> last = mesh.serve(ServiceConfig.of("last", Object.class).partitions(1));

        assertThatThrownBy(() -> mesh.serve("more", Object.class))
                .isInstanceOf(TuliException.class)
                .hasMessageContaining("at most 500 services");
        assertThatThrownBy(() -> mesh.use("more", Object.class))
                .isInstanceOf(TuliException.class)
                .hasMessageContaining("at most 500 services");

        await().atMost(SOON).until(() -> mesh.services().size() == 500);
        assertThat(mesh.services())
                .extracting(ServiceDescription::name)
                .contains("last")
                .doesNotContain("more");
        assertThat(last.update("k", 1).reply()).succeedsWithin(SOON);
        assertThat(last.state()).isEqualTo(Map.of("k", 1));
        mesh.close(Duration.ZERO);
        assertThat(mesh.closed()).isDone();
    }
}
