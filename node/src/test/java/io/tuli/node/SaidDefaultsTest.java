package io.tuli.node;

import static io.tuli.node.RequestTest.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Call;
import io.tuli.Commit;
import io.tuli.Failure;
import io.tuli.Mesh;
import io.tuli.Message;
import io.tuli.Outcome;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What equals a default is said all the same. */
class SaidDefaultsTest {

    private final TestMeshes meshes = new TestMeshes();

    @AfterEach
    void closeAll() {
        meshes.close();
    }

    @Test
    void aSafeMessageIsSafeInAServiceThatCommitsAtTheOwner() {
        ServiceConfig<Object> config =
                ServiceConfig.of("things", Object.class).partitions(8).commit(Commit.owner());
        Mesh one = meshes.server();
        Mesh other = meshes.server();
        Service<Object> service = one.serve(config);
        other.serve(config).awaitSync(TestMeshes.SOON);
        service.awaitSync(TestMeshes.SOON);

        for (int i = 0; i < 50; i++) {
            Message safe = Message.of("update", i).key("k" + i).commit(Commit.safe());
            assertThat(service.send(safe).committed().join().copies()).isEqualTo(2);
        }
    }

    @Test
    void aServiceMaySayTheStandardDeadline() {
        Mesh server = meshes.join(how -> how.settings(Map.of("request.deadline", "200ms")));
        Service<Object> said =
                server.use(ServiceConfig.of("said", Object.class).deadline(Duration.ofSeconds(20)));
        Service<Object> unsaid = server.use("unsaid", Object.class);

        Call<Void> patient = said.update("k", 1);

        assertFails(unsaid.update("k", 1), Outcome.FAILED, Failure.NOT_FOUND);
        assertThat(patient.reply()).isNotDone();
        patient.cancel();
    }
}
