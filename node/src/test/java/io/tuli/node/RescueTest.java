package io.tuli.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuli.Call;
import io.tuli.Mesh;
import io.tuli.MeshEvent;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import io.tuli.agreement.KeptRing;
import io.tuli.staging.Notes;
import io.tuli.staging.Rescue;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** D5, D6: a directory that is damaged, or old, is another node's before it is used again. */
@Timeout(60)
class RescueTest {

    private static final ServiceConfig<Integer> NUMBERS =
            ServiceConfig.of("numbers", Integer.class).partitions(8).durable();
    private static final int KEYS = 200;

    @TempDir Path directory;

    private final TestMeshes meshes = new TestMeshes();
    private final List<MeshEvent> events = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        meshes.close();
    }

    private Mesh member(String name) {
        Map<String, String> settings = Map.of("journal.segment", "2MiB", "restart.need", "all");
        Mesh mesh = meshes.join(how -> how.data(directory.resolve(name)).settings(settings));
        mesh.events(events::add);
        return mesh;
    }

    private void copy(String from, String to) throws IOException {
        Files.createDirectories(directory.resolve(to));
        try (var files = Files.list(directory.resolve(from))) {
            for (Path file : files.filter(each -> !each.endsWith("next.tmp")).toList()) {
                Files.copy(file, directory.resolve(to).resolve(file.getFileName()));
            }
        }
    }

    private static void write(Service<Integer> numbers, int from, int until) {
        for (int key = from; key < until; key++) {
            numbers.update("k" + key, key).committed().join();
        }
    }

    @Test
    @Tag("D5")
    void aDamagedDirectorySaysWhatIsLostAndGoesOnWithTheRestAsAnotherNode() throws IOException {
        Mesh first = member("a");
        write(first.serve(NUMBERS), 0, KEYS);
        first.close(Duration.ZERO);
        Path data = directory.resolve("a");
        try (RandomAccessFile file =
                new RandomAccessFile(data.resolve("00000000000000000001.seg").toFile(), "rw")) {
            file.seek(50_000);
            file.write(new byte[2_000]);
        }
        assertThatThrownBy(() -> member("a")).isInstanceOf(TuliException.class);

        Rescue rescue = Rescue.of(data);
        assertThat(rescue.holes()).hasSize(1);
        assertThat(rescue.holes().getFirst().blocks()).isBetween(1L, 5L);
        assertThat(rescue.shortened()).as("partitions that miss something").isNotEmpty();
        Path aside = rescue.replace();
        assertThat(Rescue.of(aside).holes()).as("it is set aside as it is").hasSize(1);
        assertThat(Rescue.of(data).holes()).isEmpty();
        assertThat(Rescue.of(data).id().node()).isNotEqualTo(rescue.id().node());

        Service<Integer> left = TestMeshes.synced(member("a").serve(NUMBERS));
        assertThat(left.state().size()).isBetween(20, KEYS - 1);
        left.state().forEach((key, value) -> assertThat(key).isEqualTo("k" + value));
        write(left, KEYS, KEYS + 8);
    }

    @Test
    @Tag("D6")
    void anOldCopyThatIsAdoptedIsMergedAndTakesNothingBack() throws IOException {
        Mesh first = member("a");
        Mesh second = member("b");
        Service<Integer> numbers = first.serve(NUMBERS);
        TestMeshes.synced(second.serve(NUMBERS));
        write(numbers, 0, 8);
        second.close(Duration.ofSeconds(20));
        copy("b", "old");
        numbers.update("k1", 100).committed().join();
        numbers.remove("k2").committed().join();

        Rescue.of(directory.resolve("old")).replace();
        Service<Integer> old = TestMeshes.synced(member("old").serve(NUMBERS));
        assertThat(old.state())
                .hasSize(7)
                .containsEntry("k1", 100)
                .containsEntry("k3", 3)
                .doesNotContainKey("k2");
        assertThat(events).noneMatch(each -> each.kind() == MeshEvent.Kind.STALE_DIRECTORY);
    }

    @Test
    @Tag("D4")
    void whoIsGivenUpIsNotWaitedFor() throws IOException {
        Mesh first = member("a");
        Mesh second = member("b");
        Service<Integer> numbers = first.serve(NUMBERS);
        TestMeshes.synced(second.serve(NUMBERS));
        write(numbers, 0, 8);
        copy("a", "left-a");
        copy("b", "left-b");
        first.close(Duration.ZERO);
        second.close(Duration.ZERO);

        Path data = directory.resolve("left-b");
        long gone = Rescue.of(directory.resolve("left-a")).id().node();
        Rescue rescue = Rescue.of(data);
        String note = Notes.RING + "numbers";
        KeptRing ring = KeptRing.read(rescue.notes().get(note)).without(Set.of(gone), "by a test");
        Rescue.note(data, rescue.id(), Map.of(note, ring.form()));

        Service<Integer> alone = member("left-b").serve(NUMBERS);
        List<Call<Integer>> all = new ArrayList<>();
        for (int key = 0; key < 8; key++) {
            all.add(alone.read("k" + key, Integer.class));
        }
        for (int key = 0; key < 8; key++) {
            assertThat(all.get(key).reply().join()).isEqualTo(key);
        }
        Awaitility.await()
                .until(
                        () ->
                                events.stream()
                                        .anyMatch(
                                                event -> event.kind() == MeshEvent.Kind.RESTARTED));
        assertThat(events).noneMatch(each -> each.kind() == MeshEvent.Kind.RESTART_WAITS);
    }
}
