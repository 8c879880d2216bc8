package io.tuli.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tuli.Commit;
import io.tuli.Mesh;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import io.tuli.secret.SecretFile;
import io.tuli.secret.SecretText;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** G5: a mesh with a secret does all that one without does, over encrypted links. */
class SecretMeshTest {

    private static final ServiceConfig<String> THINGS =
            ServiceConfig.of("things", String.class).partitions(8).commit(Commit.safe());

    @TempDir Path directory;

    private final TestMeshes meshes = new TestMeshes();

    @AfterEach
    void close() {
        meshes.close();
    }

    @Test
    void itsMembersWriteReadFollowAndLeaveOverTcp() throws Exception {
        Path file = directory.resolve("secret");
        SecretFile.write(file, SecretText.generate());
        Map<String, String> settings = Map.of("secret.file", file.toString(), "same.host", "false");
        Mesh first = meshes.join(builder -> builder.settings(settings));
        Service<String> served = first.serve(THINGS);
        Mesh second = meshes.join(builder -> builder.settings(settings));
        Service<String> copy = second.serve(THINGS);
        Service<String> used =
                meshes.join(builder -> builder.client().settings(settings))
                        .use("things", String.class);
        TestMeshes.synced(copy);
        TestMeshes.synced(used);

        String large = "v".repeat(200_000);
        for (int i = 0; i < 40; i++) {
            used.update("k" + i, large + i).reply().get(20, TimeUnit.SECONDS);
        }
        await().atMost(TestMeshes.SOON)
                .until(
                        () ->
                                (large + 39).equals(copy.get("k39", String.class))
                                        && served.state().size() == 40);

        first.close();
        used.update("k0", "after").reply().get(20, TimeUnit.SECONDS);
        await().atMost(TestMeshes.SOON).until(() -> "after".equals(copy.get("k0", String.class)));
        assertThat(used.state()).hasSize(40);
    }

    @Test
    void aMistypedSecretEndsTheJoinAndSaysSo() {
        String mistyped = SecretText.generate().replace("tuli1-", "tuli1-a");
        assertThatThrownBy(() -> meshes.join(builder -> builder.secret(mistyped)))
                .isInstanceOf(TuliException.class)
                .hasMessageContaining("mistyped");
        Map<String, String> both =
                Map.of("secret", SecretText.generate(), "secret.file", "some.file");
        assertThatThrownBy(() -> meshes.join(builder -> builder.settings(both)))
                .isInstanceOf(TuliException.class)
                .hasMessageContaining("not both");
    }
}
