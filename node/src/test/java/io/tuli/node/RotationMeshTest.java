package io.tuli.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tuli.Call;
import io.tuli.Commit;
import io.tuli.Mesh;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.secret.Secret;
import io.tuli.secret.SecretFile;
import io.tuli.secret.SecretText;
import io.tuli.transport.Proofs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A secret is changed for another under load, and no call fails. */
class RotationMeshTest {

    private static final ServiceConfig<Long> COUNTS =
            ServiceConfig.of("counts", Long.class).partitions(8).commit(Commit.safe());
    private static final int WRITERS = 4;
    private static final int IN_FLIGHT = 16;

    @TempDir Path directory;

    private final TestMeshes meshes = new TestMeshes();
    private final List<Path> files = new ArrayList<>();

    @AfterEach
    void close() {
        meshes.close();
    }

    private Mesh join(String secret, boolean isClient) {
        Path file = directory.resolve("secret" + files.size());
        SecretFile.write(file, secret);
        files.add(file);
        Map<String, String> settings =
                Map.of(
                        "secret.file", file.toString(),
                        "same.host", "false",
                        "files.look", "100ms",
                        "link.renew", "500ms");
        return meshes.join(
                builder -> (isClient ? builder.client() : builder).settings(settings));
    }

    /** What {@code write} would refuse: it overwrites. */
    private void all(String... secrets) throws IOException {
        for (Path file : files) {
            Files.writeString(file, String.join("\n", secrets));
        }
    }

    private boolean allLinksAreUnder(String secret) {
        return meshes.all().stream()
                .allMatch(
                        mesh -> {
                            List<Secret> proven =
                                    Proofs.secrets(TestMeshes.context(mesh).transport());
                            return !proven.isEmpty()
                                    && proven.stream().allMatch(Secret.of(secret, mesh.name())::equals);
                        });
    }

    @Test
    void oldThenBothThenNewWithoutAFailedCall() throws Exception {
        String old = SecretText.generate();
        String young = SecretText.generate();
        TestMeshes.synced(join(old, false).serve(COUNTS));
        Service<Long> copy = TestMeshes.synced(join(old, false).serve(COUNTS));
        TestMeshes.synced(join(old, false).serve(COUNTS));
        Service<Long> used = TestMeshes.synced(join(old, true).use("counts", Long.class));

        AtomicBoolean isOver = new AtomicBoolean();
        AtomicInteger[] written = new AtomicInteger[WRITERS];
        List<Throwable> failed = new CopyOnWriteArrayList<>();
        List<Thread> writers = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            AtomicInteger count = written[i] = new AtomicInteger();
            String key = "k" + i;
            Service<Long> service = i % 2 == 0 ? used : copy;
            writers.add(
                    Thread.ofVirtual()
                            .start(() -> increment(service, key, count, isOver, failed)));
        }
        String[][] steps = {{old, young}, {young, old}, {young}};
        for (String[] step : steps) {
            int before = written[0].get();
            all(step);
            await().atMost(TestMeshes.SOON).until(() -> written[0].get() > before + 200);
        }
        await().atMost(TestMeshes.SOON).until(() -> allLinksAreUnder(young));
        int after = written[0].get();
        await().atMost(TestMeshes.SOON).until(() -> written[0].get() > after + 200);
        isOver.set(true);
        for (Thread writer : writers) {
            writer.join(TestMeshes.SOON);
        }

        assertThat(failed).isEmpty();
        for (int i = 0; i < WRITERS; i++) {
            assertThat(used.read("k" + i, Long.class).reply().get(20, TimeUnit.SECONDS))
                    .as("each of the increments, once")
                    .isEqualTo(written[i].get());
        }
    }

    private static void increment(
            Service<Long> service,
            String key,
            AtomicInteger written,
            AtomicBoolean isOver,
            List<Throwable> failed) {
        while (!isOver.get()) {
            List<Call<?>> calls = new ArrayList<>();
            for (int i = 0; i < IN_FLIGHT; i++) {
                calls.add(service.increment(key, 1));
            }
            for (Call<?> call : calls) {
                try {
                    call.reply().get(20, TimeUnit.SECONDS);
                    written.incrementAndGet();
                } catch (Exception e) {
                    failed.add(e);
                }
            }
        }
    }
}
