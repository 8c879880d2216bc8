package io.tuli.node;

import static io.tuli.node.TestMeshes.SOON;
import static io.tuli.node.TestMeshes.synced;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tuli.Change;
import io.tuli.Failure;
import io.tuli.Key;
import io.tuli.Mesh;
import io.tuli.Message;
import io.tuli.Page;
import io.tuli.Position;
import io.tuli.Query;
import io.tuli.Refusal;
import io.tuli.Resource;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import io.tuli.Turn;
import io.tuli.Verbs;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Documents that go by themselves, on members as users have them. */
class ExpiringDocumentsTest {

    private static final Duration BRIEF = Duration.ofMillis(150);
    private static final Duration LONG = Duration.ofHours(1);

    private static final TestMeshes MESHES = new TestMeshes();
    private static Service<Object> served;
    private static Service<Object> used;
    private static Service<Note> notes;

    record Note(String text) {}

    @BeforeAll
    static void serve() {
        Mesh server = MESHES.server();
        ServiceConfig<Object> sessions =
                ServiceConfig.of("sessions", Object.class)
                        .keepBefore()
                        .handler(ExpiringDocumentsTest::handle);
        served = synced(server.serve(sessions));
        synced(server.serve(Resource.documents("notes", Note.class).config().expireAfter(BRIEF)));
        Mesh client = MESHES.client();
        used = synced(client.use("sessions", Object.class));
        notes = synced(client.use("notes", Note.class));
    }

    @AfterAll
    static void leave() {
        MESHES.close();
    }

    private static @Nullable Object handle(Message message, Turn<Object> turn) {
        switch (message.verb()) {
            case "TELL" -> {
                turn.update(message.body(Object.class));
                turn.event("told", message.body(Object.class));
                turn.expireAfter(LONG);
            }
            case "KEEP" -> turn.expireNever();
            case "ODD" -> turn.expireAfter(Duration.ZERO);
            default -> {
                return turn.pass();
            }
        }
        return null;
    }

    private static <R> @Nullable R done(CompletionStage<R> reply) {
        return reply.toCompletableFuture().orTimeout(SOON.toSeconds(), TimeUnit.SECONDS).join();
    }

    private static void untilDue(Service<Object> by, String key) {
        Instant until = by.expiresAt(key).orElse(Instant.MIN);
        await().atMost(SOON)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> !Instant.now().isBefore(until));
    }

    @Test
    @Tag("PT-73")
    @Tag("PT-85")
    void aFeedTellsWhyItWentAndWhatItWasFromAnyPosition() {
        List<String> told = new CopyOnWriteArrayList<>();
        done(used.update("k.field", 1).reply());
        done(used.touch("k", BRIEF).reply());
        await().atMost(SOON)
                .until(
                        () ->
                                used.get("k", Object.class) == null
                                        && served.get("k", Object.class) == null);

        used.feed()
                .keys("k.*")
                .from(Position.start())
                .each(
                        change ->
                                told.add(
                                        change.verb()
                                                + " "
                                                + change.key()
                                                + " "
                                                + change.reason()
                                                + " was "
                                                + change.before()));
        await().atMost(SOON).until(() -> told.size() == 3);
        assertThat(told)
                .containsExactly(
                        "update k.field REQUEST was null",
                        "touch k REQUEST was {field=1}",
                        "remove k EXPIRED was {field=1}");
    }

    /** The entry begins with the removal of what the turn did not see: the event tells its own. */
    @Test
    @Tag("PT-41")
    @Tag("PT-72")
    void anEventBesideWhatIsOverTellsWhatItsTurnTold() {
        List<Object> events = new CopyOnWriteArrayList<>();
        List<Change> changes = new CopyOnWriteArrayList<>();
        used.feed()
                .keys("e*")
                .from(Position.start())
                .events()
                .each(
                        change -> {
                            if (change.kind() == Change.Kind.EVENT) {
                                events.add(String.valueOf(change.value()));
                            }
                        });
        used.feed().keys("e*").from(Position.start()).each(changes::add);
        for (int i = 0; i < 20; i++) {
            done(used.update("e" + i, "old", Duration.ofMillis(1)).reply());
            untilDue(used, "e" + i);
            done(used.send(Message.of("TELL", "new" + i).key("e" + i), Void.class).reply());
        }

        await().atMost(SOON).until(() -> events.size() == 20);
        for (int i = 0; i < 20; i++) {
            assertThat(events.get(i)).isEqualTo("new" + i);
            assertThat(used.get("e" + i, Object.class)).isEqualTo("new" + i);
        }
        await().atMost(SOON).until(() -> changes.size() == 60);
        assertThat(changes)
                .filteredOn(change -> change.reason() == Change.Reason.EXPIRED)
                .hasSize(20)
                .allMatch(change -> "old".equals(change.before()));
        assertThat(changes)
                .filteredOn(change -> String.valueOf(change.value()).startsWith("new"))
                .hasSize(20)
                .allMatch(change -> change.before() == null);
    }

    @Test
    @Tag("PT-71")
    void aTurnKeepsAndAnOddDurationFailsIt() {
        done(used.update("kept", 1, LONG).reply());
        done(used.send(Message.of("KEEP").key("kept"), Void.class).reply());
        assertThat(used.expiresAt("kept")).isEmpty();
        done(used.touch("kept", LONG).reply());
        done(used.persist("kept").reply());
        assertThat(used.expiresAt("kept")).isEmpty();
        assertThat(used.get("kept", Object.class)).isEqualTo(1);

        assertThatThrownBy(() -> done(used.send(Message.of("ODD").key("k"), Void.class).reply()))
                .hasRootCauseInstanceOf(TuliException.class)
                .hasMessageContaining("after a while");
    }

    @Test
    @Tag("PT-71")
    void aDurationIsOfADocumentAndToldItsOwner() {
        Message message = Message.of(Verbs.UPDATE, 1).key("k").expireAfter(LONG);
        for (Message asked : List.of(message, Message.of("ODD").expireNever())) {
            assertThatThrownBy(() -> done(used.any().send(asked, Void.class).reply()))
                    .rootCause()
                    .isInstanceOfSatisfying(
                            TuliException.class,
                            refused ->
                                    assertThat(refused.failure()).isEqualTo(Failure.BAD_REQUEST));
        }
        assertThatThrownBy(() -> done(used.touch("k.field", LONG).reply()))
                .hasMessageContaining("whole document");
    }

    @Test
    @Tag("PT-72")
    @Tag("FD-29")
    void aResourceFindsGetsAndCreatesAsIfWhatIsOverHadGone() {
        Map<String, Object> data = Map.of("text", "a");
        done(notes.send(Message.of("create", data).key(Key.of("n1")), Map.class).reply());
        done(notes.send(Message.of("create", data).key(Key.of("n2")), Map.class).reply());
        Instant until = notes.expiresAt("n1").orElseThrow();
        await().atMost(SOON)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> Instant.now().isAfter(until));

        assertThatThrownBy(() -> done(notes.send(Message.of("get").key(Key.of("n1"))).reply()))
                .rootCause()
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo(404));
        done(notes.send(Message.of("create", data).key(Key.of("n1")), Map.class).reply());
        await().atMost(Duration.ofSeconds(4))
                .until(() -> notes.find(Query.all(), Note.class).data().isEmpty());
        Page<Note> page = notes.find(Query.all(), Note.class);
        assertThat(page.total()).isZero();
        assertThat(notes.count("")).isZero();
        assertThat(notes.state("n")).isEmpty();
    }
}
