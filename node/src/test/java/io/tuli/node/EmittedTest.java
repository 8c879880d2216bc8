package io.tuli.node;

import static io.tuli.node.TestMeshes.SOON;
import static io.tuli.node.TestMeshes.synced;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.tuli.Change;
import io.tuli.Failure;
import io.tuli.Handler;
import io.tuli.Limits;
import io.tuli.Mesh;
import io.tuli.MeshEvent;
import io.tuli.Message;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a turn or a fold cannot send is refused where it is made. */
class EmittedTest {

    private static final String WIDE = "\u2603";
    private static final Map<String, Message> BROKEN =
            Map.of(
                    "long verb", Message.of(WIDE.repeat(86)).key("k"),
                    "half verb", Message.of("HALF\ud83e").key("k"),
                    "own verb", Message.of("$report").key("k"),
                    "long key", Message.of("SAY").key("k".repeat(70_000)),
                    "half header", Message.of("SAY").key("k").header("n", "\udc00"),
                    "long header",
                            Message.of("SAY")
                                    .key("k")
                                    .header("n", WIDE.repeat(Limits.defaults().messageBytes() / 3)),
                    "unwritable body", Message.of("SAY", Double.NaN).key("k"));

    private static final TestMeshes MESHES = new TestMeshes();
    private static final List<MeshEvent> EVENTS = new CopyOnWriteArrayList<>();
    private static final Handler<Object> HANDLER =
            (message, turn) -> {
                switch (message.verb()) {
                    case "EMIT" -> {
                        turn.update("decided");
                        turn.emit("notes", BROKEN.get(message.headers().get("what")));
                    }
                    case "TO" -> turn.emit(message.headers().get("to"), Message.of("SAY").key("k"));
                    default -> {
                        return turn.pass();
                    }
                }
                return null;
            };
    private static Service<Object> things;
    private static Service<Object> notes;

    @BeforeAll
    static void serve() {
        Mesh server = MESHES.server();
        server.events(EVENTS::add);
        things = synced(server.serve(ServiceConfig.of("things", Object.class).handler(HANDLER)));
        notes =
                synced(
                        server.serve(
                                ServiceConfig.of("notes", Object.class)
                                        .handler(EmittedTest::note)
                                        .fold("things", EmittedTest::folded)));
    }

    @AfterAll
    static void leave() {
        MESHES.close();
    }

    private static Object note(Message message, io.tuli.Turn<Object> turn) {
        turn.update(message.key().top(), message.verb());
        return "noted";
    }

    private static List<Message> folded(Change change) {
        Message broken = BROKEN.get(String.valueOf(change.value()));
        return broken == null
                ? List.of()
                : List.of(broken, Message.of("AFTER").key("after " + change.value()));
    }

    private static TuliException failureOf(Message message) {
        CompletionException failed =
                catchThrowableOfType(
                        CompletionException.class,
                        () ->
                                things.send(message)
                                        .reply()
                                        .orTimeout(
                                                SOON.toSeconds(),
                                                java.util.concurrent.TimeUnit.SECONDS)
                                        .join());
        assertThat(failed).isNotNull();
        return (TuliException) failed.getCause();
    }

    /** Messages that no call could be made with. */
    static Set<String> unsendable() {
        return BROKEN.keySet();
    }

    @ParameterizedTest
    @MethodSource("unsendable")
    void aMessageThatCannotBeSentFailsTheTurnThatEmitsIt(String what) {
        TuliException refused = failureOf(Message.of("EMIT").key("k").header("what", what));

        assertThat(refused.failure()).isIn(Failure.BAD_REQUEST, Failure.TOO_LARGE);
        assertThat(things.state().get("k")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "$", "a b", "caf\u00e9", "\ud83e"})
    void nothingIsEmittedToWhatCannotBeAService(String name) {
        String header = name.equals("\ud83e") ? "x".repeat(101) : name;

        TuliException refused = failureOf(Message.of("TO").key("to").header("to", header));

        assertThat(refused.failure()).isEqualTo(Failure.BAD_REQUEST);
        assertThat(refused).hasMessageContaining("a service name is");
    }

    @ParameterizedTest
    @MethodSource("unsendable")
    void aFoldedMessageThatCannotBeSentIsLeftOutAndToldAndTheNextIsNot(String what) {
        things.update("folded " + what, what).reply().join();

        await().atMost(SOON).until(() -> "AFTER".equals(notes.state().get("after " + what)));
        await().atMost(SOON)
                .until(
                        () ->
                                EVENTS.stream()
                                        .map(MeshEvent::text)
                                        .anyMatch(
                                                text ->
                                                        text.contains("left out")
                                                                && text.contains(
                                                                        "folded " + what)));
    }

    @Test
    void anEmissionNobodyTakesIsTold() {
        things.send(Message.of("TO").key("to").header("to", "nobody").within(SOON)).reply().join();

        await().atMost(SOON.multipliedBy(2))
                .until(() -> EVENTS.stream().anyMatch(event -> event.subject().equals("nobody")));
    }
}
