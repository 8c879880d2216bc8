package io.tuli.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tuli.Commit;
import io.tuli.Mesh;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import io.tuli.secret.TestAuthority;
import io.tuli.transport.Proofs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members of one mesh, over sockets, that know each other by certificates in files. */
class CertificateMeshTest {

    private static final ServiceConfig<String> THINGS =
            ServiceConfig.of("things", String.class).partitions(8).commit(Commit.safe());

    @TempDir Path directory;

    private final TestAuthority authority = new TestAuthority("ours");
    private final TestMeshes meshes = new TestMeshes();

    @AfterEach
    void close() {
        meshes.close();
    }

    private Map<String, String> certificate(String who) {
        Map<String, String> settings = authority.settings(directory, meshes.name(), who);
        settings.put("files.look", "100ms");
        settings.put("link.renew", "500ms");
        return settings;
    }

    private void issue(String who) {
        String uri = "tuli://" + meshes.name() + "/" + who;
        authority.write(directory.resolve(who), authority.issue("EC", Duration.ofDays(1), uri));
    }

    private Mesh join(Map<String, String> settings, boolean isClient) {
        return meshes.join(builder -> (isClient ? builder.client() : builder).settings(settings));
    }

    @Test
    void itsMembersWriteReadFollowAndSwapTheirFiles() throws Exception {
        Mesh first = join(certificate("server/a"), false);
        Service<String> served = first.serve(THINGS);
        join(certificate("server/b"), false).serve(THINGS);
        Mesh client = join(certificate("client/c"), true);
        Service<String> used = TestMeshes.synced(client.use("things", String.class));
        used.update("k", "v").reply().get(20, TimeUnit.SECONDS);
        await().atMost(TestMeshes.SOON).until(() -> "v".equals(served.get("k", String.class)));
        assertThat(Proofs.all(TestMeshes.context(client).transport()))
                .hasSize(2)
                .allMatch(proven -> proven.subject() != null);

        issue("server/a");
        issue("client/c");
        used.update("k", "w").reply().get(20, TimeUnit.SECONDS);
        await().atMost(TestMeshes.SOON).until(() -> "w".equals(served.get("k", String.class)));
    }

    @Test
    void aClientsCertificateDoesNotServe() {
        Map<String, String> ofClient = certificate("client/c");
        assertThatThrownBy(() -> join(ofClient, false))
                .isInstanceOf(TuliException.class)
                .hasMessageContaining(
                        "must be for the role of its member: role=server, it is for client c");
    }

    @Test
    void theThreeFilesAreSetTogether() {
        Map<String, String> some = certificate("server/a");
        some.remove("tls.ca");
        assertThatThrownBy(() -> join(some, false))
                .isInstanceOf(TuliException.class)
                .hasMessageContaining("not set: tls.ca");
    }

    @Test
    void whatIsDemandedMustBeThere() {
        assertThatThrownBy(() -> join(Map.of("auth.require", "certificate"), false))
                .isInstanceOf(TuliException.class)
                .hasMessageContaining("auth.require must be something that this member has");
    }
}
