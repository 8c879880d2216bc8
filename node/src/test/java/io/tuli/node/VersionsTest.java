package io.tuli.node;

import static io.tuli.node.RequestTest.assertFails;
import static io.tuli.node.TestMeshes.synced;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuli.Call;
import io.tuli.Epoch;
import io.tuli.Failure;
import io.tuli.Key;
import io.tuli.LogPosition;
import io.tuli.Mesh;
import io.tuli.Message;
import io.tuli.Outcome;
import io.tuli.Receipt;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import io.tuli.Versioned;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Writes that hold only for the version they were made of, and reading at a receipt. */
class VersionsTest {

    private static final Duration SOON = Duration.ofSeconds(5);

    private final TestMeshes meshes = new TestMeshes();

    record Cart(int items, String owner) {}

    @AfterEach
    void leave() {
        meshes.close();
    }

    private static void assertConflict(Call<?> call) {
        assertFails(call, Outcome.FAILED, Failure.CONFLICT);
    }

    private static Message update(String key, Object value) {
        return Message.of("update", value).key(key);
    }

    @Test
    @Tag("PT-80")
    void aWriteHoldsOnlyAtTheVersionItNamesAndMakesTheNextOne() {
        Service<Cart> carts = meshes.server().serve("carts", Cart.class);
        Receipt first = carts.update("u1", new Cart(1, "ann")).committed().join();
        Versioned<Cart> read = carts.versioned("u1");

        assertThat(read).isEqualTo(new Versioned<>(new Cart(1, "ann"), first.position()));
        Message next = update("u1", new Cart(2, "ann")).ifVersion(read.version());
        Receipt second = carts.send(next, Void.class).committed().join();
        assertConflict(carts.send(next.carrying(new Cart(3, "ann")), Void.class));
        assertThat(carts.versioned("u1"))
                .isEqualTo(new Versioned<>(new Cart(2, "ann"), second.position()));
        Message remove = Message.of("remove").key("u1");
        assertConflict(carts.send(remove.ifVersion(first.position()), Boolean.class));
        carts.send(remove.ifVersion(second.position()), Boolean.class).reply().join();
        assertThat(carts.versioned("u1")).isEqualTo(new Versioned<>(null, LogPosition.START));
        assertThat(carts.versioned("u1").exists()).isFalse();
    }

    @Test
    @Tag("PT-80")
    void whatIsNotThereIsMadeByOneOfMany() {
        Service<Object> things = meshes.server().serve("things", Object.class);
        Message first = update("k", 1).ifAbsent();
        List<Call<Void>> calls = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            calls.add(things.send(first.carrying(i), Void.class));
        }

        long ok = calls.stream().filter(call -> isOk(call)).count();

        assertThat(ok).isEqualTo(1);
        assertThat(things.state()).hasSize(1);
        things.remove("k").reply().join();
        things.send(first, Void.class).reply().join();
    }

    private static boolean isOk(Call<?> call) {
        return call.committed().handle((receipt, failed) -> failed == null).join();
    }

    @Test
    @Tag("PT-81")
    void theRepeatOfASuccessIsOkAndOfAnotherConditionIsRefused() {
        Service<Object> things = meshes.server().serve("things", Object.class);
        Message first = update("k", 1).ifAbsent().id("first");
        Receipt receipt = things.send(first, Void.class).committed().join();
        things.update("k", 2).reply().join();

        assertThat(things.send(first, Void.class).committed().join().position())
                .isEqualTo(receipt.position());
        assertConflict(things.send(first.ifVersion(receipt.position()), Void.class));
        assertConflict(things.send(update("k", 1).id("first"), Void.class));
        assertThat(things.get("k", Integer.class)).isEqualTo(2);
    }

    @Test
    @Tag("PT-81")
    void itIsAskedBeforeTheHandler() {
        AtomicInteger handled = new AtomicInteger();
        Service<Object> things =
                meshes.server()
                        .serve(
                                "things",
                                Object.class,
                                (message, turn) -> {
                                    handled.incrementAndGet();
                                    assertThat(message.version()).isEmpty();
                                    turn.update(message.body(Object.class));
                                    return "done";
                                });
        Message message = Message.of("SAVE", 1).key("k").ifAbsent();

        assertThat(things.send(message).reply().join()).isEqualTo("done");
        assertConflict(things.send(message));
        assertThat(handled).hasValue(1);
    }

    @Test
    @Tag("PT-81")
    void manyCountersOfOneCountLoseNothing() throws Exception {
        Mesh server = meshes.server();
        ServiceConfig<Integer> config = ServiceConfig.of("sums", Integer.class);
        List<Service<Integer>> members = List.of(server.serve(config), meshes.client().use(config));
        members.forEach(TestMeshes::synced);
        Receipt zero = members.get(0).update("sum", 0).committed().join();
        members.get(1).await(zero, SOON);
        List<Callable<Integer>> counters = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Service<Integer> member = members.get(i % 2);
            counters.add(() -> countTo(25, member));
        }

        int refused = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (Future<Integer> each : threads.invokeAll(counters)) {
                refused += each.get();
            }
        }

        assertThat(members.get(0).get("sum", Integer.class)).isEqualTo(100);
        assertThat(refused).as("conflicts told").isPositive();
    }

    private static int countTo(int count, Service<Integer> sums) {
        int refused = 0;
        for (int done = 0; done < count; ) {
            Versioned<Integer> read = sums.versioned("sum");
            int next = java.util.Objects.requireNonNull(read.value()) + 1;
            boolean isOk =
                    isOk(sums.send(update("sum", next).ifVersion(read.version()), Void.class));
            done += isOk ? 1 : 0;
            refused += isOk ? 0 : 1;
        }
        return refused;
    }

    @Test
    @Tag("PT-81")
    void aConditionIsOfADocumentAndAskedOfItsOwner() {
        Mesh mesh = meshes.server();
        Service<Object> things = mesh.serve("things", Object.class);

        Message keyless = Message.of("HELLO").ifAbsent();
        assertFails(things.send(keyless), Outcome.FAILED, Failure.BAD_REQUEST);
        assertFails(things.any().send(keyless), Outcome.FAILED, Failure.BAD_REQUEST);
        assertFails(
                things.member(mesh.self().id()).send(keyless.key("k")),
                Outcome.FAILED,
                Failure.BAD_REQUEST);
        assertThatThrownBy(() -> things.versioned("k.field"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("whole document");
        assertThatThrownBy(() -> keyless.ifVersion(LogPosition.within(new Epoch(1, 1), 3, 1)))
                .isInstanceOf(IllegalArgumentException.class);
        things.send(Message.of("add", 1).ifAbsent(), String.class).reply().join();
        things.send(update("doc.field", 1).ifAbsent(), Void.class).reply().join();
        assertConflict(things.send(update("doc.other", 1).ifAbsent(), Void.class));
    }

    // ---- replace -------------------------------------------------------------------------------

    @Test
    @Tag("PT-82")
    void aValueIsReplacedWhereItIsTheOneExpected() {
        Service<Cart> carts = meshes.server().serve("carts", Cart.class);
        carts.update("u1", new Cart(1, "ann")).reply().join();

        carts.replace("u1", new Cart(1, "ann"), new Cart(2, "ann")).reply().join();
        assertConflict(carts.replace("u1", new Cart(1, "ann"), new Cart(3, "ann")));
        carts.replace("u1.items", 2, 4).reply().join();
        assertConflict(carts.replace("u1.items", 2, 5));
        assertConflict(carts.replace("u2", new Cart(1, "ann"), new Cart(2, "ann")));
        assertConflict(carts.replace("u2", null, new Cart(2, "ann")));
        assertFails(carts.replace("u1.items", 4, "many"), Outcome.FAILED, Failure.BAD_REQUEST);

        assertThat(carts.get("u1", Cart.class)).isEqualTo(new Cart(4, "ann"));
    }

    @Test
    @Tag("PT-82")
    void fieldsAreExpectedInWhateverOrder() {
        Service<Object> things = meshes.server().serve("things", Object.class);
        Map<String, Object> ordered = new LinkedHashMap<>();
        ordered.put("b", List.of(1, Map.of("x", "ü")));
        ordered.put("a", "é");
        things.update("k", ordered).reply().join();

        things.replace("k", Map.of("a", "é", "b", List.of(1, Map.of("x", "ü"))), 1).reply().join();
        assertConflict(things.replace("k", 1.0, 2));
        things.update("n", null).reply().join();
        things.replace("n", null, List.of(2, 1)).reply().join();
        assertConflict(things.replace("n", List.of(1, 2), 3));
        assertConflict(things.replace("n", List.of(2, 1, 0), 3));
        assertFails(
                things.send(Message.of("replace", Map.of("value", 1)).key("k")),
                Outcome.FAILED,
                Failure.BAD_REQUEST);
    }

    // ---- await ---------------------------------------------------------------------------------

    @Test
    @Tag("PT-84")
    void whatOneMemberWasToldAnotherReadsAfterItsReceipt() {
        ServiceConfig<Integer> config = ServiceConfig.of("things", Integer.class);
        Service<Integer> writer = meshes.server().serve(config);
        Service<Integer> reader = synced(meshes.client().use(config));

        for (int i = 0; i < 50; i++) {
            Receipt receipt = writer.update("k", i).committed().join();
            reader.await(receipt, SOON);
            assertThat(reader.get("k", Integer.class)).isEqualTo(i);
        }
    }

    @Test
    @Tag("PT-84")
    void aPositionThatDoesNotComeEndsAtTheDeadline() {
        Service<Object> things =
                meshes.server().serve(ServiceConfig.of("things", Object.class).partitions(1));
        Receipt receipt = things.update("k", 1).committed().join();
        LogPosition at = receipt.position();
        Receipt ahead = new Receipt(0, new LogPosition(at.epoch(), at.offset() + 1), 1);

        assertThatThrownBy(() -> things.await(ahead, Duration.ofMillis(50)))
                .isInstanceOf(TuliException.class)
                .extracting(late -> ((TuliException) late).failure())
                .isEqualTo(Failure.TIMEOUT);
        assertThatThrownBy(() -> things.await(new Receipt(-1, at, 1), SOON))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("partition");
        assertThatThrownBy(() -> things.await(receipt, Duration.ofMillis(-1)))
                .isInstanceOf(IllegalArgumentException.class);
        things.await(receipt, Duration.ZERO.plusSeconds(1));
    }

    /** As after a split: the position is of an epoch that this changelog passed over. */
    @Test
    @Tag("PT-84")
    void aReceiptOfASideThatGaveWayIsAConflict() {
        Service<Object> things =
                synced(
                        meshes.server()
                                .serve(ServiceConfig.of("things", Object.class).partitions(1)));
        LogPosition at = things.update("k", 1).committed().join().position();
        Epoch passed = new Epoch(at.epoch().number(), at.epoch().owner() - 1);

        assertThatThrownBy(() -> things.await(new Receipt(0, new LogPosition(passed, 1), 1), SOON))
                .isInstanceOf(TuliException.class)
                .hasMessageContaining("gave way")
                .extracting(late -> ((TuliException) late).failure())
                .isEqualTo(Failure.CONFLICT);
    }

    @Test
    @Tag("PT-84")
    void aMemberWithoutAReplicaHasNoVersionsAndReachesNothing() {
        ServiceConfig<Object> config = ServiceConfig.of("things", Object.class);
        Receipt receipt = meshes.server().serve(config).update("k", 1).committed().join();
        Service<Object> things = meshes.client().use(config.withoutReplica());

        assertThatThrownBy(() -> things.await(receipt, SOON))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> things.versioned(Key.of("k")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("withoutReplica");
    }
}
