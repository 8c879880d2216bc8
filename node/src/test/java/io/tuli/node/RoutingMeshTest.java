package io.tuli.node;

import static io.tuli.node.TestMeshes.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tuli.Failure;
import io.tuli.Mesh;
import io.tuli.Message;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.ServiceDescription;
import io.tuli.TuliException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Calls to servers of some versions, to a canary, to near ones: with real members. */
class RoutingMeshTest {

    private static final String WORK = "work";
    private static final Message GO = Message.of("GO").within(SOON);

    private final TestMeshes meshes = new TestMeshes();

    @AfterEach
    void closeAll() {
        meshes.close();
    }

    /** Serves it, and answers with what it serves it as. */
    private static Service<Void> serve(
            Mesh mesh, String answer, UnaryOperator<ServiceDescription> said) {
        ServiceConfig<Void> config = ServiceConfig.stateless(WORK, (message, turn) -> answer);
        return mesh.serve(config.describe(said.apply(config.description())));
    }

    private static Service<Void> serve(Mesh mesh, String version) {
        return serve(mesh, version, said -> said.version(version));
    }

    /** Who has answered how many of so many calls that are made at once. */
    private static Map<Object, Integer> answers(int count, Service.Target to) {
        List<CompletableFuture<Object>> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(to.send(GO).reply());
        }
        Map<Object, Integer> counts = new HashMap<>();
        for (CompletableFuture<Object> each : all) {
            assertThat(each).succeedsWithin(SOON);
            counts.merge(each.join(), 1, Integer::sum);
        }
        return counts;
    }

    private Service<Void> used(int servers) {
        return TestMeshes.answeredBy(servers, meshes.client().use(ServiceConfig.stateless(WORK)));
    }

    @Test
    @Tag("NC-13")
    @Tag("PT-05")
    @Tag("FD-72")
    void callsFindTheirVersionWhoeverIsKilledAndWhateverIsServedNext() {
        List<Mesh> servers = List.of(meshes.server(), meshes.server(), meshes.server());
        serve(servers.get(0), "1.4");
        serve(servers.get(1), "2.0");
        Service<Void> latest = serve(servers.get(2), "2.1", said -> said.version("2.1").share(10));
        Service<Void> work = used(3);

        assertThat(answers(200, work.any().version("1.x"))).isEqualTo(Map.of("1.4", 200));
        assertThat(answers(200, work.any().version(">=2 <2.1"))).isEqualTo(Map.of("2.0", 200));
        assertThat(answers(1_000, work.any().version("2.x")))
                .as("of any hundred in a row, whichever loop makes them")
                .isEqualTo(Map.of("2.0", 900, "2.1", 100));
        assertThat(answers(1_000, work.any())).containsEntry("2.1", 100);

        CompletableFuture<?>[] under = new CompletableFuture<?>[2_000];
        Set<Object> answered = new HashSet<>();
        for (int i = 0; i < under.length; i++) {
            under[i] = work.any().version("2.x").send(GO).reply();
            if (i == 1_000) {
                servers.get(1).close(Duration.ZERO);
            }
        }
        for (CompletableFuture<?> each : under) {
            assertThat(each).succeedsWithin(SOON);
            answered.add(each.join());
        }
        assertThat(answered).isSubsetOf("2.0", "2.1").contains("2.1");

        latest.close();
        serve(servers.get(2), "1.9");

        await().atMost(SOON).until(() -> answers(20, work.any()).containsKey("1.9"));
        assertThatThrownBy(() -> work.any().version("2.x").send(GO.failFast()).await())
                .isInstanceOfSatisfying(
                        TuliException.class,
                        none -> assertThat(none.failure()).isEqualTo(Failure.NOT_FOUND))
                .hasMessageContaining("version=2.x there=1.4, 1.9");
        assertThat(answers(50, work.any().version("1.x")).keySet()).contains("1.4", "1.9");
        assertThatThrownBy(() -> work.any().version("two"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("versions are said as 2.x");
    }

    @Test
    @Tag("PT-04")
    void nearIsThisMemberFirstAndOthersWhereItServesNoMore() {
        Mesh here = meshes.server();
        Mesh there = meshes.server();
        Service<Void> own = serve(here, "here");
        serve(there, "there");
        TestMeshes.answeredBy(2, own);

        assertThat(answers(100, own.any().near())).isEqualTo(Map.of("here", 100));
        assertThat(answers(100, own.any()).keySet()).containsExactlyInAnyOrder("here", "there");

        own.close();
        Service<Void> used = here.use(ServiceConfig.stateless(WORK));
        assertThat(answers(10, used.any().near())).isEqualTo(Map.of("there", 10));
    }
}
