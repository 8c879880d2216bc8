package io.tuli.node;

import static io.tuli.node.TestMeshes.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tuli.Mesh;
import io.tuli.MeshEvent;
import io.tuli.MeshEvent.RingChange;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a listener of mesh events is told, as values. */
class MeshEventTest {

    private static final int PARTITIONS = 256;

    private final TestMeshes meshes = new TestMeshes();
    private final Map<Mesh, List<MeshEvent>> heard = new ConcurrentHashMap<>();

    @AfterEach
    void closeAll() {
        meshes.close();
    }

    @Test
    void whoComesAndGoesIsAMember() {
        Mesh here = listening(meshes.server());
        Mesh other = meshes.server();
        await().atMost(SOON).until(() -> here.members().size() == 2);
        other.close();

        await().atMost(SOON)
                .untilAsserted(
                        () -> {
                            assertAbout(other, here, MeshEvent.Kind.MEMBER_JOINED);
                            assertAbout(other, here, MeshEvent.Kind.LINK_UP);
                            assertAbout(other, here, MeshEvent.Kind.MEMBER_LEFT);
                        });
    }

    private void assertAbout(Mesh other, Mesh here, MeshEvent.Kind kind) {
        assertThat(heard.get(here))
                .filteredOn(event -> event.kind() == kind)
                .extracting(event -> event.member().orElseThrow())
                .contains(other.self());
    }

    @Test
    void aChangeOfTheRingIsOneEventWithAllItCameTo() {
        Mesh one = listening(meshes.server());
        one.serve("things", Object.class);
        await().atMost(SOON).untilAsserted(() -> assertThat(owned(one)).isEqualTo(PARTITIONS));
        int before = changes(one).size();

        Mesh other = listening(meshes.server());
        other.serve("things", Object.class);
        await().atMost(SOON).until(() -> owned(other) > 0 && owned(one) < PARTITIONS);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(owned(one) + owned(other)).isEqualTo(PARTITIONS));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(lostBy(one)).isEqualTo(gainedBy(other)));

        assertThat(changes(one).size() - before).as("events of one change").isLessThanOrEqualTo(3);
        assertThat(last(one).servers())
                .containsExactlyInAnyOrder(one.self().id(), other.self().id());
        assertThat(gainedBy(other)).hasSize(owned(other));
    }

    private Set<Integer> lostBy(Mesh mesh) {
        Set<Integer> all = new HashSet<>();
        changes(mesh).forEach(change -> all.addAll(change.lost()));
        return all;
    }

    private Set<Integer> gainedBy(Mesh mesh) {
        Set<Integer> all = new HashSet<>();
        changes(mesh).forEach(change -> all.addAll(change.gained().keySet()));
        return all;
    }

    private int owned(Mesh mesh) {
        return changes(mesh).isEmpty() ? 0 : last(mesh).owned();
    }

    private RingChange last(Mesh mesh) {
        List<RingChange> all = changes(mesh);
        return all.get(all.size() - 1);
    }

    private List<RingChange> changes(Mesh mesh) {
        return heard.get(mesh).stream()
                .filter(event -> event.service().filter("things"::equals).isPresent())
                .flatMap(event -> event.ring().stream())
                .toList();
    }

    private Mesh listening(Mesh mesh) {
        List<MeshEvent> events = new CopyOnWriteArrayList<>();
        heard.put(mesh, events);
        mesh.events(events::add);
        return mesh;
    }
}
