package io.tuli.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuli.Call;
import io.tuli.Failure;
import io.tuli.Key;
import io.tuli.Mesh;
import io.tuli.Message;
import io.tuli.Outcome;
import io.tuli.Service;
import io.tuli.TuliException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Names that are texts of keys, and names that are not. */
class KeysTest {

    private static final Key ADA = Key.of("ada@x.org");

    private final TestMeshes meshes = new TestMeshes();

    @AfterEach
    void closeAll() {
        meshes.close();
    }

    record Session(String name, List<String> tags) {}

    @Test
    void everyVerbTakesAKey() {
        Service<Object> things = meshes.server().serve("things", Object.class);
        Key sum = ADA.child("a.sum");

        things.update(ADA, Map.of("name", "Ada")).await();
        assertThat(things.increment(sum, 2).await()).isEqualTo(2);
        assertThat(things.push(ADA.child("list"), 7).await()).isZero();
        assertThat(things.include(ADA.child("set"), "x").await()).isTrue();
        assertThat(things.exclude(ADA.child("set"), "x").await()).isTrue();
        things.patch(ADA, Map.of("city", "Rome")).await();
        assertThat(things.add(Key.of("b.c"), 1).await()).isEqualTo("b\\.c");
        assertThat(things.remove(ADA.child("name")).await()).isTrue();

        assertThat(things.state().keySet()).containsExactlyInAnyOrder("ada@x.org", "b.c");
        assertThat(things.state().get("ada@x.org"))
                .isEqualTo(
                        Map.of("a.sum", 2, "list", List.of(7), "set", List.of(), "city", "Rome"));
        assertThat(things.get(sum, Integer.class)).isEqualTo(2);
        assertThat(things.read(sum, Integer.class).await()).isEqualTo(2);
        assertThat(things.key(ADA).send(Message.of("remove")).await()).isEqualTo(true);
    }

    @Test
    void aKeyOfNothingIsRefused() {
        Service<Object> things = meshes.server().serve("things", Object.class);

        assertThatThrownBy(() -> things.update(Key.NONE, 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> things.update("a..b", 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aWholeRecordDoesNotLandInsideAnother() {
        Mesh mesh = meshes.server();
        Service<Session> sessions = mesh.serve("sessions", Session.class);
        Session ada = new Session("Ada", List.of());

        Call<Void> misplaced = sessions.update("ada@x.org", ada);

        assertThatThrownBy(misplaced::await)
                .isInstanceOfSatisfying(
                        TuliException.class,
                        why -> {
                            assertThat(why.outcome()).isEqualTo(Outcome.FAILED);
                            assertThat(why.failure()).isEqualTo(Failure.BAD_REQUEST);
                        })
                .hasMessageContaining("key=ada@x.org points inside the document ada@x")
                .hasMessageContaining("Key.of(name)");
        assertThat(sessions.state()).isEmpty();
        sessions.update(Key.of("ada@x.org"), ada).await();
        assertThat(sessions.state()).containsOnly(Map.entry("ada@x.org", ada));
        sessions.push(ADA.child("tags"), "new").await();
    }

    @Test
    void aCounterHasNoFields() {
        Service<Long> visits = meshes.server().serve("visits", Long.class);

        assertThatThrownBy(() -> visits.increment("example.com", 1).await())
                .hasMessageContaining("points inside the document example");
        assertThat(visits.increment(Key.of("example.com"), 1).await()).isEqualTo(1);
        assertThat(visits.state()).containsOnly(Map.entry("example.com", 1L));
    }
}
