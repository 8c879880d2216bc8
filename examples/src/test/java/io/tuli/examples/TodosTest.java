package io.tuli.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tuli.Call;
import io.tuli.Key;
import io.tuli.Message;
import io.tuli.Page;
import io.tuli.Query;
import io.tuli.Refusal;
import io.tuli.Service;
import io.tuli.examples.Todos.Todo;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("FD-29")
@Tag("FD-45")
class TodosTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    private final Meshes meshes = new Meshes();

    @AfterEach
    void close() {
        meshes.close();
    }

    private static Call<Object> send(Service<Todo> todos, String id, String method) {
        return todos.key(Key.of(id)).send(Message.of(method));
    }

    @Test
    void todosAreServedByTwoMembersAndAskedByAThird() {
        for (int i = 0; i < 2; i++) {
            meshes.server().serve(Todos.resource().config()).awaitSync(SOON);
        }
        Service<Todo> todos = meshes.client().use(Todos.NAME, Todo.class);
        todos.awaitSync(SOON);

        Map<?, ?> milk =
                (Map<?, ?>)
                        Objects.requireNonNull(
                                todos.send(Message.of("create", new Todo(" milk ", false)))
                                        .await());
        String id = String.valueOf(milk.get("id"));
        Call<Object> blank = todos.send(Message.of("create", new Todo(" ", false)));
        Page<Todo> open = todos.find(Query.of(Map.of("done", false)), Todo.class);

        assertThat(open.data()).containsExactly(new Todo("milk", false));
        assertThat(catchThrowableOfType(Refusal.class, blank::await).errors())
                .isEqualTo(Map.of("title", "is blank"));
        assertThat(send(todos, id, "finish").await())
                .isEqualTo(Map.of("title", "milk", "done", true));
        assertThat(catchThrowableOfType(Refusal.class, send(todos, id, "finish")::await).code())
                .isEqualTo(409);
        assertThat(todos.find(Query.of(Map.of("done", false)), Todo.class).total()).isZero();
    }
}
