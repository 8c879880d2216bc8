package io.tuli.node;

import static io.tuli.node.TestMeshes.SOON;
import static io.tuli.node.TestMeshes.synced;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tuli.Failure;
import io.tuli.Mesh;
import io.tuli.Message;
import io.tuli.Outcome;
import io.tuli.Query;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import io.tuli.Tunnel;
import io.tuli.type.TypeOf;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** PT-92: types with parameters, wherever a class is given. */
@Tag("PT-92")
class TypesWithParametersTest {

    private static final TypeOf<List<Item>> ITEMS = new TypeOf<>() {};
    private static final TypeOf<Map<String, Item>> BY_NAME = new TypeOf<>() {};
    private static final Duration WITHIN = Duration.ofSeconds(10);

    private final TestMeshes meshes = new TestMeshes();
    private Mesh server;
    private Service<List<Item>> carts;
    private Service<List<Item>> used;

    /** What is in a cart. */
    record Item(String name, int count) {}

    @BeforeEach
    void start() {
        server = meshes.server();
        carts =
                server.serve(
                        ServiceConfig.of("carts", ITEMS)
                                .partitions(4)
                                .keepBefore()
                                .tunnel(
                                        (message, tunnel) ->
                                                tunnel.send(tunnel.receive(ITEMS, WITHIN)))
                                .handler(
                                        (message, turn) ->
                                                switch (message.verb()) {
                                                    case "FIRST" -> first(message.body(ITEMS));
                                                    case "OWN" -> first(turn.value());
                                                    case "AT" ->
                                                            first(turn.value(message.key(), ITEMS));
                                                    case "CONVERT" ->
                                                            turn.convert(message.body(), BY_NAME)
                                                                    .get("a")
                                                                    .count();
                                                    case "ITEMS" -> List.of(new Item("x", 7));
                                                    case "STREAM" ->
                                                            Stream.of(
                                                                    List.of(new Item("x", 1)),
                                                                    List.of(new Item("y", 2)));
                                                    default -> turn.pass();
                                                }));
        used = synced(meshes.client().use(ServiceConfig.of("carts", ITEMS)));
    }

    @AfterEach
    void close() {
        meshes.close();
    }

    private static int first(List<Item> items) {
        return items.getFirst().count();
    }

    private static Message message(String verb) {
        return Message.of(verb, List.of(new Item("a", 5))).key("k").within(WITHIN);
    }

    private static Item firstOf(List<Item> items) {
        return Objects.requireNonNull(items).getFirst();
    }

    @Test
    void whereverAClassIsGivenThereIsATypeWithParameters() {
        used.update("k", List.of(new Item("a", 3))).await();

        assertThat(firstOf(used.state().get("k"))).isEqualTo(new Item("a", 3));
        assertThat(firstOf(used.get("k", ITEMS))).isEqualTo(new Item("a", 3));
        assertThat(firstOf(used.read("k", ITEMS).await())).isEqualTo(new Item("a", 3));
        assertThat(firstOf(Objects.requireNonNull(used.versioned("k").value())).count())
                .isEqualTo(3);
        assertThat(firstOf(used.send(message("ITEMS"), ITEMS).await())).isEqualTo(new Item("x", 7));
        assertThat(firstOf(used.key("k").send(message("ITEMS"), ITEMS).reply().join()).count())
                .isEqualTo(7);
        assertThat(firstOf(used.any().send(message("ITEMS"), ITEMS).await()).count()).isEqualTo(7);
        assertThat(used.ask(message("ITEMS"), ITEMS, WITHIN).values())
                .allMatch(items -> firstOf(items).count() == 7)
                .hasSize(1);
        assertThat(used.all().answers(message("ITEMS"), ITEMS).join().values()).hasSize(1);
        Collected<List<Item>> items = new Collected<>();
        used.send(message("STREAM"), ITEMS).replies().subscribe(items);
        await().atMost(SOON).until(() -> items.soFar().size() == 2);
        assertThat(firstOf(items.soFar().getLast())).isEqualTo(new Item("y", 2));
    }

    @Test
    void aHandlerReadsWhatItIsSentAndWhatThereIs() {
        used.update("k", List.of(new Item("a", 3))).await();

        assertThat(used.send(message("FIRST"), Integer.class).await()).isEqualTo(5);
        assertThat(used.send(message("OWN"), Integer.class).await()).isEqualTo(3);
        assertThat(used.send(message("AT"), Integer.class).await()).isEqualTo(3);
        Message named = Message.of("CONVERT", Map.of("a", new Item("a", 9))).key("k");
        assertThat(used.send(named, Integer.class).await()).isEqualTo(9);
    }

    @Test
    void feedsEventsAndTunnelsDoSoToo() throws Exception {
        List<Item> told = new CopyOnWriteArrayList<>();
        used.feed()
                .verbs("update")
                .each(
                        change -> {
                            told.add(firstOf(change.value(ITEMS)));
                            List<Item> before = change.before(ITEMS);
                            told.add(before == null ? new Item("none", 0) : firstOf(before));
                        });
        used.events()
                .each(event -> told.add(firstOf(event.value(ITEMS))))
                .ready()
                .get(20, TimeUnit.SECONDS);

        used.update("k", List.of(new Item("a", 1))).await();
        used.update("k", List.of(new Item("a", 2))).await();
        await().atMost(SOON).until(() -> told.size() == 4);
        assertThat(carts.publish("p", List.of(new Item("a", 3)))).isOne();

        await().atMost(SOON).until(() -> told.size() == 5);
        assertThat(told).extracting(Item::count).containsExactly(1, 0, 2, 1, 3);
        try (Tunnel tunnel = used.any().open(Message.of("OPEN").within(WITHIN))) {
            tunnel.send(List.of(new Item("a", 4)));
            assertThat(firstOf(tunnel.receive(ITEMS)).count()).isEqualTo(4);
        }
    }

    @Test
    void whatIsNoSuchTypeIsRefusedWhereItIsWrittenAndToldWhereItIsRead() {
        refused(Failure.BAD_REQUEST, Outcome.FAILED, () -> used.update("k", "text").await());
        refused(
                Failure.BAD_REQUEST,
                Outcome.FAILED,
                () -> used.update("k", List.of(Map.of("count", "many"))).await());
        used.update("k", List.of(new Item("a", 1))).await();
        refused(
                Failure.BAD_REQUEST,
                Outcome.OK,
                () -> used.send(message("ITEMS"), BY_NAME).await());
        refused(Failure.BAD_REQUEST, Outcome.FAILED, () -> used.get("k", BY_NAME));
        assertThat(used.all().answers(message("ITEMS"), BY_NAME).join().failed()).hasSize(1);
        assertThat(used.state()).hasSize(1);
    }

    @Test
    void recordsAreFoundAsATypeWithParameters() {
        Service<Object> any = server.serve("any", Object.class);
        any.update("a", Map.of("n", 1)).await();

        List<Map<String, Object>> found =
                any.find(Query.all(), new TypeOf<Map<String, Object>>() {}).data();
        assertThat(found).hasSize(1);
        assertThat(found.getFirst()).containsEntry("id", "a");
    }

    private static void refused(
            Failure failure,
            Outcome outcome,
            org.assertj.core.api.ThrowableAssert.ThrowingCallable what) {
        assertThatThrownBy(what)
                .isInstanceOfSatisfying(
                        TuliException.class,
                        refused -> {
                            assertThat(refused.failure()).isEqualTo(failure);
                            assertThat(refused.outcome()).isEqualTo(outcome);
                        });
    }
}
