package io.tuli.node;

import static io.tuli.node.TestMeshes.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.tuli.Call;
import io.tuli.Failure;
import io.tuli.Mesh;
import io.tuli.Outcome;
import io.tuli.Service;
import io.tuli.TuliException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Members that take messages of different lengths. */
class MessageBytesTest {

    private static final int KEYS = 12;
    private static final byte[] LONG = new byte[6 << 20];
    private static final byte[] SHORT = new byte[1_000];

    private final TestMeshes meshes = new TestMeshes();

    @AfterEach
    void closeAll() {
        meshes.close();
    }

    @Test
    void whatOneOfTheServersDoesNotTakeIsTooLargeForAllAndHarmsNobody() {
        List<Mesh> servers = List.of(taking("8MiB", false), taking("1MiB", false));
        Service<byte[]> one = served(servers.get(0));
        Service<byte[]> other = served(servers.get(1));
        Service<byte[]> used = taking("8MiB", true).use("things", byte[].class);
        await().atMost(SOON).until(() -> servers.stream().allMatch(MessageBytesTest::owns));

        for (int i = 0; i < KEYS; i++) {
            String key = "k" + i;
            assertTooLarge(used.update(key, LONG));
            assertTooLarge(one.update(key, LONG));
            used.update(key, SHORT).reply().join();
        }

        await().atMost(SOON).until(() -> other.state().size() == KEYS);
        assertThat(other.state().values()).allSatisfy(value -> assertThat(value).isEqualTo(SHORT));
    }

    @Test
    void whoTakesLessGetsWhatWasThereBefore() {
        Service<byte[]> one = served(taking("8MiB", false));
        one.update("long", LONG).reply().join();

        Service<byte[]> other = served(taking("1MiB", false));
        for (int i = 0; i < KEYS; i++) {
            other.update("k" + i, SHORT).reply().join();
        }

        await().atMost(SOON).until(() -> other.state().size() == KEYS + 1);
        assertThat(other.state().get("long")).isEqualTo(LONG);
    }

    @Test
    void manyLongOnesAtOnceAllArriveThoughTheLinkIsFullNowAndThen() {
        served(meshes.server());
        Service<byte[]> used = meshes.client().use("things", byte[].class);
        byte[] half = new byte[500_000];

        List<Call<?>> calls = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            calls.add(used.update("k" + i % KEYS, half));
        }

        assertThat(calls).allSatisfy(Call::await);
    }

    private static Service<byte[]> served(Mesh mesh) {
        Service<byte[]> service = mesh.serve("things", byte[].class);
        service.awaitSync(SOON);
        return service;
    }

    private Mesh taking(String messageBytes, boolean isClient) {
        return meshes.join(
                builder -> {
                    MeshBuilder set =
                            builder.settings(
                                    Map.of("message.bytes", messageBytes, "outbox.bytes", "32MiB"));
                    return isClient ? set.client() : set;
                });
    }

    private static boolean owns(Mesh server) {
        return server.report("things").owned() > 0;
    }

    private static void assertTooLarge(Call<?> call) {
        TuliException refused = catchThrowableOfType(TuliException.class, call::await);
        assertThat(refused.failure()).as(refused.getMessage()).isEqualTo(Failure.TOO_LARGE);
        assertThat(refused.outcome()).isEqualTo(Outcome.FAILED);
    }
}
