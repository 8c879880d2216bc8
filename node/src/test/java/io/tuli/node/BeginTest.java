package io.tuli.node;

import static io.tuli.node.TestMeshes.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tuli.Member;
import io.tuli.Mesh;
import io.tuli.MeshEvent;
import io.tuli.Service;
import io.tuli.membership.FakeMesh;
import io.tuli.settings.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Members that begin to serve one service at the same moment begin it together. */
class BeginTest {

    private static final Duration LONG_ENOUGH_TO_OWN = Duration.ofMillis(500);

    private final FakeMesh control = new FakeMesh();
    private final TestMeshes sockets = new TestMeshes();
    private final List<Mesh> open = new ArrayList<>();
    private final List<String> began = new CopyOnWriteArrayList<>();
    private final List<String> lost = new CopyOnWriteArrayList<>();

    @AfterEach
    void closeAll() {
        open.forEach(mesh -> mesh.close(Duration.ZERO));
        sockets.close();
    }

    @Test
    void whoseAnnouncementsCrossDoNotOwnApart() {
        Mesh one = joined("30s");
        Mesh other = joined("30s");
        await().atMost(SOON).until(() -> one.members().size() == 2 && other.members().size() == 2);

        control.hold();
        Service<Object> here = one.serve("things", Object.class);
        Service<Object> there = other.serve("things", Object.class);
        boolean hasOwned = ownsSoon(one, other);
        control.release();
        here.update("k", "here").reply().join();
        there.update("k", "there").reply().join();

        assertThat(hasOwned).as("owned before either had heard of the other").isFalse();
        assertBegunOnce();
        await().atMost(SOON).until(() -> "there".equals(here.state().get("k")));
    }

    @Test
    void whoBeginAtOnceOverSocketsBeginTogether() {
        List<Mesh> meshes = sockets.atOnce(3, index -> watched(sockets.server()));
        await().atMost(SOON).until(() -> meshes.stream().allMatch(m -> m.members().size() == 3));

        for (String name : List.of("one", "two", "three", "four")) {
            List<Service<Object>> all =
                    sockets.atOnce(3, index -> meshes.get(index).serve(name, Object.class));
            sockets.atOnce(3, index -> all.get(index).increment("n", 1).reply().join());
        }

        for (String name : List.of("one", "two", "three", "four")) {
            await().atMost(SOON).until(() -> owned(name, meshes) == 256);
        }
        assertBegunOnce();
    }

    private static boolean ownsSoon(Mesh... meshes) {
        try {
            await().atMost(LONG_ENOUGH_TO_OWN).until(() -> owned("things", List.of(meshes)) > 0);
            return true;
        } catch (org.awaitility.core.ConditionTimeoutException none) {
            return false;
        }
    }

    private static int owned(String service, List<Mesh> meshes) {
        int owned = 0;
        for (Mesh mesh : meshes) {
            owned += mesh.report(service).owned();
        }
        return owned;
    }

    private void assertBegunOnce() {
        assertThat(began).isNotEmpty().doesNotHaveDuplicates();
        assertThat(lost).isEmpty();
    }

    private Mesh joined(String confirm) {
        Settings settings = Settings.load(Map.of("mesh", "begin", "membership.confirm", confirm));
        MemberSetting setting = new MemberSetting(settings, Member.Role.SERVER, settings.limits());
        Mesh mesh =
                new Joining(
                                setting,
                                (self, listener) ->
                                        control.membership(self, setting.timings(), listener))
                        .join();
        open.add(mesh);
        return watched(mesh);
    }

    /** Notes who opened the first epoch of a partition, and what was given up. */
    private Mesh watched(Mesh mesh) {
        mesh.events(
                event -> {
                    if (event.kind() == MeshEvent.Kind.WRITES_DISCARDED) {
                        lost.add(event.toString());
                    } else if (event.kind() == MeshEvent.Kind.OWNER_CHANGED
                            && event.text().matches("here=owner epoch=1[^0-9].*")) {
                        began.add(event.subject());
                    }
                });
        return mesh;
    }
}
