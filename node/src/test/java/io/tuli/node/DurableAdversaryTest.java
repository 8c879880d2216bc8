package io.tuli.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuli.Failure;
import io.tuli.Mesh;
import io.tuli.MeshEvent;
import io.tuli.Message;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** D4 to D8: directories that are not what they should be, and servers that are not back. */
@Timeout(120)
class DurableAdversaryTest {

    private static final ServiceConfig<Integer> NUMBERS =
            ServiceConfig.of("numbers", Integer.class).durable();

    @TempDir Path directory;

    private final TestMeshes meshes = new TestMeshes();
    private final List<MeshEvent> events = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        meshes.close();
    }

    private Mesh member(String name, String... settings) {
        Map<String, String> all = new HashMap<>(Map.of("journal.segment", "2MiB"));
        for (int i = 0; i < settings.length; i += 2) {
            all.put(settings[i], settings[i + 1]);
        }
        Mesh mesh = meshes.join(how -> how.data(directory.resolve(name)).settings(all));
        mesh.events(events::add);
        return mesh;
    }

    private boolean wasTold(MeshEvent.Kind kind) {
        return events.stream().anyMatch(event -> event.kind() == kind);
    }

    private void copy(String from, String to) throws IOException {
        Files.createDirectories(directory.resolve(to));
        try (var files = Files.list(directory.resolve(from))) {
            for (Path file : files.filter(each -> !each.endsWith("next.tmp")).toList()) {
                Files.copy(file, directory.resolve(to).resolve(file.getFileName()));
            }
        }
    }

    /**
     * Two servers have 7 at k and are killed at once, and leave their directories as {@code left-a}
     * and {@code left-b}. Who is closed takes its leave, and the other may yet write that it is
     * alone: so the directories are copied before.
     */
    private void killTwoThatHadSeven() throws IOException {
        Mesh first = member("a");
        Mesh second = member("b");
        Service<Integer> numbers = first.serve(NUMBERS);
        TestMeshes.synced(second.serve(NUMBERS));
        numbers.update("k", 7).committed().join();
        copy("a", "left-a");
        copy("b", "left-b");
        first.close(Duration.ZERO);
        second.close(Duration.ZERO);
    }

    @Test
    void aDirectoryThatCannotBeIsRefusedBeforeAnythingElse() throws IOException {
        Files.writeString(directory.resolve("file"), "a file");
        assertThatThrownBy(() -> member("file"))
                .isInstanceOf(TuliException.class)
                .hasMessageContaining("data.dir must be a directory")
                .extracting(thrown -> ((TuliException) thrown).failure())
                .isEqualTo(Failure.BAD_REQUEST);
        member("a");
        assertThatThrownBy(() -> member("a"))
                .isInstanceOf(TuliException.class)
                .hasMessageContaining("used by this process");
    }

    @Test
    void aServiceThatWasAnotherIsRefusedNamingBoth() {
        Mesh first = member("a");
        first.serve(NUMBERS).update("k", 1).committed().join();
        first.close(Duration.ZERO);
        Mesh second = member("a");
        assertThatThrownBy(() -> second.serve(NUMBERS.partitions(16)))
                .isInstanceOf(TuliException.class)
                .hasMessageContaining("here=16 ")
                .hasMessageContaining("kept=256 ");
        assertThatThrownBy(() -> second.serve(NUMBERS.partitioner(key -> key.substring(0, 1))))
                .isInstanceOf(TuliException.class)
                .hasMessageContaining("kept=256 ");
        Service<Integer> again = TestMeshes.synced(second.serve(NUMBERS));
        Awaitility.await().until(() -> again.state().equals(Map.of("k", 1)));
    }

    @Test
    @Tag("D4")
    void whoIsBackTooSoonWaitsAndSaysForWhomAndAllIsThereWhenTheyCome() throws IOException {
        killTwoThatHadSeven();

        Mesh back = member("left-b", "restart.need", "all");
        Service<Integer> waiting = back.serve(NUMBERS);
        Awaitility.await().until(() -> wasTold(MeshEvent.Kind.RESTART_WAITS));
        assertThat(back.report("numbers").state()).isEqualTo("waiting");
        Message soon = Message.of("update", 8).key("k").within(Duration.ofMillis(300));
        assertThatThrownBy(() -> waiting.send(soon, Void.class).reply().join())
                .isInstanceOf(CompletionException.class)
                .hasMessageContaining("waits for servers that had it and are not back");
        assertThatThrownBy(() -> waiting.awaitSync(Duration.ofMillis(50)))
                .as("a replica, as tuli get of a whole service has it")
                .hasMessageContaining("waits for servers that had it and are not back");
        Mesh client = meshes.client();
        Service<Integer> used = client.use(ServiceConfig.of("numbers", Integer.class));
        Awaitility.await()
                .untilAsserted(
                        () ->
                                assertThatThrownBy(() -> used.awaitSync(Duration.ofMillis(50)))
                                        .hasMessageContaining("waits for servers that had it"));
        assertThat(wasTold(MeshEvent.Kind.RESTARTED)).isFalse();

        member("left-a", "restart.need", "all").serve(NUMBERS);
        Awaitility.await().until(() -> wasTold(MeshEvent.Kind.RESTARTED));
        TestMeshes.synced(waiting);
        assertThat(waiting.state()).isEqualTo(Map.of("k", 7));
        assertThat(back.report("numbers").state()).isEqualTo("ready");
    }

    /**
     * An operator has put an empty directory in the place of a lost one, and it is served first.
     */
    @Test
    @Tag("D4")
    void whoHasNothingDoesNotBeginBesideOneThatHasAndDoesNotServeYet() throws IOException {
        killTwoThatHadSeven();
        Mesh back = member("left-b", "restart.wait", "1s");

        Service<Integer> fresh = member("fresh", "restart.wait", "1s").serve(NUMBERS);
        Awaitility.await().until(() -> wasTold(MeshEvent.Kind.RESTART_WAITS));
        assertThat(fresh.state()).isEmpty();

        back.serve(NUMBERS);
        TestMeshes.synced(fresh);
        assertThat(fresh.state()).isEqualTo(Map.of("k", 7));
    }

    @Test
    @Tag("D4")
    void withoutOneItGoesOnAfterAWhileAndSaysSo() throws IOException {
        killTwoThatHadSeven();
        Service<Integer> alone = member("left-b", "restart.wait", "1s").serve(NUMBERS);
        Awaitility.await().until(() -> wasTold(MeshEvent.Kind.RESTARTED_WITHOUT));
        TestMeshes.synced(alone);
        assertThat(alone.state()).isEqualTo(Map.of("k", 7));
    }

    @Test
    @Tag("D6")
    void anOldCopyOfADirectoryIsSetAsideAndNothingOfItComesBack() throws IOException {
        Mesh first = member("a");
        Mesh second = member("b");
        Service<Integer> numbers = first.serve(NUMBERS);
        TestMeshes.synced(second.serve(NUMBERS));
        numbers.update("k", 1).committed().join();
        second.close(Duration.ofSeconds(20));
        copy("b", "old");
        numbers.update("k", 2).committed().join();
        Service<Integer> again = TestMeshes.synced(member("b").serve(NUMBERS));

        Mesh old = member("old");
        try {
            old.serve(NUMBERS);
        } catch (TuliException refused) {
            assertThat(refused).hasMessageContaining("copies of one directory");
        }
        Awaitility.await().until(() -> wasTold(MeshEvent.Kind.STALE_DIRECTORY));
        assertThat(again.state()).isEqualTo(Map.of("k", 2));
        old.close(Duration.ZERO);
        assertThatThrownBy(() -> member("old"))
                .isInstanceOf(TuliException.class)
                .hasMessageContaining("data.dir was set aside");
        assertThat(numbers.state()).isEqualTo(Map.of("k", 2));
    }
}
