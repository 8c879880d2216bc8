package io.tuli.examples;

import io.tuli.Mesh;
import io.tuli.Message;
import io.tuli.Refusal;
import io.tuli.Resource;
import io.tuli.ResourceContext;
import io.tuli.node.Tuli;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Todos as a resource: find, get, create, update, patch and remove, a rule before what is created,
 * and a method of its own. Start it in two terminals, and ask from a third:
 *
 * <pre>
 * ./tuli send todos create '{"title":"buy milk"}' --mesh todos
 * ./tuli send todos find '{"done":false,"$sort":{"title":1},"$limit":10}' --mesh todos
 * ./tuli send todos finish &lt;id&gt; --mesh todos
 * </pre>
 */
public final class Todos {

    public static final String NAME = "todos";

    private static final int TITLE_MAX = 200;

    private Todos() {}

    /** What is to be done. */
    public record Todo(@Nullable String title, boolean done) {}

    /** How to serve them. */
    public static Resource<Todo> resource() {
        return Resource.documents(NAME, Todo.class)
                .before(Resource.CREATE, Todos::checked)
                .method("finish", (message, context) -> finished(message, context));
    }

    /** A title has no blanks around it, and is one. */
    private static Message checked(Message message, ResourceContext<Todo> context) {
        Todo todo = message.body(Todo.class);
        String title = todo == null || todo.title() == null ? "" : todo.title().strip();
        if (title.isEmpty() || title.length() > TITLE_MAX) {
            String wrong = title.isEmpty() ? "is blank" : "is longer than " + TITLE_MAX;
            throw Refusal.unprocessable("a todo has a title").errors(Map.of("title", wrong));
        }
        return message.carrying(new Todo(title, todo != null && todo.done()));
    }

    /** Done once: a todo that is done already is a conflict. */
    private static Object finished(Message message, ResourceContext<Todo> context) {
        Todo todo = context.value();
        if (todo == null) {
            throw Refusal.notFound("no such todo");
        }
        if (todo.done()) {
            throw Refusal.conflict("it is done already");
        }
        context.patch(message.key(), Map.of("done", true));
        return new Todo(todo.title(), true);
    }

    /** Serves them until the process is told to end. */
    public static void main(String[] args) {
        Mesh mesh = Tuli.join(NAME);
        mesh.serve(resource().config());
        mesh.closed().join();
    }
}
