package io.tuli.todos;

import io.tuli.Key;
import io.tuli.Message;
import io.tuli.Page;
import io.tuli.Refusal;
import io.tuli.Resource;
import io.tuli.ResourceContext;
import io.tuli.Service;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The todos, as each replica serves them; what is found says who has answered. */
final class TodoList {

    static final String NAME = "todos";

    private static final int TITLE_MAX = 200;
    private static final List<String> FIRST =
            List.of("Stop one replica", "Stop both", "Start one again");

    private TodoList() {}

    /** What is to be done. */
    record Todo(@Nullable String title, boolean done) {}

    /**
     * How a replica serves them.
     *
     * @param replica its name
     */
    static Resource<Todo> resource(String replica) {
        Map<String, Object> own = Map.of("name", replica, "pid", ProcessHandle.current().pid());
        return Resource.documents(NAME, Todo.class)
                .heardBy((event, told) -> Set.of("everybody"))
                .before(Resource.CREATE, TodoList::checked)
                .after(Resource.FIND, (message, context, result) -> signed(result, own));
    }

    private static Message checked(Message message, ResourceContext<Todo> context) {
        Todo todo = message.body(Todo.class);
        String title = todo == null || todo.title() == null ? "" : todo.title().strip();
        if (title.isEmpty() || title.length() > TITLE_MAX) {
            throw Refusal.unprocessable("a todo has a title of 1 to " + TITLE_MAX + " characters");
        }
        return message.carrying(new Todo(title, false));
    }

    private static @Nullable Object signed(@Nullable Object result, Map<String, Object> replica) {
        return result instanceof Page<?> page
                ? Map.of(
                        "total", page.total(),
                        "limit", page.limit(),
                        "skip", page.skip(),
                        "data", page.data(),
                        "replica", replica)
                : result;
    }

    /** Whoever comes first begins the list; both may try. */
    static void begin(Service<Todo> todos) {
        if (!todos.state().isEmpty()) {
            return;
        }
        for (int at = 0; at < FIRST.size(); at++) {
            todos.key(Key.of(String.valueOf(at + 1)))
                    .send(Message.of(Resource.CREATE, new Todo(FIRST.get(at), false)))
                    .reply()
                    .exceptionally(isThere -> null)
                    .join();
        }
    }
}
