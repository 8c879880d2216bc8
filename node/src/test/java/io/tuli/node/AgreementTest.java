package io.tuli.node;

import static io.tuli.node.TestMeshes.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tuli.Call;
import io.tuli.Failure;
import io.tuli.Member;
import io.tuli.Mesh;
import io.tuli.MeshEvent;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import io.tuli.membership.FakeMesh;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Of members that begin to serve one service with other settings one is refused, and told why. */
class AgreementTest {

    private static final Duration QUICK = Duration.ofSeconds(5);

    private final FakeMesh control = new FakeMesh();
    private final TestMeshes meshes = new TestMeshes();
    private final List<MeshEvent> refused = new CopyOnWriteArrayList<>();

    /** What all servers of a service must agree on. */
    enum Difference {
        PARTITIONS,
        MERGE,
        PARTITIONER;

        ServiceConfig<Object> of(ServiceConfig<Object> config) {
            return switch (this) {
                case PARTITIONS -> config.partitions(8);
                case MERGE -> config.merge((key, base, winner, loser) -> winner);
                case PARTITIONER -> config.partitioner(key -> key.substring(0, 1));
            };
        }
    }

    @AfterEach
    void closeAll() {
        meshes.close();
    }

    @ParameterizedTest
    @EnumSource
    void whoBeginsAtOnceWithOtherSettingsIsRefusedByServe(Difference difference) {
        Mesh first = meshes.server();
        Mesh second = meshes.server();
        await().atMost(SOON)
                .until(() -> first.members().size() == 2 && second.members().size() == 2);

        List<String> told =
                meshes.atOnce(
                        2,
                        index ->
                                index == 0
                                        ? outcome(first, things())
                                        : outcome(second, difference.of(things())));

        assertThat(told).filteredOn("served"::equals).hasSize(1);
        assertThat(told).filteredOn(each -> each.startsWith("CONFLICT")).hasSize(1);
        Mesh winner = told.getFirst().equals("served") ? first : second;
        winner.use("things", Object.class).awaitSync(SOON);
        winner.use("things", Object.class).update("k", 1).reply().join();
    }

    @Test
    void whoFindsOutLaterIsRefusedWithAReasonAndCloses() {
        Mesh first = joined();
        Mesh second = joined();
        await().atMost(SOON)
                .until(() -> first.members().size() == 2 && second.members().size() == 2);
        control.hold();
        Service<Object> here = first.serve(things());
        Service<Object> there = second.serve(things().partitions(8));
        List<Call<Void>> calls = new ArrayList<>();
        calls.add(here.update("k", 1));
        calls.add(there.update("k", 1));
        control.release();

        await().atMost(SOON).until(() -> !refused.isEmpty());
        boolean isFirstRefused = isRefused(here);
        Mesh loser = isFirstRefused ? first : second;
        Service<Object> lost = isFirstRefused ? here : there;
        Service<Object> won = isFirstRefused ? there : here;
        long before = System.nanoTime();
        conflict(() -> lost.awaitSync(Duration.ofSeconds(60)));
        conflict(() -> lost.update("k", 2).reply().join());
        conflict(() -> calls.get(isFirstRefused ? 0 : 1).reply().join());
        loser.close();

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(QUICK);
        assertThat(refused).hasSize(1);
        assertThat(refused.getFirst().text()).contains("partitions here=", "there=");
        won.awaitSync(SOON);
        won.update("k", 3).reply().join();
    }

    @Test
    void whoWasRefusedCanServeItAsTheOthersDo() {
        Mesh first = joined();
        Mesh second = joined();
        await().atMost(SOON)
                .until(() -> first.members().size() == 2 && second.members().size() == 2);
        control.hold();
        Service<Object> here = first.serve(things());
        Service<Object> there = second.serve(things().partitions(8));
        control.release();
        await().atMost(SOON).until(() -> !refused.isEmpty());
        boolean isFirst = isRefused(here);
        Mesh loser = isFirst ? first : second;
        await().atMost(SOON).until(() -> !loser.services().isEmpty());

        Service<Object> again = loser.serve(isFirst ? things().partitions(8) : things());

        again.awaitSync(SOON);
        again.update("k", 1).reply().join();
        (isFirst ? there : here).update("k", 2).reply().join();
    }

    private static boolean isRefused(Service<Object> service) {
        try {
            service.awaitSync(SOON);
            return false;
        } catch (TuliException refused) {
            return refused.failure() == Failure.CONFLICT;
        }
    }

    private static void conflict(ThrowingCallable call) {
        assertThatThrownBy(call)
                .satisfies(
                        thrown -> {
                            Throwable cause =
                                    thrown instanceof CompletionException
                                            ? thrown.getCause()
                                            : thrown;
                            assertThat(cause).isInstanceOf(TuliException.class);
                            assertThat(((TuliException) cause).failure())
                                    .isEqualTo(Failure.CONFLICT);
                            assertThat(cause).hasMessageContaining("at the same time");
                        });
    }

    private static String outcome(Mesh mesh, ServiceConfig<Object> config) {
        try {
            mesh.serve(config);
            return "served";
        } catch (TuliException refused) {
            return refused.failure() + " " + refused.getMessage();
        }
    }

    private static ServiceConfig<Object> things() {
        return ServiceConfig.of("things", Object.class).partitions(4);
    }

    private Mesh joined() {
        Mesh mesh = meshes.join(control, Member.Role.SERVER, Duration.ofSeconds(30));
        mesh.events(
                event -> {
                    if (event.kind() == MeshEvent.Kind.SERVICE_REFUSED) {
                        refused.add(event);
                    }
                });
        return mesh;
    }
}
