package io.tuli.node;

import static io.tuli.node.TestMeshes.synced;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuli.Key;
import io.tuli.Message;
import io.tuli.Page;
import io.tuli.Query;
import io.tuli.Refusal;
import io.tuli.Service;
import io.tuli.TuliException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Queries of the documents that a member's replica holds. */
@Tag("FD-29")
class FindTest {

    private final TestMeshes meshes = new TestMeshes();

    record Todo(String id, String title, int priority) {}

    @AfterEach
    void closeAll() {
        meshes.close();
    }

    @Test
    void clientFindsWhatItHasWrittenAsSoonAsItsReplyIsThere() {
        synced(meshes.server().serve("todos", Todo.class));
        Service<Todo> todos = synced(meshes.client().use("todos", Todo.class));
        for (int i = 0; i < 30; i++) {
            todos.update("t" + i, new Todo("ignored", "title " + i, i % 5)).await();
        }

        Query query = Query.of(Map.of("priority", Map.of("$gte", 3), "$limit", 2));
        Page<Todo> page = todos.find(query, Todo.class);

        assertThat(page.total()).isEqualTo(12);
        assertThat(page.data())
                .containsExactly(new Todo("t13", "title 13", 3), new Todo("t14", "title 14", 4));
    }

    @Test
    void onlyObjectsAreRecordsAndTheirIdIsTheirKeyHoweverOdd() {
        Service<Object> things = synced(meshes.server().serve("things", Object.class));
        things.update(Key.of("a.b\\c"), Map.of("n", 1, "id", "its own")).await();
        things.update(Key.of("text"), "no object").await();
        things.update(Key.of("list"), List.of(1)).await();
        things.update(Key.of("bytes"), new byte[] {'{'}).await();
        things.update(Key.of("null"), null).await();

        assertThat(things.find(Query.all(), Map.class).data())
                .isEqualTo(List.of(Map.of("id", "a.b\\c", "n", 1)));
        assertThat(things.find(Query.of(Map.of("id", "a.b\\c")), Object.class).total())
                .isEqualTo(1);
    }

    @Test
    void turnFindsInTheReplicaOfItsMember() {
        Service<Object> served =
                synced(
                        meshes.server()
                                .serve(
                                        "things",
                                        Object.class,
                                        (message, turn) ->
                                                message.verb().equals("FIND")
                                                        ? turn.find(asked(message), Map.class)
                                                        : turn.pass()));
        Service<Object> things = synced(meshes.client().use("things", Object.class));
        IntStream.range(0, 20).forEach(i -> things.update("k" + i, Map.of("n", i)).await());
        Map<String, Object> query = Map.of("n", Map.of("$lt", 7), "$limit", 3);

        for (Service.Target any : List.of(things.any(), things.key("k1"), served.any())) {
            Page<?> page = any.send(Message.of("FIND", query), Page.class).await();
            assertThat(page.total()).isEqualTo(7);
            assertThat(page.data()).hasSize(3);
        }
        assertThatThrownBy(() -> things.any().send(Message.of("FIND", Map.of("$limt", 1))).await())
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("did you mean $limit?");
    }

    @SuppressWarnings("unchecked")
    private static Query asked(Message message) {
        return Query.of((Map<String, ?>) Objects.requireNonNull(message.body(Map.class)));
    }

    @Test
    void recordThatIsNoSuchTypeIsToldAndHarmsNobody() {
        Service<Object> things = synced(meshes.server().serve("things", Object.class));
        things.update("a", Map.of("priority", "high")).await();

        assertThatThrownBy(() -> things.find(Query.all(), Todo.class))
                .isInstanceOf(TuliException.class)
                .hasMessageContaining("priority");
    }
}
