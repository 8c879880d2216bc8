package io.tuli.node;

import static io.tuli.node.TestMeshes.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tuli.Failure;
import io.tuli.LogPosition;
import io.tuli.Mesh;
import io.tuli.MeshEvent;
import io.tuli.Message;
import io.tuli.Outcome;
import io.tuli.Receipt;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import io.tuli.Turn;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who waits on a loop is told so at once; who holds it up otherwise is reported from outside. */
class LoopWaitTest {

    private static final LogPosition BEGIN = LogPosition.START;
    private static final Duration SOON = Duration.ofSeconds(5);

    private final TestMeshes meshes = new TestMeshes();
    private final CountDownLatch mayEnd = new CountDownLatch(1);
    private final List<MeshEvent> events = new CopyOnWriteArrayList<>();
    private Mesh mesh;
    private Service<Object> things;

    @BeforeEach
    void serveOnOneLoop() {
        mesh = meshes.join(builder -> builder.loops(1).settings(Map.of("loop.stuck", "1s")));
        mesh.events(events::add);
        things =
                mesh.serve(ServiceConfig.of("things", Object.class).handler(this::handle).inline());
    }

    @AfterEach
    void closeAll() {
        mayEnd.countDown();
        meshes.close();
    }

    private @Nullable Object handle(Message message, Turn<Object> turn) throws Exception {
        return switch (message.verb()) {
            case "JOIN" -> other().join();
            case "GET" -> other().get();
            case "GET SOON" -> other().get(5, TimeUnit.SECONDS);
            case "COMPOSED" -> other().thenApply(reply -> reply).join();
            case "COMBINED" -> other().thenCombine(other(), (one, two) -> one).join();
            case "COMMITTED" -> things.update("other", 1).committed().join();
            case "ACCEPTED" -> things.update("other", 1).accepted().join();
            case "SURVEY" -> things.all().send(Message.of("HELLO")).reply().join();
            case "SYNC" -> waits(() -> things.awaitSync(Duration.ofSeconds(5)));
            case "RECEIPT" -> waits(() -> things.await(new Receipt(0, BEGIN, 1), SOON));
            case "REPORT" -> mesh.report("things");
            case "REPORTS" -> mesh.reports("things", Duration.ofSeconds(5));
            case "SERVE" -> mesh.serve("others", Object.class);
            case "USE" -> mesh.use("others", Object.class);
            case "JOIN MESH" -> Tuli.mesh("another").join();
            case "CLOSED" -> mesh.closed().join();
            case "STREAM" -> things.feed().stream().findFirst();
            case "ENDED" -> things.feed().each(change -> {}).ended().toCompletableFuture().join();
            case "BLOCK" -> mayEnd.await(20, TimeUnit.SECONDS);
            case "HELLO" -> "hello";
            default -> turn.pass();
        };
    }

    private static boolean waits(Runnable work) {
        work.run();
        return true;
    }

    private CompletableFuture<Object> other() {
        return things.send(Message.of("increment", 1).key("other")).reply();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "JOIN",
                "GET",
                "GET SOON",
                "COMPOSED",
                "COMBINED",
                "COMMITTED",
                "ACCEPTED",
                "SURVEY",
                "SYNC",
                "RECEIPT",
                "REPORT",
                "REPORTS",
                "SERVE",
                "USE",
                "JOIN MESH",
                "CLOSED",
                "STREAM",
                "ENDED"
            })
    void anInlineHandlerThatWaitsFailsAtOnceAndOtherKeysGoOn(String what) {
        CompletableFuture<Object> waiting = things.send(Message.of(what).key("k")).reply();

        assertThatThrownBy(() -> waiting.orTimeout(5, TimeUnit.SECONDS).join())
                .cause()
                .isInstanceOfSatisfying(
                        TuliException.class,
                        failed -> {
                            assertThat(failed.outcome()).isEqualTo(Outcome.FAILED);
                            assertThat(failed.failure()).isEqualTo(Failure.HANDLER_FAILED);
                            assertThat(failed).hasMessageContaining("a loop must not wait");
                        });
        assertThat(things.update("k", 1).reply()).succeedsWithin(SOON);
        assertThat(heldUpHere()).isEmpty();
    }

    @Test
    void aCallbackThatWaitsFailsAtOnce() {
        AtomicReference<Throwable> refused = new AtomicReference<>();

        await().atMost(SOON)
                .until(
                        () -> {
                            other().thenApply(reply -> other().join())
                                    .whenComplete((reply, failed) -> refused.set(failed));
                            return refused.get() != null;
                        });

        assertThat(refused.get())
                .hasRootCauseInstanceOf(IllegalStateException.class)
                .hasStackTraceContaining("a loop must not wait");
    }

    @Test
    void toAskForWhatIsThereIsNoWaiting() {
        CompletableFuture<Object> done = other();
        done.orTimeout(5, TimeUnit.SECONDS).join();

        CompletableFuture<Object> again = other().thenApply(reply -> done.join());

        assertThat(again).succeedsWithin(SOON).isEqualTo(1);
    }

    @Test
    void aLoopThatIsHeldUpIsReportedOnceWithItsStackAndAgainWhenItGoesOn() {
        assertThat(things.update("calm", 1).reply()).succeedsWithin(SOON);
        await().during(Duration.ofSeconds(1))
                .until(
                        () ->
                                told(MeshEvent.Kind.LOOP_HELD_UP).size()
                                        == told(MeshEvent.Kind.LOOP_RECOVERED).size());
        CompletableFuture<Object> blocking = things.send(Message.of("BLOCK").key("k")).reply();

        await().atMost(SOON).until(() -> !heldUpHere().isEmpty());
        await().during(Duration.ofSeconds(3)).until(() -> heldUpHere().size() == 1);
        assertThat(heldUpHere().getFirst().text()).contains("heldUpMillis=", "not inline");
        int before = told(MeshEvent.Kind.LOOP_RECOVERED).size();
        mayEnd.countDown();

        assertThat(blocking).succeedsWithin(SOON);
        await().atMost(SOON).until(() -> told(MeshEvent.Kind.LOOP_RECOVERED).size() == before + 1);
    }

    private List<MeshEvent> heldUpHere() {
        return told(MeshEvent.Kind.LOOP_HELD_UP).stream()
                .filter(event -> event.text().contains("LoopWaitTest.handle"))
                .toList();
    }

    private List<MeshEvent> told(MeshEvent.Kind kind) {
        return events.stream().filter(event -> event.kind() == kind).toList();
    }
}
