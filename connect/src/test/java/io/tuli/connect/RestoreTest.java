package io.tuli.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuli.Failure;
import io.tuli.Mesh;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who founds a service begins with what the store has, all of it or not at all (FE-26). */
class RestoreTest {

    private final Members members = new Members();
    private final FakeStore store = new FakeStore();

    RestoreTest() {
        for (int i = 0; i < 1_000; i++) {
            store.rows.put("k" + i, "{\"value\":\"" + i + "\"}");
        }
    }

    @AfterEach
    void close() {
        members.close();
    }

    @Test
    void theFirstMemberRestoresAndLaterOnesHaveItFromThere() {
        Connected<Object> first = Members.orders().store(store).serve(members.join());
        assertThat(Members.state(first.service())).isEqualTo(store.rows());

        Connected<Object> second = Members.orders().store(store).serve(members.join());

        assertThat(Members.state(second.service())).isEqualTo(store.rows());
        assertThat(second.hasFounded()).isFalse();
        assertThat(store.restored).hasValue(1);
        assertThat(store.batches).hasValue(0);
    }

    @Test
    void ofMembersThatBeginAtOnceOneRestores() throws Exception {
        List<Mesh> meshes = List.of(members.join(), members.join(), members.join());
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<Connected<Object>>> all =
                    meshes.stream()
                            .map(
                                    mesh ->
                                            CompletableFuture.supplyAsync(
                                                    () -> Members.orders().store(store).serve(mesh),
                                                    threads))
                            .toList();
            for (CompletableFuture<Connected<Object>> each : all) {
                assertThat(Members.state(each.get().service())).isEqualTo(store.rows());
            }
        }
        assertThat(store.restored).hasValue(1);
    }

    @Test
    void whenAllHaveGoneTheNextOneBeginsWithTheStore() {
        Mesh mesh = members.join();
        Connected<Object> first = Members.orders().store(store).serve(mesh);
        first.service().update("new", java.util.Map.of("value", "x")).await();
        mesh.close();

        Connected<Object> again = Members.orders().store(store).serve(members.join());

        assertThat(again.hasFounded()).isTrue();
        assertThat(again.service().state()).hasSize(1_001).containsKey("new");
    }

    @Test
    void nobodyServesHalfOfWhatARestoreThatFailsHasGiven() throws Exception {
        store.failsAfter = 500;
        CountDownLatch failed = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Source source =
                into -> {
                    try {
                        store.restore(into);
                    } catch (IllegalStateException half) {
                        failed.countDown();
                        goOn.await();
                        throw half;
                    }
                };
        Mesh founder = members.join();
        Mesh user = members.join();
        Service<Object> used = user.use("orders", Object.class);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CompletableFuture<Connected<Object>> serving =
                    CompletableFuture.supplyAsync(
                            () -> Members.orders().restore(source).serve(founder), threads);
            failed.await();

            assertThat(user.service("orders")).isEmpty();
            assertThat(used.state()).isEmpty();
            goOn.countDown();

            serving.get();
            used.awaitSync(Members.SOON);
            assertThat(Members.state(used)).isEqualTo(store.rows());
            assertThat(store.restored).hasValue(2);
        }
    }

    @Test
    void aFounderThatDiesIsFollowedByAnother() throws Exception {
        CountDownLatch restoring = new CountDownLatch(1);
        Source hanging =
                into -> {
                    into.put("k1", java.util.Map.of("value", "half"));
                    restoring.countDown();
                    new CountDownLatch(1).await();
                };
        Mesh dying = members.join();
        Mesh next = members.join();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CompletableFuture<Connected<Object>> dies =
                    CompletableFuture.supplyAsync(
                            () ->
                                    Members.orders()
                                            .restore(hanging)
                                            .patience(Duration.ofSeconds(1))
                                            .within(Duration.ofSeconds(2))
                                            .serve(dying),
                            threads);
            restoring.await();
            CompletableFuture<Connected<Object>> follows =
                    CompletableFuture.supplyAsync(
                            () -> Members.orders().restore(store).serve(next), threads);
            dying.close(Duration.ofMillis(1));

            assertThat(Members.state(follows.get().service())).isEqualTo(store.rows());
            assertThat(dies).failsWithin(Members.SOON);
        }
    }

    @Test
    void aStoreThatDoesNotAnswerInTimeIsUnavailableAndNothingIsServed() {
        Mesh mesh = members.join();
        Source down =
                into -> {
                    throw new IllegalStateException("no route to the store");
                };

        assertThatThrownBy(
                        () ->
                                Members.orders()
                                        .restore(down)
                                        .within(Duration.ofMillis(300))
                                        .serve(mesh))
                .isInstanceOfSatisfying(
                        TuliException.class,
                        late -> assertThat(late.failure()).isEqualTo(Failure.UNAVAILABLE))
                .hasMessageContaining("no route to the store");
        assertThat(mesh.service("orders")).isEmpty();

        assertThat(Members.orders().restore(store).serve(mesh).service().state()).hasSize(1_000);
    }

    @Test
    void whatCannotBeReadAsTheServicesTypeFailsTheRestoreAndNamesTheKey() {
        record Order(int value) {}
        store.rows.put("k1", "{\"value\":\"no number\"}");

        assertThatThrownBy(
                        () ->
                                Connector.of(ServiceConfig.of("orders", Order.class))
                                        .restore(store)
                                        .within(Duration.ofMillis(300))
                                        .foundAfter(Duration.ZERO)
                                        .serve(members.join()))
                .isInstanceOf(TuliException.class)
                .hasMessageContaining("key=k");
    }

    /** Else a client could say that the service is founded anew, and so fence its owners. */
    @Test
    void clientsHaveNothingToDoWithWhatIsAgreedBesideIt() {
        Members.orders().store(store).serve(members.join());
        Service<Object> used =
                members.joinClient()
                        .use(ServiceConfig.of("connect.orders", Object.class).withoutReplica());

        assertThatThrownBy(() -> used.update("state", "mine").await())
                .isInstanceOfSatisfying(
                        TuliException.class,
                        denied -> assertThat(denied.failure()).isEqualTo(Failure.NOT_AUTHORISED));
    }

    @Test
    void theHandlerIsNotAskedForWhatIsRestored() {
        AtomicInteger asked = new AtomicInteger();
        ServiceConfig<Object> config =
                ServiceConfig.of("orders", Object.class)
                        .handler(
                                (message, turn) -> {
                                    asked.incrementAndGet();
                                    return turn.pass();
                                });
        Connected<Object> orders =
                Connector.of(config).foundAfter(Duration.ZERO).restore(store).serve(members.join());

        assertThat(asked).hasValue(0);
        assertThat(orders.service().state()).hasSize(1_000);
        orders.service().update("k1", "mine").await();
        assertThat(asked).hasValue(1);
    }
}
