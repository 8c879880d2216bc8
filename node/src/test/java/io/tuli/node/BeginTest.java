package io.tuli.node;

import static io.tuli.node.TestMeshes.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tuli.Member;
import io.tuli.Mesh;
import io.tuli.MeshEvent;
import io.tuli.Service;
import io.tuli.ServiceReport.PartitionReport;
import io.tuli.membership.FakeMesh;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Members that begin to serve one service at the same moment begin it together. */
class BeginTest {

    private static final int PARTITIONS = 256;
    private static final Duration LONG_ENOUGH_TO_OWN = Duration.ofMillis(500);

    private final FakeMesh control = new FakeMesh();
    private final TestMeshes meshes = new TestMeshes();
    private final Map<String, List<String>> opened = new ConcurrentHashMap<>();
    private final List<String> lost = new CopyOnWriteArrayList<>();

    @AfterEach
    void closeAll() {
        meshes.close();
    }

    @Test
    void whoseAnnouncementsCrossDoNotOwnApart() {
        Mesh one = joined(Duration.ofSeconds(30));
        Mesh other = joined(Duration.ofSeconds(30));
        await().atMost(SOON).until(() -> one.members().size() == 2 && other.members().size() == 2);

        control.hold();
        Service<Object> here = one.serve("things", Object.class);
        Service<Object> there = other.serve("things", Object.class);
        boolean hasOwned = ownsSoon(one, other);
        control.release();
        here.update("k", "here").reply().join();
        there.update("k", "there").reply().join();

        assertThat(hasOwned).as("owned before either had heard of the other").isFalse();
        assertBegunTogether("things", one, other);
        await().atMost(SOON).until(() -> "there".equals(here.state().get("k")));
    }

    @Test
    void whoBeginAtOnceOverSocketsBeginTogether() {
        List<Mesh> three = meshes.atOnce(3, index -> watched(meshes.server()));
        await().atMost(SOON).until(() -> three.stream().allMatch(m -> m.members().size() == 3));

        for (String name : List.of("one", "two", "three", "four")) {
            List<Service<Object>> all =
                    meshes.atOnce(3, index -> three.get(index).serve(name, Object.class));
            meshes.atOnce(3, index -> all.get(index).increment("n", 1).reply().join());
        }

        for (String name : List.of("one", "two", "three", "four")) {
            assertBegunTogether(name, three.toArray(Mesh[]::new));
        }
    }

    private static boolean ownsSoon(Mesh... meshes) {
        try {
            await().atMost(LONG_ENOUGH_TO_OWN).until(() -> owned("things", List.of(meshes)) > 0);
            return true;
        } catch (org.awaitility.core.ConditionTimeoutException none) {
            return false;
        }
    }

    private long opened(String service) {
        return opened.keySet().stream().filter(each -> each.startsWith(service + "/")).count();
    }

    private static int owned(String service, List<Mesh> meshes) {
        int owned = 0;
        for (Mesh mesh : meshes) {
            owned += mesh.report(service).owned();
        }
        return owned;
    }

    /**
     * Whoever opens an epoch appends to the changelog of those before. One that founded another
     * changelog has opened an epoch that is not in this one.
     */
    private void assertBegunTogether(String service, Mesh... meshes) {
        await().atMost(SOON).until(() -> owned(service, List.of(meshes)) == PARTITIONS);
        await().atMost(SOON).until(() -> opened(service) == PARTITIONS);
        Map<String, List<String>> before = Map.copyOf(opened);
        for (Mesh mesh : meshes) {
            for (PartitionReport report : mesh.report(service).partitions()) {
                if (report.role().equals("owner")) {
                    List<String> by = before.get(service + "/" + report.partition());
                    assertThat(report.end().offset())
                            .as("changelog of %s, which was opened by %s", report, by)
                            .isGreaterThanOrEqualTo(by.size());
                }
            }
        }
        assertThat(lost).isEmpty();
    }

    private Mesh joined(Duration confirm) {
        return watched(meshes.join(control, Member.Role.SERVER, confirm));
    }

    /** Notes who opened the epochs of each partition, and what was given up. */
    private Mesh watched(Mesh mesh) {
        mesh.events(
                event -> {
                    if (event.kind() == MeshEvent.Kind.WRITES_DISCARDED) {
                        lost.add(event.toString());
                    }
                    event.ring().ifPresent(ring -> note(mesh, event.service().orElseThrow(), ring));
                });
        return mesh;
    }

    private void note(Mesh mesh, String service, MeshEvent.RingChange ring) {
        ring.gained()
                .forEach(
                        (partition, epoch) ->
                                opened.computeIfAbsent(
                                                service + "/" + partition,
                                                each -> new CopyOnWriteArrayList<>())
                                        .add(mesh.self().name() + " " + epoch));
    }
}
