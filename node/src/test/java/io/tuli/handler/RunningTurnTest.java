package io.tuli.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuli.Caller;
import io.tuli.Edit;
import io.tuli.Failure;
import io.tuli.Key;
import io.tuli.Limits;
import io.tuli.Message;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import io.tuli.codec.JsonCodec;
import io.tuli.codec.JsonDocuments;
import io.tuli.protocol.Decision;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("FE-02")
class RunningTurnTest {
    private final RunningTurn<Object> turn = turn("eu.u1.name", "{'name':'Ada','tags':['a']}");

    @Test
    void turnSeesItsOwnEdits() {
        turn.update("eu.name", "Eve");
        turn.push("eu.tags", "b");
        turn.update("eu.more.deep", 1);

        assertThat(turn.value())
                .isEqualTo(
                        Map.of(
                                "name", "Eve",
                                "tags", List.of("a", "b"),
                                "more", Map.of("deep", 1)));
        assertThat(turn.value("eu.tags.1", String.class)).isEqualTo("b");
    }

    @Test
    void everyEditTakesAKey() {
        Key dotted = Key.of("eu", "a.b");
        turn.update(dotted, Map.of());
        turn.add(dotted.child("c.d"), 1);
        turn.push(dotted.child("list"), "x");
        turn.increment(dotted.child("sum"), 2);
        turn.include(dotted.child("set"), "y");
        turn.exclude(dotted.child("set"), "y");
        turn.patch(dotted, Map.of("e.f", 3));
        turn.remove(dotted.child("c.d"));

        assertThat(turn.value(dotted, Object.class))
                .isEqualTo(Map.of("list", List.of("x"), "sum", 2, "set", List.of(), "e.f", 3));
        assertThat(turn.value(dotted.child("e.f"), Integer.class)).isEqualTo(3);
    }

    record City(String name) {}

    @Test
    void aWholeDocumentDoesNotLandInsideAnother() {
        RunningTurn<City> cities = turn("eu.rome", "{'name':'Rome'}", City.class);

        assertThatThrownBy(() -> cities.update("eu.rome", new City("Rome")))
                .isInstanceOf(TuliException.class)
                .hasMessageContaining("key=eu.rome points inside the document eu");
        cities.update("eu.name", "Roma");
        cities.update(new City("Roma"));
    }

    @Test
    void aTextThatIsNoKeyIsABadRequest() {
        for (String text : List.of("", "a..b", ".", "a.")) {
            assertThatThrownBy(() -> turn.update(text, 1))
                    .isInstanceOfSatisfying(
                            TuliException.class,
                            why -> assertThat(why.failure()).isEqualTo(Failure.BAD_REQUEST));
        }
    }

    @Test
    void everyEditIsToldInOrder() {
        turn.update(Map.of("n", 1));
        turn.add("eu.list", List.of());
        turn.push("eu.list", "x");
        turn.push("eu.list", "y");
        turn.push("eu.other", "z");
        turn.patch("eu", Map.of("b", 2, "a", 1));
        turn.remove("eu.n");
        turn.remove("eu.n");

        assertThat(edits())
                .containsExactly(
                        Edit.update(Key.parse("eu"), json("{'n':1}")),
                        Edit.add(Key.parse("eu.list"), json("[]")),
                        new Edit(Edit.Kind.PUSH, Key.parse("eu.list"), json("'x'")),
                        new Edit(Edit.Kind.PUSH, Key.parse("eu.list"), json("'y'")),
                        new Edit(Edit.Kind.PUSH, Key.parse("eu.other"), json("'z'")),
                        Edit.update(Key.parse("eu.a"), json("1")),
                        Edit.update(Key.parse("eu.b"), json("2")),
                        Edit.remove(Key.parse("eu.n")));
    }

    @Test
    void addNeedsAKeyThatIsNotThere() {
        refused(() -> turn.add("eu", 1), Failure.CONFLICT, "key=eu");
        refused(() -> turn.add("eu.name", 1), Failure.CONFLICT, "key=eu.name");

        turn.add("eu.tags.0", "first");

        assertThat(turn.value("eu.tags", Object.class)).isEqualTo(List.of("first", "a"));
    }

    @Test
    void pushNeedsAnArrayOrNothing() {
        refused(() -> turn.push("eu.name", 1), Failure.CONFLICT, "key=eu.name");
        refused(() -> turn.push("eu.tags", new byte[1]), Failure.BAD_REQUEST, "OPAQUE");
    }

    @Test
    void countersAndSetsAreChangedByWhatIsAddedToThem() {
        refused(() -> turn.include("eu.name", 1), Failure.CONFLICT, "key=eu.name");
        refused(() -> turn.increment("eu.name", 1), Failure.CONFLICT, "key=eu.name");

        turn.increment("eu.sum", 2);
        turn.include("eu.tags", "b");
        turn.include("eu.tags", "b");
        turn.exclude("eu.tags", "a");
        turn.exclude("eu.tags", "a");

        assertThat(turn.value("eu.tags", Object.class)).isEqualTo(List.of("b"));
        assertThat(edits())
                .containsExactly(
                        new Edit(Edit.Kind.INCREMENT, Key.parse("eu.sum"), json("2")),
                        new Edit(Edit.Kind.INCLUDE, Key.parse("eu.tags"), json("'b'")),
                        new Edit(Edit.Kind.INCLUDE, Key.parse("eu.tags"), json("'b'")),
                        new Edit(Edit.Kind.EXCLUDE, Key.parse("eu.tags"), json("'a'")));
    }

    @Test
    void patchNeedsAnObject() {
        refused(() -> turn.patch("eu", List.of()), Failure.BAD_REQUEST, "needs an object");
        refused(() -> turn.patch("eu", Map.of("", 1)), Failure.BAD_REQUEST, "without a name");

        turn.patch("eu", Map.of());

        assertThat(edits()).isEmpty();
    }

    @Test
    @Tag("FE-08")
    void turnReachesWhatIsPlacedWithItsKey() {
        turn.update("en", 1);

        assertThat(turn.value("es", Object.class)).isEqualTo("es!");
        refused(() -> turn.update("us.u2", 1), Failure.BAD_REQUEST, "message key=eu.u1.name");
        refused(() -> turn.remove("us.u2"), Failure.BAD_REQUEST, "other key=us.u2");
        refused(() -> turn.value("us", Object.class), Failure.BAD_REQUEST, "service=s");
    }

    @Test
    void keysAreChecked() {
        refused(() -> turn.update("", 1), Failure.BAD_REQUEST, "the key is empty");
        refused(() -> turn.update("eu..x", 1), Failure.BAD_REQUEST, "no empty segment");
        refused(() -> turn.update("e".repeat(5_000), 1), Failure.TOO_LARGE, "key.bytes=4096");
        refused(() -> turn.update("e" + ".x".repeat(65), 1), Failure.TOO_LARGE, "document.depth");
    }

    @Test
    void turnFitsIntoOneMessage() {
        String half = "x".repeat(600_000);
        turn.update("eu.a", half);

        refused(() -> turn.reply(half), Failure.TOO_LARGE, "message.bytes=1048576");
    }

    @Test
    void emissionsCarryTheirBodyAsItWasThen() {
        List<Object> body = new java.util.ArrayList<>(List.of(1));
        turn.emit("mail", Message.of("SEND", body).key("k"));
        body.add(2);

        Decision.Done done = (Decision.Done) turn.end(null);

        assertThat(done.emitted())
                .singleElement()
                .satisfies(
                        emitted -> {
                            assertThat(emitted.service()).isEqualTo("mail");
                            assertThat(emitted.message().body()).isEqualTo(json("[1]"));
                            assertThat(emitted.message().key()).isEqualTo(Key.of("k"));
                        });
    }

    @Test
    void everyMethodIsRefusedAfterTheEnd() {
        turn.end(null);

        List<ThrowingCallable> all =
                List.of(
                        turn::value,
                        () -> turn.value("eu", Object.class),
                        () -> turn.update(1),
                        () -> turn.update("eu", 1),
                        () -> turn.add("eu.x", 1),
                        () -> turn.push("eu.x", 1),
                        () -> turn.patch("eu", Map.of()),
                        () -> turn.remove("eu"),
                        () -> turn.emit("s", Message.of("X")),
                        () -> turn.reply(1),
                        turn::pass);

        assertThat(all)
                .allSatisfy(
                        call ->
                                assertThatThrownBy(call)
                                        .isInstanceOf(IllegalStateException.class)
                                        .hasMessageContaining("a turn is over"));
    }

    private List<Edit> edits() {
        return ((Decision.Done) turn.end(null)).edits();
    }

    private static void refused(ThrowingCallable call, Failure failure, String text) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        TuliException.class, e -> assertThat(e.failure()).isEqualTo(failure))
                .hasMessageContaining(text);
    }

    private static RunningTurn<Object> turn(String key, String document) {
        return turn(key, document, Object.class);
    }

    private static <T> RunningTurn<T> turn(String key, String document, Class<T> type) {
        Limits limits = Limits.defaults();
        ServiceConfig<T> service =
                ServiceConfig.of("s", type).partitioner(top -> top.substring(0, 1));
        TurnRules<T> rules =
                new TurnRules<>(service, new JsonCodec(limits), new JsonDocuments(), limits);
        return new RunningTurn<>(
                rules,
                RunningTurn.Scope.KEY,
                new JsonMessage(
                        Key.parse(key),
                        RequestId.NONE,
                        Duration.ofSeconds(1),
                        Map.of(),
                        Payload.NONE,
                        Caller.MESH,
                        rules.codec()),
                json(document),
                other -> json("'" + other + "!'"));
    }

    private static Payload json(String text) {
        return Payload.json(text.replace('\'', '"'));
    }
}
