package io.tuli.node;

import static io.tuli.node.TestMeshes.synced;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tuli.Call;
import io.tuli.Mesh;
import io.tuli.Message;
import io.tuli.Service;
import io.tuli.ServiceReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Fero's headline demonstration, twice as large: many members at once, and one after the other. */
@Tag("FE-22")
@Timeout(300)
class SwarmTest {

    private static final Duration WHILE = Duration.ofMinutes(2);

    private final TestMeshes meshes = new TestMeshes();

    @AfterEach
    void closeAll() {
        meshes.close();
    }

    @Test
    void serversThatStartAtOnceAllFindEachOther() {
        List<Mesh> all = meshes.atOnce(10, index -> meshes.server());

        for (Mesh each : all) {
            await().atMost(WHILE).until(() -> each.members().size() == 10);
        }
    }

    @Test
    void serversThatComeOneByOneShareThePartitions() {
        List<Mesh> all = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Mesh mesh = meshes.server();
            synced(mesh.serve("things", Object.class)).update("k" + i, i).reply().join();
            all.add(mesh);
        }

        await().atMost(WHILE).until(() -> owned(all).stream().allMatch(share -> share > 40));
        assertThat(owned(all).stream().mapToInt(Integer::intValue).sum()).isEqualTo(256);
        for (Mesh each : all) {
            Service<Object> things = each.use("things", Object.class);
            await().atMost(WHILE).until(() -> things.state().size() == 5);
        }
    }

    @Test
    void tenServersAndTenClientsAllGetAHundredMessagesFromEachClient() throws Exception {
        List<Mesh> all = meshes.atOnce(20, index -> index < 10 ? meshes.server() : meshes.client());
        meshes.atOnce(20, index -> begin(all.get(index)));
        List<Service<Object>> services = new ArrayList<>();
        all.forEach(mesh -> services.add(mesh.use("things", Object.class)));

        List<Call<Object>> calls = new ArrayList<>();
        for (int client = 10; client < 20; client++) {
            for (int i = 0; i < 100; i++) {
                Message message = Message.of("update", i).key("c" + client + "-" + i);
                calls.add(services.get(client).send(message.within(WHILE)));
            }
        }
        for (Call<Object> call : calls) {
            call.reply().get(120, TimeUnit.SECONDS);
        }

        for (Service<Object> each : services) {
            await().atMost(WHILE).until(() -> each.state().size() == 1_000);
        }
        await().atMost(WHILE).until(() -> digests(all).distinct().count() == 1);
    }

    private static Service<Object> begin(Mesh mesh) {
        return mesh.self().isServer()
                ? mesh.serve("things", Object.class)
                : mesh.use("things", Object.class);
    }

    private static List<Integer> owned(List<Mesh> all) {
        return all.stream().map(mesh -> mesh.report("things").owned()).toList();
    }

    private static java.util.stream.LongStream digests(List<Mesh> all) {
        return all.stream().map(mesh -> mesh.report("things")).mapToLong(ServiceReport::digest);
    }
}
