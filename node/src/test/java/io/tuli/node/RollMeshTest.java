package io.tuli.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tuli.Commit;
import io.tuli.Member;
import io.tuli.Mesh;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.secret.Secret;
import io.tuli.secret.SecretFile;
import io.tuli.secret.SecretText;
import io.tuli.secret.TestAuthority;
import io.tuli.transport.Proofs;
import io.tuli.transport.Transport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A mesh gets other credentials member by member, under load, and no call fails. */
class RollMeshTest {

    private static final ServiceConfig<Long> COUNTS =
            ServiceConfig.of("counts", Long.class).partitions(8).commit(Commit.safe());
    private static final int SERVERS = 3;

    @TempDir Path directory;

    private final TestMeshes meshes = new TestMeshes();
    private final TestAuthority authority = new TestAuthority("ours");
    private final List<Mesh> servers = new ArrayList<>();

    @AfterEach
    void close() {
        meshes.close();
    }

    private Mesh join(Member.Role role, Map<String, String> credentials) {
        Map<String, String> all = new HashMap<>(credentials);
        all.put("same.host", "false");
        return meshes.join(
                builder -> (role == Member.Role.CLIENT ? builder.client() : builder).settings(all));
    }

    private void start(Map<String, String> credentials) {
        Mesh mesh = join(Member.Role.SERVER, credentials);
        TestMeshes.synced(mesh.serve(COUNTS));
        servers.add(mesh);
    }

    @Test
    void fromNoneToASecretAndBackWithoutAFailedCall() throws Exception {
        String text = SecretText.generate();
        Path file = directory.resolve("secret");
        SecretFile.write(file, text);
        Map<String, String> none = Map.of();
        Map<String, String> both = Map.of("secret.file", file.toString(), "auth.require", "open");
        Map<String, String> secret = Map.of("secret.file", file.toString());
        for (int i = 0; i < SERVERS; i++) {
            start(none);
        }
        Mesh client = join(Member.Role.CLIENT, both);
        Service<Long> used = TestMeshes.synced(client.use("counts", Long.class));
        Writers writers = new Writers(List.of(used, used, used, used));
        writers.awaitMore();

        for (Map<String, String> step : List.of(both, secret)) {
            roll(step, writers);
        }
        await().atMost(TestMeshes.SOON)
                .until(() -> Proofs.all(transport(client)).size() == SERVERS);
        assertThat(Proofs.secrets(transport(client)))
                .hasSize(SERVERS)
                .containsOnly(Secret.of(text, client.name()));
        for (Map<String, String> step : List.of(both, none)) {
            roll(step, writers);
        }
        writers.finishOf(used);
    }

    @Test
    void fromASecretToCertificatesAndBackWithoutAFailedCall() throws Exception {
        Path file = directory.resolve("secret");
        SecretFile.write(file, SecretText.generate());
        Map<String, String> secret = Map.of("secret.file", file.toString());
        Map<String, String> both = certificate("server/s");
        both.putAll(secret);
        Map<String, String> certificate = certificate("server/t");
        for (int i = 0; i < SERVERS; i++) {
            start(secret);
        }
        Map<String, String> ofClient = certificate("client/c");
        ofClient.putAll(secret);
        ofClient.put("auth.require", "secret");
        Mesh client = join(Member.Role.CLIENT, ofClient);
        Service<Long> used = TestMeshes.synced(client.use("counts", Long.class));
        Writers writers = new Writers(List.of(used, used, used, used));
        writers.awaitMore();

        Map<String, String> either = new HashMap<>(both);
        either.put("auth.require", "secret");
        roll(either, writers);
        roll(both, writers);
        await().atMost(TestMeshes.SOON)
                .until(() -> Proofs.all(transport(client)).size() == SERVERS);
        assertThat(Proofs.all(transport(client)))
                .allMatch(
                        proven -> proven.subject() != null && proven.subject().name().equals("s"));
        roll(certificate, writers);
        roll(both, writers);
        roll(either, writers);
        roll(secret, writers);
        writers.finishOf(used);
    }

    /** Of an authority that all have, for who this is. */
    private Map<String, String> certificate(String who) {
        return authority.settings(directory, meshes.name(), who);
    }

    private static Transport transport(Mesh mesh) {
        return TestMeshes.context(mesh).transport();
    }

    /** Member by member: the next one comes, then one goes. */
    private void roll(Map<String, String> credentials, Writers writers) {
        for (int i = 0; i < SERVERS; i++) {
            start(credentials);
            servers.removeFirst().close();
            writers.awaitMore();
        }
    }
}
