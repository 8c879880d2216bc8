package io.tuli.node;

import static io.tuli.node.TestMeshes.SOON;
import static io.tuli.node.TestMeshes.synced;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tuli.Failure;
import io.tuli.Handler;
import io.tuli.Mesh;
import io.tuli.MeshEvent;
import io.tuli.Message;
import io.tuli.Outcome;
import io.tuli.Payload;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The owner of a service with a type commits no document that cannot be read as that type. */
class CheckedTest {

    private static final TestMeshes MESHES = new TestMeshes();
    private static final List<MeshEvent> EVENTS = new CopyOnWriteArrayList<>();
    private static final Handler<Cart> HANDLER =
            (message, turn) -> {
                if (!message.verb().equals("TWICE")) {
                    return turn.pass();
                }
                turn.update(message.key().top(), new Cart(List.of("pen"), 1));
                turn.update(message.key().top() + ".count", "many");
                return null;
            };
    private static Mesh client;
    private static Service<Cart> carts;
    private static Service<Object> anything;

    /** What the carts are read as. */
    public record Cart(List<String> items, int count) {}

    @BeforeAll
    static void serve() {
        Mesh server = MESHES.server();
        server.events(EVENTS::add);
        ServiceConfig<Cart> config = ServiceConfig.of("carts", Cart.class).handler(HANDLER);
        carts =
                synced(
                        server.serve(
                                config.fold(
                                        "orders",
                                        change ->
                                                List.of(
                                                        Message.of("update", change.value())
                                                                .key(change.key().top())))));
        synced(server.serve(ServiceConfig.of("orders", Object.class)));
        synced(server.serve(ServiceConfig.of("trusted", Cart.class).unchecked()));
        synced(server.serve(ServiceConfig.of("bytes", byte[].class)));
        synced(server.serve(ServiceConfig.of("maps", Map.class)));
        synced(server.serve(ServiceConfig.of("raw", Payload.class)));
        client = MESHES.client();
        anything = synced(client.use("carts", Object.class));
    }

    @AfterAll
    static void leave() {
        MESHES.close();
    }

    private static @Nullable TuliException failureOf(io.tuli.Call<?> call) {
        try {
            call.reply().orTimeout(SOON.toSeconds(), TimeUnit.SECONDS).join();
            return null;
        } catch (CompletionException failed) {
            return (TuliException) failed.getCause();
        }
    }

    private static void assertRefused(io.tuli.Call<?> call, String... facts) {
        TuliException refused = failureOf(call);
        assertThat(refused).isNotNull();
        assertThat(refused.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(refused.failure()).isEqualTo(Failure.BAD_REQUEST);
        assertThat(refused).hasMessageContainingAll(facts);
    }

    @Test
    void whatCannotBeReadAsTheTypeIsRefusedAndAllStaysReadable() {
        assertRefused(
                anything.update("eve", Map.of("items", "many")),
                "key=eve",
                "type=" + Cart.class.getTypeName(),
                "at ",
                "items");

        assertThat(carts.state().get("eve")).isNull();
        carts.state().values().forEach(cart -> assertThat(cart).isInstanceOf(Cart.class));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "update    | {0}.count   | many",
                "update    | {0}         | text",
                "update    | {0}.items.0 | {}",
                "push      | {0}         | 1",
                "increment | {0}.count   | 9007199254740993",
                "include   | {0}.count   | x",
                "set       | {0}.count   | verb",
            })
    void noVerbLeavesADocumentThatCannotBeRead(String verb, String at, String value) {
        String top = "verb-" + verb + at.length() + value.length();
        Cart cart = new Cart(List.of("pen"), 1);
        assertThat(carts.update(top, cart).reply()).succeedsWithin(SOON);
        Object body =
                switch (value) {
                    case "{}" -> Map.of();
                    case "9007199254740993" -> 9007199254740993L;
                    default ->
                            value.contains("verb")
                                    ? Map.of("verb", "update", "value", List.of())
                                    : value;
                };

        TuliException refused =
                failureOf(anything.send(Message.of(verb, body).key(at.replace("{0}", top))));

        assertThat(refused).isNotNull();
        assertThat(refused.failure()).isIn(Failure.BAD_REQUEST, Failure.CONFLICT);
        assertThat(carts.state().get(top)).isEqualTo(cart);
    }

    @Test
    void aTurnIsCheckedAsAWhole() {
        assertRefused(anything.send(Message.of("TWICE").key("turn")), "key=turn", "count");

        assertThat(carts.state().get("turn")).isNull();
    }

    @Test
    void whatTheTypeDoesNotKnowOrMissesFitsAndRemovingAlwaysDoes() {
        Map<String, Object> more = Map.of("items", List.of("pen"), "color", "red");

        assertThat(anything.update("more", more).reply()).succeedsWithin(SOON);
        assertThat(anything.update("none", null).reply()).succeedsWithin(SOON);
        assertThat(anything.remove("more").reply()).succeedsWithin(SOON);
    }

    @Test
    void aFoldedMessageThatDoesNotFitIsLeftOutAndTold() {
        Service<Object> orders = synced(client.use("orders", Object.class));

        orders.update("fold-bad", List.of(1)).reply().join();
        orders.update("fold-good", new Cart(List.of("pen"), 7)).reply().join();

        await().atMost(SOON).until(() -> carts.state().get("fold-good") != null);
        await().atMost(SOON)
                .until(
                        () ->
                                EVENTS.stream()
                                        .map(MeshEvent::text)
                                        .anyMatch(
                                                text ->
                                                        text.contains("fold-bad")
                                                                && text.contains("left out")));
        assertThat(carts.state().get("fold-bad")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[[[]]]", "\"aGVsbG8=\"", "7"})
    void bytesAreNoJson(String json) {
        Service<Object> bytes = synced(client.use("bytes", Object.class));

        assertRefused(bytes.update("k", Payload.json(json)), "key=k", "type=byte[]");
        assertThat(bytes.update("k", new byte[] {1}).reply()).succeedsWithin(SOON);
    }

    @Test
    void aMapIsAnObject() {
        Service<Object> maps = synced(client.use("maps", Object.class));

        assertRefused(maps.update("k", 5), "key=k", "type=java.util.Map");
        assertRefused(maps.update("k", new byte[1]), "key=k", "opaque");
        assertThat(maps.update("k", Map.of("a", Map.of("b", 1))).reply()).succeedsWithin(SOON);
    }

    @Test
    void uncheckedTakesAnything() {
        Service<Object> trusted = synced(client.use("trusted", Object.class));
        Service<Object> raw = synced(client.use("raw", Object.class));

        assertThat(trusted.update("k", "text").reply()).succeedsWithin(SOON);
        assertThat(raw.update("k", "text").reply()).succeedsWithin(SOON);
        assertThat(raw.update("k", new byte[1]).reply()).succeedsWithin(SOON);
    }
}
