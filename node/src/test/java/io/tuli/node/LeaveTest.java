package io.tuli.node;

import static io.tuli.node.TestMeshes.SOON;
import static io.tuli.node.TestMeshes.synced;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tuli.Call;
import io.tuli.Failure;
import io.tuli.Mesh;
import io.tuli.Message;
import io.tuli.Service;
import io.tuli.TuliException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class LeaveTest {

    private final TestMeshes meshes = new TestMeshes();

    @AfterEach
    void closeAll() {
        meshes.close();
    }

    @Test
    @Tag("FE-24")
    void noThreadRemains() {
        Set<Thread> before = threads();
        for (int round = 0; round < 2; round++) {
            TestMeshes some = new TestMeshes();
            Service<Object> things =
                    some.server().serve("things", Object.class, (message, turn) -> turn.pass());
            some.server().serve("things", Object.class);
            Service<Object> client = synced(some.client().use("things", Object.class));
            client.feed().each(change -> {});
            client.update("k", 1).reply().join();
            things.update("k", 2).reply().join();

            some.close();
        }

        await().atMost(SOON)
                .untilAsserted(
                        () -> {
                            Set<Thread> after = threads();
                            after.removeAll(before);
                            assertThat(after).isEmpty();
                        });
    }

    /** Those of the test's own tools excepted. */
    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !thread.getName().startsWith("awaitility"))
                .collect(Collectors.toSet());
    }

    @Test
    void closingTwiceIsHarmless() {
        Mesh mesh = meshes.server();
        Service<Object> things = mesh.serve("things", Object.class);

        mesh.close();
        mesh.close(Duration.ZERO);

        assertThatThrownBy(() -> mesh.serve("more", Object.class))
                .isInstanceOfSatisfying(
                        TuliException.class,
                        thrown -> assertThat(thrown.failure()).isEqualTo(Failure.CLOSED));
        RequestTest.assertFails(things.update("k", 1), io.tuli.Outcome.FAILED, Failure.CLOSED);
        assertThat(things.state()).isEmpty();
    }

    @Test
    void whoLeavesHandsOverWithoutALoss() {
        Mesh leaver = meshes.server();
        Service<Object> first = leaver.serve("things", Object.class);
        Mesh stayer = meshes.server();
        Service<Object> second = stayer.serve("things", Object.class);
        synced(first);
        synced(second);
        for (int i = 0; i < 200; i++) {
            first.update("k" + i, i).reply().join();
        }

        leaver.close();

        await().atMost(SOON).until(() -> stayer.report("things").owned() == 256);
        assertThat(second.state()).hasSize(200);
        assertThat(stayer.members()).hasSize(1);
    }

    @Test
    void noCallFailsWhileMembersComeAndLeave() throws Exception {
        List<Mesh> servers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Mesh mesh = meshes.server();
            synced(mesh.serve("things", Object.class));
            servers.add(mesh);
        }
        Service<Object> client = synced(meshes.client().use("things", Object.class));
        List<Call<Object>> calls = new ArrayList<>();

        for (int round = 0; round < 3; round++) {
            int from = calls.size();
            Thread leaving = Thread.ofVirtual().start(servers.remove(0)::close);
            while (leaving.isAlive() || calls.size() < from + 200) {
                Message message = Message.of("push", calls.size()).key("k" + calls.size() % 100);
                calls.add(client.send(message.within(Duration.ofSeconds(60))));
                calls.get(calls.size() - 1).reply().get(60, TimeUnit.SECONDS);
            }
            Mesh next = meshes.server();
            synced(next.serve("things", Object.class));
            servers.add(next);
        }

        int pushed =
                client.state().values().stream().mapToInt(list -> ((List<?>) list).size()).sum();
        assertThat(pushed).isEqualTo(calls.size());
    }

    @Test
    void anAbruptEndIsNoticedAndTheOthersTakeOver() {
        Mesh dying = meshes.server();
        Service<Object> first = dying.serve("things", Object.class);
        Mesh other = meshes.server();
        Service<Object> second = other.serve("things", Object.class);
        synced(first);
        synced(second);
        first.update("k", 1).reply().join();

        dying.close(Duration.ZERO);

        await().atMost(SOON).until(() -> other.report("things").owned() == 256);
        assertThat(second.read("k", Integer.class).reply().join()).isEqualTo(1);
    }
}
