package io.tuli.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tuli.Commit;
import io.tuli.Mesh;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.handshake.Proven;
import io.tuli.secret.Secret;
import io.tuli.secret.SecretFile;
import io.tuli.secret.SecretText;
import io.tuli.transport.Proofs;
import io.tuli.transport.Transport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A secret is changed for another under load, and no call fails. */
class RotationMeshTest {

    private static final ServiceConfig<Long> COUNTS =
            ServiceConfig.of("counts", Long.class).partitions(8).commit(Commit.safe());

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
        return meshes.join(builder -> (isClient ? builder.client() : builder).settings(settings));
    }

    /** What {@code write} would refuse: it overwrites. */
    private void all(String... secrets) throws IOException {
        for (Path file : files) {
            Files.writeString(file, String.join("\n", secrets));
        }
    }

    private boolean allConnectionsAreUnder(String secret) {
        return meshes.all().stream().allMatch(mesh -> areUnder(mesh, secret));
    }

    private static boolean areUnder(Mesh mesh, String secret) {
        Transport transport = TestMeshes.context(mesh).transport();
        List<Proven> all = new ArrayList<>(Proofs.all(transport));
        boolean isLinked = !all.isEmpty();
        all.addAll(Proofs.ofControl(transport));
        Secret expected = Secret.of(secret, mesh.name());
        return isLinked && all.stream().allMatch(proven -> expected.equals(proven.secret()));
    }

    @Test
    void oldThenBothThenNewWithoutAFailedCall() throws Exception {
        String old = SecretText.generate();
        String young = SecretText.generate();
        TestMeshes.synced(join(old, false).serve(COUNTS));
        Service<Long> copy = TestMeshes.synced(join(old, false).serve(COUNTS));
        TestMeshes.synced(join(old, false).serve(COUNTS));
        Service<Long> used = TestMeshes.synced(join(old, true).use("counts", Long.class));

        Writers writers = new Writers(List.of(used, copy, used, copy));
        String[][] steps = {{old, young}, {young, old}, {young}};
        for (String[] step : steps) {
            all(step);
            writers.awaitMore();
        }
        await().atMost(TestMeshes.SOON).until(() -> allConnectionsAreUnder(young));
        writers.awaitMore();

        meshes.all().forEach(mesh -> assertThat(mesh.members()).hasSize(4));
        writers.finishOf(used);
    }
}
