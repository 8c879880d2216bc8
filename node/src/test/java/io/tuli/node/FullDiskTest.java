package io.tuli.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuli.Call;
import io.tuli.Failure;
import io.tuli.Mesh;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * D8: a disk that is really full, which is a small one in memory: where this process may mount one.
 * Where it may not, the same is shown with a disk that says so, {@code DiskThreadTest}.
 */
@Timeout(60)
class FullDiskTest {

    private static final ServiceConfig<String> TEXTS =
            ServiceConfig.of("texts", String.class).partitions(2).durable();
    private static final String TEXT = "text ".repeat(4_000);

    @TempDir Path directory;

    private final TestMeshes meshes = new TestMeshes();
    private boolean isMounted;

    @BeforeEach
    void mount() {
        isMounted = run("mount", "-t", "tmpfs", "-o", "size=20m", "none", directory.toString());
        if (!isMounted) {
            String why = "SKIPPED: no small disk can be mounted here, see FullDiskTest";
            System.err.println(why);
            Assumptions.abort(why);
        }
    }

    @AfterEach
    void unmount() {
        meshes.close();
        if (isMounted) {
            assertThat(run("umount", directory.toString())).isTrue();
        }
    }

    private static boolean run(String... command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getInputStream().readAllBytes();
            return process.waitFor() == 0;
        } catch (IOException | InterruptedException cannot) {
            return false;
        }
    }

    private Mesh member(String reserve) {
        return meshes.join(
                how ->
                        how.data(directory.resolve("data"))
                                .settings(
                                        Map.of(
                                                "journal.segment", "2MiB",
                                                "journal.bytes", "1GiB",
                                                "disk.reserve", reserve)));
    }

    /** How many were written until one was refused. */
    private static int fill(Service<String> texts) {
        for (int count = 0; ; count++) {
            try {
                texts.update("k" + count, TEXT).committed().join();
            } catch (CompletionException refused) {
                assertThat(refused.getCause())
                        .isInstanceOfSatisfying(
                                TuliException.class,
                                why -> assertThat(why.failure()).isEqualTo(Failure.DISK_FULL));
                return count;
            }
        }
    }

    @Test
    @Tag("D8")
    void whatADiskHasNoRoomForIsRefusedAndWhatItHasIsServedAndKept() throws IOException {
        Mesh mesh = member("6MiB");
        Service<String> texts = mesh.serve(TEXTS);
        int count = fill(texts);

        assertThat(Files.getFileStore(directory).getUsableSpace())
                .as("what is to stay free")
                .isBetween(6L << 20, 8L << 20);
        assertThat(texts.read("k0", String.class).reply().join()).isEqualTo(TEXT);
        assertThatThrownBy(() -> texts.update("k", "v").committed().join())
                .hasMessageContaining("disk.reserve=6291456");
        List<Call<Void>> refused = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            refused.add(texts.update("more" + i, TEXT));
        }
        refused.forEach(
                call ->
                        assertThatThrownBy(call.committed()::join)
                                .hasMessageContaining("disk.reserve"));
        mesh.close(Duration.ZERO);

        Service<String> again = TestMeshes.synced(member("0").serve(TEXTS));
        Awaitility.await().atMost(TestMeshes.SOON).until(() -> again.state().size() == count);
        again.update("k", "v").committed().join();
        assertThat(fill(again)).as("the last of it").isPositive();
        again.remove("k0").committed().whenComplete((done, why) -> {});
        assertThat(again.state()).hasSizeGreaterThan(count);
    }
}
