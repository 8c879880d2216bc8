package io.tuli.node;

import static io.tuli.node.TestMeshes.SOON;
import static io.tuli.node.TestMeshes.context;
import static io.tuli.node.TestMeshes.synced;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tuli.Call;
import io.tuli.Failure;
import io.tuli.Mesh;
import io.tuli.MeshEvent;
import io.tuli.Outcome;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.ServiceReport.PartitionReport;
import io.tuli.TuliException;
import io.tuli.log.DocumentReader;
import io.tuli.log.PartitionState;
import io.tuli.log.Stored;
import io.tuli.loop.Loops;
import io.tuli.loop.NodeLoop;
import io.tuli.member.MemberCore;
import io.tuli.service.LocalService;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A fault of ours, planted: an entry that cannot be applied stops its partition on its member. */
class PartitionFaultTest {

    private static final String POISON = "poison";

    private final TestMeshes meshes = new TestMeshes();
    private final List<MeshEvent> told = new CopyOnWriteArrayList<>();
    private Mesh server;
    private Service<Object> things;

    @AfterEach
    void closeAll() {
        meshes.close();
    }

    private void serve() {
        server = meshes.server();
        server.events(told::add);
        things = server.serve(ServiceConfig.of("things", Object.class).partitions(8));
        plant();
        synced(things);
    }

    /** From now on the documents of one key cannot be put on the server. */
    private void plant() {
        LocalService service = context(server).book().find("things").orElseThrow();
        Loops loops = context(server).loops();
        List<NodeLoop> all = loops.all();
        for (int i = 0; i < all.size(); i++) {
            int index = i;
            NodeLoop loop = all.get(i);
            loop.post(
                    () -> {
                        loop.core().close(service.number());
                        loop.core()
                                .open(
                                        service.spec(),
                                        p -> isOn(service.number(), p, all.size(), index),
                                        p -> new Poisoned(service.state(p)));
                    });
        }
        context(server).directory().reopened(service);
    }

    private static boolean isOn(int service, int partition, int loops, int loop) {
        return MemberCore.loopOf(service, partition, loops) == loop;
    }

    private int partitionOf(String key) {
        return context(server).book().find("things").orElseThrow().spec().partitionOf(key);
    }

    private String keyElsewhere() {
        for (int i = 0; ; i++) {
            if (partitionOf("k" + i) != partitionOf(POISON)) {
                return "k" + i;
            }
        }
    }

    private static TuliException failureOf(Call<?> call) {
        try {
            call.reply().orTimeout(10, TimeUnit.SECONDS).join();
        } catch (CompletionException failed) {
            return (TuliException) failed.getCause();
        }
        throw new AssertionError("it ended OK");
    }

    private List<PartitionReport> stopped() {
        return server.report("things").partitions().stream()
                .filter(each -> each.role().equals("stopped"))
                .toList();
    }

    @Test
    void itsPartitionStopsAndAllOthersGoOn() {
        serve();

        TuliException first = failureOf(things.update(POISON, 1));
        TuliException next = failureOf(things.update(POISON, 2));

        assertThat(first.outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(first.failure()).isEqualTo(Failure.UNAVAILABLE);
        assertThat(next.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(next.failure()).isEqualTo(Failure.UNAVAILABLE);
        assertThat(next).hasMessageContaining("has stopped", "restart that member");
        assertThat(things.update(keyElsewhere(), 1).reply()).succeedsWithin(SOON);
        assertThat(stopped())
                .extracting(PartitionReport::partition)
                .containsExactly(partitionOf(POISON));
        assertThat(server.report("things").state()).isEqualTo("broken");
        assertThat(server.closed()).isNotDone();
        await().atMost(SOON)
                .untilAsserted(
                        () ->
                                assertThat(told)
                                        .filteredOn(
                                                e -> e.kind() == MeshEvent.Kind.PARTITION_STOPPED)
                                        .hasSize(1));
    }

    @Test
    void itIsNotCarriedToTheNextMember() {
        serve();
        Mesh second = meshes.server();
        Service<Object> there =
                synced(second.serve(ServiceConfig.of("things", Object.class).partitions(8)));
        Service<Object> client = synced(meshes.client().use("things", Object.class));
        String key = POISON;
        await().atMost(SOON).until(() -> server.report("things").owned() == 4);

        Call<Void> call = client.update(key, 1);
        call.reply().orTimeout(15, TimeUnit.SECONDS).exceptionally(failed -> null).join();

        assertThat(second.report("things").partitions())
                .extracting(PartitionReport::role)
                .doesNotContain("stopped");
        assertThat(second.closed()).isNotDone();
        for (int i = 0; i < 20; i++) {
            String other = "k" + i;
            if (partitionOf(other) != partitionOf(key)) {
                assertThat(there.update(other, i).reply()).succeedsWithin(SOON);
            }
        }
    }

    @Test
    void whoHasStoppedPartitionsClosesWithoutDelay() {
        serve();
        Mesh second = meshes.server();
        synced(second.serve(ServiceConfig.of("things", Object.class).partitions(8)));
        CompletableFuture<Void> poisoned = things.update(POISON, 1).reply();
        poisoned.orTimeout(3, TimeUnit.SECONDS).exceptionally(failed -> null).join();

        long begun = System.nanoTime();
        server.close(Duration.ofSeconds(60));

        assertThat(System.nanoTime() - begun).isLessThan(30_000_000_000L);
        await().atMost(SOON).until(() -> second.report("things").owned() == 8);
        assertThat(second.use("things", Object.class).update(POISON, 3).reply())
                .succeedsWithin(SOON);
    }

    /** A state that breaks at one key. */
    private record Poisoned(PartitionState state) implements PartitionState {

        private static void require(String key) {
            if (key.equals(POISON)) {
                throw new IllegalStateException("planted: " + key);
            }
        }

        @Override
        public @Nullable Stored get(String topLevelKey) {
            return state.get(topLevelKey);
        }

        @Override
        public void put(String topLevelKey, @Nullable Stored stored) {
            require(topLevelKey);
            state.put(topLevelKey, stored);
        }

        @Override
        public void put(DocumentReader document) {
            require(document.key());
            state.put(document);
        }

        @Override
        public void forEach(BiConsumer<String, Stored> visitor) {
            state.forEach(visitor);
        }

        @Override
        public int size() {
            return state.size();
        }

        @Override
        public long digest() {
            return state.digest();
        }

        @Override
        public void clear() {
            state.clear();
        }

        @Override
        public PartitionState anew(int documents) {
            return new Poisoned(state.anew(documents));
        }

        @Override
        public void become(PartitionState filled) {
            state.become(((Poisoned) filled).state);
        }
    }
}
