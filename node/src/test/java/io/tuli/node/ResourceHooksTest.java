package io.tuli.node;

import static io.tuli.node.TestMeshes.synced;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tuli.Call;
import io.tuli.Failure;
import io.tuli.Message;
import io.tuli.Refusal;
import io.tuli.Resource;
import io.tuli.Service;
import io.tuli.TuliException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Hooks run on the member that serves, in the turn, in order; whatever they throw. */
@Tag("FD-38")
@Tag("FD-46")
class ResourceHooksTest {

    private final TestMeshes meshes = new TestMeshes();
    private final List<String> order = Collections.synchronizedList(new ArrayList<>());

    record Todo(@Nullable String title, boolean done) {}

    /** Nothing can be asked of it. */
    private static final class Mute extends Error {
        private static final long serialVersionUID = 1;

        @Override
        public String getMessage() {
            throw new AssertionError("nothing to say");
        }

        @Override
        public synchronized Throwable getCause() {
            throw new AssertionError("no cause");
        }
    }

    @AfterEach
    void closeAll() {
        meshes.close();
    }

    private Service<Todo> caller(UnaryOperator<Resource<Todo>> hooked) {
        Resource<Todo> resource = hooked.apply(Resource.documents("todos", Todo.class));
        synced(meshes.server().serve(resource.config()));
        return synced(meshes.client().use("todos", Todo.class));
    }

    private static Call<Object> create(Service<Todo> todos, String id, Object data) {
        return todos.key(id).send(Message.of("create", data));
    }

    private Resource.Before<Todo> before(String name) {
        return (message, context) -> {
            order.add(name);
            return null;
        };
    }

    private Resource.After<Todo> after(String name) {
        return (message, context, result) -> {
            order.add(name);
            return result;
        };
    }

    private Resource.Hook<Todo> around(String name) {
        return (message, context, next) -> {
            order.add(name + " in");
            Object result = next.call(message, context);
            order.add(name + " out");
            return result;
        };
    }

    @Test
    void theyRunInTheOrderInWhichTheyAreDeclared() {
        Service<Todo> todos =
                caller(
                        resource ->
                                resource.after("create", after("after 1"))
                                        .around("*", around("outer"))
                                        .before("*", before("before 1"))
                                        .before("create", before("before 2"))
                                        .before("patch", before("of patch"))
                                        .around("create", around("inner"))
                                        .after("*", after("after 2")));

        create(todos, "a", Map.of("title", "x")).await();

        assertThat(order)
                .containsExactly(
                        "outer in",
                        "inner in",
                        "before 1",
                        "before 2",
                        "after 1",
                        "after 2",
                        "inner out",
                        "outer out");
    }

    @Test
    void theySeeTheRecordChangeTheDataAndTheAnswer() {
        Service<Todo> todos =
                caller(
                        resource ->
                                resource.before(
                                                "create",
                                                (message, context) -> {
                                                    Todo todo = message.body(Todo.class);
                                                    String title = todo.title();
                                                    if (title == null || title.isBlank()) {
                                                        throw Refusal.unprocessable("a title")
                                                                .errors(Map.of("title", "blank"));
                                                    }
                                                    return message.carrying(
                                                            new Todo(title.strip(), true));
                                                })
                                        .after(
                                                "create",
                                                (message, context, result) ->
                                                        List.of(
                                                                context.method(),
                                                                context.id().orElseThrow(),
                                                                result)));

        Object answer = create(todos, "a", Map.of("title", " milk ")).await();

        Map<String, Object> made = Map.of("id", "a", "title", "milk", "done", true);
        assertThat(answer).isEqualTo(List.of("create", "a", made));
        assertThat(todos.state().get("a")).isEqualTo(new Todo("milk", true));
        Call<Object> blank = create(todos, "b", Map.of("title", " "));
        assertThat(catchThrowableOfType(Refusal.class, blank::await).errors())
                .isEqualTo(Map.of("title", "blank"));
        assertThat(todos.state()).doesNotContainKey("b");
    }

    @Test
    void aroundMayAnswerInsteadOfTheMethod() {
        Service<Todo> todos =
                caller(resource -> resource.around("remove", (message, context, next) -> "no"));
        create(todos, "a", Map.of()).await();

        assertThat(todos.key("a").send(Message.of("remove")).await()).isEqualTo("no");
        assertThat(todos.state()).containsKey("a");
    }

    @Test
    void failureIsHandedFromHookToHookUntilOneAnswers() {
        Service<Todo> todos =
                caller(
                        resource ->
                                resource.failed(
                                                "*",
                                                (message, context, thrown) -> {
                                                    order.add("first " + thrown.getMessage());
                                                    throw Refusal.gone("gone");
                                                })
                                        .failed(
                                                "get",
                                                (message, context, thrown) ->
                                                        "second " + thrown.getMessage()));

        assertThat(todos.key("a").send(Message.of("get")).await()).isEqualTo("second gone");
        Call<Object> patch = todos.key("a").send(Message.of("patch", Map.of()));
        assertThat(catchThrowableOfType(Refusal.class, patch::await).code()).isEqualTo(410);
        assertThat(order).hasSize(2).allMatch(each -> each.startsWith("first No record found"));
    }

    @Test
    void whatAHookThrowsFailsItsCallAndChangesNothing() {
        List<Throwable> thrown =
                List.of(
                        new IllegalStateException("out of order"),
                        new Exception("checked"),
                        new StackOverflowError(),
                        new AssertionError("planted"),
                        new OutOfMemoryError("the user's"),
                        new NoClassDefFoundError("gone"),
                        new Mute());
        Service<Todo> todos =
                caller(
                        resource ->
                                resource.after(
                                        "create",
                                        (message, context, result) -> {
                                            Map<?, ?> made =
                                                    (Map<?, ?>) Objects.requireNonNull(result);
                                            sneak(thrown.get((Integer) made.get("which")));
                                            return result;
                                        }));
        for (int i = 0; i < thrown.size(); i++) {
            Call<Object> call = create(todos, "k" + i, Map.of("which", i));
            TuliException told = catchThrowableOfType(TuliException.class, call::await);
            assertThat(told.failure()).isEqualTo(Failure.HANDLER_FAILED);
        }
        assertThat(todos.state()).isEmpty();
        assertThat(todos.key("k0").send(Message.of("create", Map.of("which", 99))).reply())
                .failsWithin(TestMeshes.SOON);
    }

    @SuppressWarnings("unchecked")
    private static <X extends Throwable> void sneak(Throwable thrown) throws X {
        throw (X) thrown;
    }

    @Test
    void hooksRunWhenAStageCompletes() {
        Service<Todo> todos =
                caller(
                        resource ->
                                resource.method("later", (message, context) -> stage(message))
                                        .after(
                                                "later",
                                                (message, context, result) ->
                                                        CompletableFuture.completedFuture(
                                                                "after " + result))
                                        .failed("later", (message, context, thrown) -> "failed"));

        assertThat(todos.any().send(Message.of("later", "ok")).await()).isEqualTo("after ok");
        assertThat(todos.any().send(Message.of("later", "not")).await()).isEqualTo("failed");
    }

    private static CompletionStage<String> stage(Message message) {
        CompletableFuture<String> stage = new CompletableFuture<>();
        String text = String.valueOf(message.body(String.class));
        Thread.ofVirtual()
                .start(
                        () -> {
                            if (text.equals("ok")) {
                                stage.complete(text);
                            } else {
                                stage.completeExceptionally(new Mute());
                            }
                        });
        return stage;
    }
}
