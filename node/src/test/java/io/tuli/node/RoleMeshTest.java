package io.tuli.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuli.Failure;
import io.tuli.Mesh;
import io.tuli.Message;
import io.tuli.Service;
import io.tuli.TuliException;
import io.tuli.secret.TestAuthority;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What members of each role can do, over sockets. */
class RoleMeshTest {

    @TempDir Path directory;

    private final TestAuthority authority = new TestAuthority("ours");
    private final TestMeshes meshes = new TestMeshes();

    @AfterEach
    void close() {
        meshes.close();
    }

    private Map<String, String> certificate(String who) {
        return authority.settings(directory, meshes.name(), who);
    }

    private Mesh client(Map<String, String> settings) {
        return meshes.join(builder -> builder.client().settings(settings));
    }

    private Service<String> serve() {
        Map<String, String> ofServer = certificate("server/s");
        Mesh server = meshes.join(builder -> builder.settings(ofServer));
        Service<String> served = TestMeshes.synced(server.serve("things", String.class));
        served.update("k", "v").reply().join();
        return served;
    }

    @Test
    void whoReadsOnlyReadsAndFollowsAndChangesNothing() {
        Service<String> served = serve();
        Service<String> used =
                TestMeshes.synced(client(certificate("read-only/r")).use("things", String.class));

        assertThat(used.get("k", String.class)).isEqualTo("v");
        assertThat(used.read("k", String.class).reply().join()).isEqualTo("v");
        assertDenied(() -> used.update("k", "w").reply().join());
        assertDenied(() -> used.remove("k").reply().join());
        assertDenied(() -> used.key("k").send(Message.of("BOOK")).reply().join());
        assertThat(served.get("k", String.class)).isEqualTo("v");
    }

    private static void assertDenied(Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        TuliException.class,
                        denied -> {
                            assertThat(denied.failure()).isEqualTo(Failure.NOT_AUTHORISED);
                            assertThat(denied).hasMessageContaining("role=read-only verb=");
                        });
    }

    @Test
    void reportsAreForOperators() {
        serve();
        Mesh client = client(certificate("client/c"));
        TestMeshes.synced(client.use("things", String.class)).update("k", "w").reply().join();
        assertThatThrownBy(() -> client.reports("things", Duration.ofSeconds(10)))
                .isInstanceOfSatisfying(
                        TuliException.class,
                        denied -> assertThat(denied.failure()).isEqualTo(Failure.NOT_AUTHORISED))
                .hasMessageContaining("reports are for operators: join with role=operator");

        Mesh operator = client(certificate("operator/o"));
        TestMeshes.synced(operator.use("things", String.class));
        assertThat(operator.reports("things", Duration.ofSeconds(10))).hasSizeGreaterThan(1);
    }

    @Test
    void aHolderOfTheSecretIsWhatItSays() {
        Mesh server = meshes.server();
        server.serve("things", String.class);
        Service<String> used = client(Map.of("role", "read-only")).use("things", String.class);
        assertDenied(() -> TestMeshes.synced(used).update("k", "w").reply().join());
    }

    @ParameterizedTest
    @ValueSource(strings = {"client", "operator"})
    void aCertificateToReadOnlyIsForNothingMore(String role) {
        Map<String, String> more = certificate("read-only/r");
        more.put("role", role);
        assertThatThrownBy(() -> client(more))
                .isInstanceOf(TuliException.class)
                .hasMessageContaining(
                        "a certificate must be for the role of its member: role=" + role);
    }

    @Test
    void whoServesIsAServerAndNothingElse() {
        assertThatThrownBy(() -> meshes.join(builder -> builder.settings(Map.of("role", "client"))))
                .isInstanceOf(TuliException.class)
                .hasMessageContaining("role is for clients, and this member serves");
    }
}
