package io.tuli.node;

import static io.tuli.node.TestMeshes.SOON;
import static io.tuli.node.TestMeshes.synced;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tuli.Call;
import io.tuli.Change;
import io.tuli.Failure;
import io.tuli.Handler;
import io.tuli.Mesh;
import io.tuli.Message;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import io.tuli.Turn;
import io.tuli.service.LocalService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One service's changes folded into another's: each exactly once, whoever comes and goes. */
@Tag("FE-29")
class FoldTest {

    private static final int TEAMS = 5;

    private final TestMeshes meshes = new TestMeshes();

    @AfterEach
    void closeAll() {
        meshes.close();
    }

    /** Counts, per team, the users that joined it. */
    private static ServiceConfig<Object> teams() {
        return teams(FoldTest::count).inline();
    }

    private static ServiceConfig<Object> teams(Handler<Object> handler) {
        return ServiceConfig.of("teams", Object.class)
                .partitions(16)
                .handler(handler)
                .fold("users", FoldTest::joined);
    }

    private static @Nullable Object count(Message message, Turn<Object> turn) {
        Integer before = turn.value(message.key().top(), Integer.class);
        turn.update(before == null ? 1 : before + 1);
        return null;
    }

    private static List<Message> joined(Change user) {
        Object team = user.value();
        return team == null ? List.of() : List.of(Message.of("JOINED").key("team-" + team));
    }

    private Mesh server() {
        return server(teams());
    }

    private Mesh server(ServiceConfig<Object> teams) {
        Mesh mesh = meshes.server();
        synced(mesh.serve(teams));
        synced(mesh.serve(ServiceConfig.of("users", Object.class).partitions(16)));
        return mesh;
    }

    @Test
    void everyChangeIsFoldedOnce() {
        Mesh one = server();
        server();
        Service<Object> users = one.use("users", Object.class);

        List<Call<Void>> calls = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            calls.add(users.update("user-" + i, i % TEAMS));
        }
        calls.forEach(call -> call.reply().join());

        for (Mesh mesh : meshes.all()) {
            Service<Object> teams = mesh.use("teams", Object.class);
            await().atMost(SOON).until(() -> total(teams) == 500);
            teams.state().values().forEach(count -> assertThat(count).isEqualTo(100));
        }
    }

    @Test
    void whileMembersComeAndLeave() {
        List<Mesh> servers = new ArrayList<>();
        servers.add(server());
        servers.add(server());
        Mesh client = meshes.client();
        Service<Object> users = client.use("users", Object.class);
        Service<Object> teams = synced(client.use("teams", Object.class));

        int sent = 0;
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 200; i++) {
                users.update("user-" + sent, sent % TEAMS).reply().join();
                sent++;
            }
            servers.add(server());
            for (int i = 0; i < 200; i++) {
                users.update("user-" + sent, sent % TEAMS);
                sent++;
            }
            servers.remove(0).close();
        }

        int all = sent;
        await().atMost(SOON)
                .until(() -> users.read("user-" + (all - 1), Integer.class).reply().join() != null);
        await().atMost(SOON).untilAsserted(() -> assertThat(total(teams)).isEqualTo(all));
        assertThat(Map.copyOf(teams.state()).values()).allMatch(count -> count.equals(all / TEAMS));
    }

    @Test
    void anOverloadedHandlerIsTriedAgain() {
        AtomicInteger tries = new AtomicInteger();
        Mesh mesh = meshes.server();
        Service<Object> teams =
                mesh.serve(
                        teams().handler(
                                        (message, turn) -> {
                                            if (tries.incrementAndGet() % 2 == 1) {
                                                throw new TuliException(
                                                        Failure.OVERLOADED, "come again later");
                                            }
                                            return count(message, turn);
                                        }));
        Service<Object> users = mesh.serve("users", Object.class);

        for (int i = 0; i < 50; i++) {
            users.update("user-" + i, i % TEAMS).reply().join();
        }

        await().atMost(SOON).untilAsserted(() -> assertThat(total(teams)).isEqualTo(50));
        assertThat(teams.state().values()).allMatch(count -> count.equals(50 / TEAMS));
    }

    @Test
    void whatAMemberHadNotFoldedWhenItClosedIsFoldedByAnother() {
        CountDownLatch mayEnd = new CountDownLatch(1);
        Handler<Object> slow =
                (message, turn) -> {
                    mayEnd.await(20, TimeUnit.SECONDS);
                    return count(message, turn);
                };
        Mesh one = server(teams(slow));
        Mesh two = server(teams().handler(FoldTest::count));
        Service<Object> users = two.use("users", Object.class);
        Service<Object> teams = two.use("teams", Object.class);
        await().atMost(SOON).until(() -> owned(one) > 0 && owned(two) > 0);
        for (int i = 0; i < 100; i++) {
            users.update("user-" + i, i).reply().join();
        }

        TestMeshes.context(one).book().all().forEach(LocalService::end);
        one.close(Duration.ZERO);

        mayEnd.countDown();
        await().atMost(SOON).untilAsserted(() -> assertThat(teams.state()).hasSize(100));
    }

    private static long owned(Mesh mesh) {
        return mesh.report("teams").partitions().stream()
                .filter(partition -> partition.role().equals("owner"))
                .count();
    }

    private static int total(Service<Object> teams) {
        return teams.state().values().stream().mapToInt(count -> (Integer) count).sum();
    }
}
