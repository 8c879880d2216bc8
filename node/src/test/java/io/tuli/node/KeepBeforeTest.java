package io.tuli.node;

import static io.tuli.node.TestMeshes.SOON;
import static io.tuli.node.TestMeshes.synced;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tuli.Change;
import io.tuli.Key;
import io.tuli.Mesh;
import io.tuli.Message;
import io.tuli.Position;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a change says was there before it. */
@Tag("PT-85")
class KeepBeforeTest {

    private static final TestMeshes MESHES = new TestMeshes();
    private static Service<Object> keeping;
    private static Service<Object> used;
    private static Service<Object> plain;
    private static Service<Object> folding;

    @BeforeAll
    static void serve() {
        Mesh server = MESHES.server();
        ServiceConfig<Object> keeps =
                ServiceConfig.of("keeping", Object.class)
                        .keepBefore()
                        .handler(KeepBeforeTest::handle);
        keeping = synced(server.serve(keeps));
        plain = synced(server.serve(ServiceConfig.of("plain", Object.class)));
        folding =
                synced(
                        server.serve(
                                ServiceConfig.of("folding", Object.class)
                                        .fold("keeping", KeepBeforeTest::folded)));
        used = synced(MESHES.client().use("keeping", Object.class));
    }

    @AfterAll
    static void leave() {
        MESHES.close();
    }

    private static Object handle(Message message, io.tuli.Turn<Object> turn) {
        if (!message.verb().equals("TWICE")) {
            return turn.pass();
        }
        turn.update("first");
        turn.update("second");
        turn.event("done", "second");
        return null;
    }

    private static List<Message> folded(Change change) {
        return change.key().top().equals("folded")
                ? List.of(
                        Message.of("push", String.valueOf(change.before()))
                                .key("seen" + change.key().top()))
                : List.of();
    }

    private static void done(CompletionStage<?> reply) {
        reply.toCompletableFuture().orTimeout(SOON.toSeconds(), TimeUnit.SECONDS).join();
    }

    private static List<String> told(Service<Object> by, String pattern, boolean hasEvents) {
        List<String> told = new CopyOnWriteArrayList<>();
        var feed = by.feed().keys(pattern).from(Position.start());
        (hasEvents ? feed.events().verbs("update") : feed)
                .each(
                        change ->
                                told.add(
                                        change.verb()
                                                + " "
                                                + change.value()
                                                + " was "
                                                + change.before()));
        return told;
    }

    @Test
    void aChangeSaysWhatWasAtItsKeyOnEveryMemberAndWheneverItIsRead() {
        done(keeping.update("k", Map.of("n", 1)).reply());
        done(keeping.update("k.n", 5).reply());
        done(keeping.increment("k.n", 2).reply());
        done(keeping.push("k.list", "a").reply());
        done(keeping.push("k.list", "b").reply());
        done(keeping.add(Key.of("k", "new"), true).reply());
        done(keeping.remove("k").reply());

        for (Service<Object> each : List.of(keeping, used)) {
            List<String> told = told(each, "k.*", false);
            await().atMost(SOON).until(() -> told.size() == 7);
            assertThat(told)
                    .containsExactly(
                            "update {n=1} was null",
                            "update 5 was 1",
                            "increment 2 was 5",
                            "push a was null",
                            "push b was [a]",
                            "add true was null",
                            "remove null was {n=7, list=[a, b], new=true}");
        }
    }

    @Test
    void ofSeveralEditsEachSeesTheOnesBefore() {
        done(keeping.update("two", "none").reply());
        done(keeping.send(Message.of("TWICE").key("two")).reply());

        List<String> told = told(used, "two", true);
        await().atMost(SOON).until(() -> told.size() == 4);
        assertThat(told)
                .containsExactly(
                        "update none was null",
                        "update first was none",
                        "update second was first",
                        "event second was null");
    }

    @Test
    void aFoldReadsItToo() {
        done(keeping.update("folded", 1).reply());
        done(keeping.update("folded", 2).reply());

        await().atMost(SOON)
                .until(() -> List.of("null", "1").equals(folding.state().get("seenfolded")));
    }

    @Test
    void whereTheServiceDoesNotKeepItTheErrorSaysWhatToDo() {
        List<Change> seen = new CopyOnWriteArrayList<>();
        plain.feed().each(seen::add);
        done(plain.update("k", 1).reply());
        await().atMost(SOON).until(() -> seen.size() == 1);

        assertThatThrownBy(seen.get(0)::before)
                .isInstanceOf(TuliException.class)
                .hasMessageContaining("keepBefore()")
                .hasMessageContaining("key=k");
    }

    // ---- keys that begin alike -----------------------------------------------------------------

    @Test
    @Tag("PT-86")
    void keysThatBeginAlikeAreAViewAndACount() {
        for (String key : List.of("eu/it", "eu/fr", "us/ny", "eur")) {
            done(plain.update(Key.of(key), key.length()).reply());
        }
        Map<String, Object> europe = plain.state("eu/");

        assertThat(plain.count("eu")).isEqualTo(3);
        assertThat(plain.count("eu/")).isEqualTo(2);
        assertThat(plain.count("")).isEqualTo(plain.state().size());
        assertThat(europe).containsOnlyKeys("eu/it", "eu/fr").hasSize(2);
        assertThat(europe.get("us/ny")).isNull();
        assertThat(europe.containsKey("us/ny")).isFalse();
        done(plain.remove(Key.of("eu/it")).reply());
        assertThat(europe).isEqualTo(Map.of("eu/fr", 5));
        done(plain.remove(Key.of("eu/fr")).reply());
        assertThat(europe).isEmpty();
        assertThatThrownBy(() -> plain.count("\ud83e")).isInstanceOf(TuliException.class);
    }
}
