package io.tuli.node;

import static io.tuli.node.TestMeshes.synced;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tuli.Call;
import io.tuli.Key;
import io.tuli.Message;
import io.tuli.Outcome;
import io.tuli.Page;
import io.tuli.Query;
import io.tuli.Refusal;
import io.tuli.Resource;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The six methods on a service's documents, asked from another member. */
@Tag("FD-29")
@Tag("FD-44")
class ResourceTest {

    private static final TestMeshes MESHES = new TestMeshes();
    private static Service<Todo> todos;
    private static Service<Note> notes;

    record Todo(String title, boolean done, @Nullable List<String> tags) {}

    /** Has its id inside, and wants one. */
    record Note(String id, String text) {
        Note {
            Objects.requireNonNull(id, "id");
        }
    }

    @BeforeAll
    static void joinTwoServersAndACaller() {
        Resource<Todo> resource =
                Resource.documents("todos", Todo.class)
                        .method("shout", (message, context) -> shouted(message.body(Map.class)))
                        .method("finish", (message, context) -> finish(context));
        Resource<Note> noted = Resource.documents("notes", Note.class).without("remove", "find");
        for (int i = 0; i < 2; i++) {
            var server = MESHES.server();
            synced(server.serve(resource.config()));
            synced(server.serve(noted.config()));
        }
        var client = MESHES.client();
        todos = synced(client.use("todos", Todo.class));
        notes = synced(client.use("notes", Note.class));
    }

    private static String shouted(@Nullable Map<?, ?> body) {
        return String.valueOf(Objects.requireNonNull(body).get("text")).toUpperCase(Locale.ROOT);
    }

    private static Object finish(io.tuli.ResourceContext<Todo> context) {
        String id = context.id().orElseThrow();
        context.update(Key.of(id, "done"), true);
        return context.method() + " " + id + " of " + context.resource();
    }

    @AfterAll
    static void closeAll() {
        MESHES.close();
    }

    private static Message message(String method, @Nullable Object body) {
        return Message.of(method, body);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> record(Call<?> call) {
        return (Map<String, Object>) Objects.requireNonNull(call.await());
    }

    private static Map<String, Object> create(Map<String, ?> data) {
        return record(todos.send(message("create", data)));
    }

    private static Map<String, Object> of(String method, String id, @Nullable Object body) {
        return record(todos.key(Key.of(id)).send(message(method, body)));
    }

    private static Refusal refusal(Call<?> call) {
        return catchThrowableOfType(Refusal.class, call::await);
    }

    private static Refusal refused(String method, String id, @Nullable Object body) {
        return refusal(todos.key(Key.of(id)).send(message(method, body)));
    }

    // ---- the six -------------------------------------------------------------------------------

    @Test
    void recordLivesFromItsCreationToItsRemoval() {
        Map<String, Object> made = create(Map.of("title", "buy milk", "done", false));
        String id = (String) made.get("id");

        assertThat(made).isEqualTo(Map.of("id", id, "title", "buy milk", "done", false));
        assertThat(of("get", id, null)).isEqualTo(made);
        assertThat(of("patch", id, Map.of("done", true)))
                .isEqualTo(Map.of("id", id, "title", "buy milk", "done", true));
        assertThat(of("update", id, Map.of("title", "buy tea", "id", "other")))
                .isEqualTo(Map.of("id", id, "title", "buy tea"));
        assertThat(todos.state().get(id)).isEqualTo(new Todo("buy tea", false, null));
        assertThat(of("remove", id, null)).isEqualTo(Map.of("id", id, "title", "buy tea"));
        assertThat(refused("get", id, null).code()).isEqualTo(404);
        assertThat(refused("get", id, null).text())
                .isEqualTo("No record found for id '" + id + "'");
    }

    @Test
    void idIsTheDatasOrTheKeysAndTakenOnce() {
        assertThat(create(Map.of("id", "own", "title", "a"))).containsEntry("id", "own");
        assertThat(create(Map.of("id", 4711, "title", "a"))).containsEntry("id", "4711");
        assertThat(create(Map.of("id", "", "title", "a")).get("id")).isNotEqualTo("");
        assertThat(of("create", "by key", Map.of("title", "a"))).containsEntry("id", "by key");
        assertThat(refused("create", "own", Map.of("title", "b")).code()).isEqualTo(409);
        assertThat(refused("create", "other", Map.of("id", "own")).code()).isEqualTo(400);
        assertThat(refusal(todos.send(message("create", Map.of("id", "own")))).code())
                .isEqualTo(409);
        assertThat(todos.state().get("own")).isEqualTo(new Todo("a", false, null));
    }

    @Test
    void repeatOfACreateIsTheSameRecord() {
        Message named = message("create", Map.of("title", "once")).id("create once");

        assertThat(record(todos.send(named))).isEqualTo(record(todos.send(named)));
        assertThat(todos.find(Query.of(Map.of("title", "once")), Map.class).total()).isEqualTo(1);
    }

    @Test
    void whatIsNotThereIsNotWritten() {
        for (String method : List.of("get", "update", "patch", "remove")) {
            Refusal refusal = refused(method, "nobody", Map.of());
            assertThat(refusal.code()).isEqualTo(404);
            assertThat(refusal.name()).isEqualTo("NotFound");
        }
        assertThat(todos.state()).doesNotContainKey("nobody");
    }

    @Test
    void idsMayBeAsOddAsKeysMayBe() {
        for (String odd : List.of("a.b", "..", "\\", "€ 💶", " ", "x".repeat(500), "__proto__")) {
            assertThat(create(Map.of("id", odd, "title", "odd"))).containsEntry("id", odd);
            assertThat(of("patch", odd, Map.of("done", true))).containsEntry("done", true);
            assertThat(of("remove", odd, null)).containsEntry("id", odd);
        }
        assertThatThrownBy(() -> create(Map.of("id", "\ud800")))
                .hasMessageContaining("half of a surrogate");
        assertThatThrownBy(() -> create(Map.of("id", "x".repeat(65_536))))
                .hasMessageContaining("key.bytes");
        assertThatThrownBy(() -> create(Map.of("id", List.of(1))))
                .hasMessageContaining("an id is a text or a number");
        assertThat(refusal(todos.send(message("get", null).key("a.b"))).text())
                .contains("Key.of(id)");
    }

    @Test
    void whatIsNoRecordIsRefused() {
        for (Object odd : List.of(7, "text", true, new byte[] {1})) {
            assertThat(refused("create", "odd", odd).code()).isEqualTo(400);
            assertThat(refusal(todos.send(message("create", odd))).code()).isEqualTo(400);
        }
        assertThat(refused("create", "odd", List.of(Map.of())).code()).isEqualTo(405);
        assertThat(refused("create", "odd", List.of(Map.of())).code()).isEqualTo(405);
        assertThatThrownBy(() -> of("create", "odd", Map.of("done", "maybe")))
                .isInstanceOf(TuliException.class)
                .hasMessageContaining("readable as its");
        assertThat(todos.state()).doesNotContainKey("odd");
    }

    @Test
    void methodsWithoutARecordSayWhatTheyNeed() {
        for (String method : List.of("get", "update", "patch", "remove")) {
            assertThat(refusal(todos.send(message(method, Map.of()))).text())
                    .contains("give its id as the message's key");
        }
        assertThat(refused("find", "own", null).text()).contains("find takes no id");
    }

    // ---- find ----------------------------------------------------------------------------------

    @Test
    void findAnswersPagesAndConditionsHoldForOneRecordToo() {
        for (int i = 0; i < 12; i++) {
            create(Map.of("id", "page" + i, "title", "page", "tags", List.of("t" + i % 3)));
        }
        Map<String, Object> query = new HashMap<>(Map.of("title", "page", "tags", "t1"));

        Page<?> all = todos.any().send(message("find", query), Page.class).await();
        query.put("$limit", 2);
        query.put("$select", List.of("tags"));
        Page<?> two = todos.any().send(message("find", query), Page.class).await();

        assertThat(all.total()).isEqualTo(4);
        assertThat(all.limit()).isEqualTo(10);
        assertThat(two.data().get(0)).isEqualTo(Map.of("id", "page1", "tags", List.of("t1")));
        assertThat(of("get", "page1", Map.of("$select", List.of("title"))))
                .isEqualTo(Map.of("id", "page1", "title", "page"));
        assertThat(refused("get", "page1", Map.of("title", "other")).code()).isEqualTo(404);
        assertThat(refused("remove", "page1", Map.of("title", "other")).code()).isEqualTo(404);
        Message patch =
                message("patch", Map.of("done", true)).header("query", "{\"title\":\"other\"}");
        assertThat(refusal(todos.key("page1").send(patch)).code()).isEqualTo(404);
        assertThat(todos.state().get("page1").done()).isFalse();
    }

    @Test
    void oddQueriesAreRefused() {
        assertThat(refusal(todos.any().send(message("find", Map.of("$limit", -1)))).code())
                .isEqualTo(400);
        assertThat(refusal(todos.any().send(message("find", List.of(1)))).text())
                .contains("a query is a JSON object");
        of("create", "x", Map.of("title", "x"));
        Message odd = message("patch", Map.of()).header("query", "{\"a\":");
        assertThatThrownBy(() -> todos.key("x").send(odd).await())
                .isInstanceOf(TuliException.class)
                .hasMessageContaining("JSON");
        todos.key("x").send(message("remove", null)).await();
    }

    // ---- the table -----------------------------------------------------------------------------

    @Test
    @Tag("FD-45")
    void methodsOfOnesOwnAreCalledLikeOthers() {
        assertThat(todos.any().send(message("shout", Map.of("text", "hey"))).await())
                .isEqualTo("HEY");
        create(Map.of("id", "f1", "title", "finish me"));
        assertThat(todos.key("f1").send(message("finish", null)).await())
                .isEqualTo("finish f1 of todos");
        assertThat(todos.state().get("f1").done()).isTrue();
    }

    @Test
    void methodThatIsNotThereIs405AndTheNearestIsNamed() {
        assertThat(refusal(todos.send(message("fnd", null))).text())
                .contains("todos has find, get, create, update, patch, remove, shout, finish")
                .contains("did you mean find?");
        assertThat(refusal(notes.key("n").send(message("remove", null))).code()).isEqualTo(405);
        assertThat(refusal(todos.increment("own", 1)).code()).isEqualTo(405);
        assertThat(refusal(todos.send(message("toString", null))).name())
                .isEqualTo("MethodNotAllowed");
    }

    @Test
    void typeWithAnIdHasItInTheDocument() {
        notes.send(message("create", Map.of("id", "n1", "text", "first"))).await();
        notes.key("n1").send(message("update", Map.of("text", "second"))).await();

        assertThat(notes.state().get("n1")).isEqualTo(new Note("n1", "second"));
        assertThat(notes.find(Query.all(), Note.class).data())
                .isEqualTo(List.of(new Note("n1", "second")));
    }

    @Test
    void tableIsCheckedWhenItIsMade() {
        Resource<Todo> resource = Resource.documents("todos", Todo.class);

        assertThat(resource.methods())
                .containsExactly("find", "get", "create", "update", "patch", "remove");
        assertThat(resource.without("find").methods()).doesNotContain("find");
        assertThatThrownBy(() -> resource.without("fnd")).hasMessageContaining("mean find?");
        assertThatThrownBy(() -> resource.before("creat", (m, c) -> null).config())
                .hasMessageContaining("did you mean create?");
        assertThatThrownBy(() -> resource.method("$x", (m, c) -> null))
                .hasMessageContaining("a method is");
        assertThatThrownBy(() -> Resource.documents("a/b", Todo.class))
                .hasMessageContaining("a resource's name");
        assertThatThrownBy(() -> resource.pages(3, 20_000)).hasMessageContaining("10,000");
        Set<String> names = resource.method("find", (m, c) -> "own").methods();
        assertThat(new ArrayList<>(names)).hasSize(6);
    }

    // ---- events --------------------------------------------------------------------------------

    @Test
    @Tag("FD-51")
    void eachWriteTellsAnEventWithWhatItAnswered() throws Exception {
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        try (var feed =
                todos.feed()
                        .events()
                        .keys("told")
                        .each(event -> told.add(event.event() + " " + event.value()))) {
            create(Map.of("id", "told", "title", "tea"));
            of("update", "told", Map.of("title", "milk"));
            of("patch", "told", Map.of("done", true));
            todos.key("told").send(message("finish", null)).await();
            assertThat(refused("update", "nobody", Map.of("title", "x")).code()).isEqualTo(404);
            of("remove", "told", null);

            for (String expected : List.of("created", "updated", "patched", "removed")) {
                assertThat(told.poll(10, TimeUnit.SECONDS)).startsWith(expected + " {id=told");
            }
            assertThat(told).isEmpty();
            assertThat(feed.ended()).isNotNull();
        }
    }

    @Test
    @Tag("CO-30")
    void whoHearsAnEventBesidesFeedsIsSaidByTheResource() throws Exception {
        Resource<Object> rooms =
                Resource.documents("rooms", Object.class)
                        .heardBy(
                                (event, told) ->
                                        told.get("room") == null
                                                ? Set.of()
                                                : Set.of(event + "/" + told.get("room")))
                        .method(
                                "announce",
                                (message, context) -> {
                                    context.event("announced", message.body());
                                    context.event("whispered", Map.of("room", "x"), Set.of());
                                    return null;
                                });
        Service<Object> served = synced(MESHES.server().serve(rooms.config()));
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        try (var feed =
                served.feed().events().each(each -> told.add(each.event() + each.channels()))) {
            Service.Target one = served.key("one");
            one.send(message("create", Map.of("room", "blue"))).await();
            one.send(message("update", Map.of("text", "no room"))).await();
            one.send(message("announce", Map.of("room", 5))).await();

            for (String expected :
                    List.of(
                            "created[created/blue]",
                            "updated[]",
                            "announced[announced/5]",
                            "whispered[]")) {
                assertThat(told.poll(10, TimeUnit.SECONDS)).isEqualTo(expected);
            }
            assertThat(feed.ended()).isNotNull();
        }
    }

    @Test
    void aRuleOfWhoHearsThatThrowsFailsItsCallAlone() {
        Resource<Object> odd =
                Resource.documents("odd", Object.class)
                        .heardBy(
                                (event, told) -> {
                                    throw new StackOverflowError("mine");
                                });
        Service<Object> served = synced(MESHES.server().serve(odd.config()));

        assertThatThrownBy(() -> served.key("a").send(message("create", Map.of("n", 1))).await())
                .isInstanceOf(TuliException.class);
        assertThat(served.state()).isEmpty();
    }

    // ---- without documents ---------------------------------------------------------------------

    @Test
    void aResourceWithoutDocumentsIsAnsweredByWhicheverServer() {
        Resource<Void> resource =
                Resource.of("words")
                        .method("shout", (message, context) -> shouted(message.body(Map.class)))
                        .after("shout", (message, context, result) -> result + "!");
        MESHES.server().serve(resource.config());
        Service<Void> words = MESHES.client().use(ServiceConfig.stateless("words"));

        assertThat(words.send(message("shout", Map.of("text", "tea")), String.class).await())
                .isEqualTo("TEA!");
        assertThat(refusal(words.send(message("shuot", null))))
                .hasMessageContaining("shout")
                .extracting(Refusal::code)
                .isEqualTo(405);
    }

    /** A new version comes one server after the other: what it alone can do is asked of it. */
    @Test
    @Tag("COX-1")
    @Tag("PT-02")
    void whoLacksTheMethodIsPassedOverForOneThatHasIt() {
        Resource<Void> old = Resource.of("texts").method("shout", (message, context) -> "old");
        MESHES.server().serve(old.config());
        MESHES.server().serve(old.method("whisper", (message, context) -> "new").config());
        Service<Void> texts =
                TestMeshes.servedBy(2, MESHES.client(), ServiceConfig.stateless("texts"));

        for (int i = 0; i < 50; i++) {
            assertThat(texts.any().send(message("whisper", null)).await()).isEqualTo("new");
        }
        Refusal refused = refusal(texts.any().send(message("whispr", null)));
        assertThat(refused.code()).isEqualTo(405);
        assertThat(refused.getMessage()).contains("405 method not allowed: texts has shout");
        assertThat(refused.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(texts.all().answers(message("whisper", null), String.class).join().values())
                .containsValue("new")
                .hasSize(1);
    }
}
