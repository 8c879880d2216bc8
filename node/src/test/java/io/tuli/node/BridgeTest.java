package io.tuli.node;

import static io.tuli.node.TestMeshes.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tuli.Call;
import io.tuli.Caller;
import io.tuli.Failure;
import io.tuli.Mesh;
import io.tuli.Message;
import io.tuli.Outcome;
import io.tuli.Payload;
import io.tuli.Refusal;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import io.tuli.bridge.Bridge;
import io.tuli.bridge.Export;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** PT-98: services of one mesh in another, by members of both. */
@Tag("PT-98")
@Tag("IR-21")
class BridgeTest {

    private static final Duration WITHIN = Duration.ofSeconds(15);

    private final TestMeshes shop = new TestMeshes();
    private final TestMeshes eu = new TestMeshes();
    private final List<Bridge> bridges = new ArrayList<>();
    private final Semaphore gate = new Semaphore(0);
    private final CountDownLatch begun = new CountDownLatch(1);
    private Mesh seller;
    private Mesh buyer;
    private Service<Integer> orders;

    @BeforeEach
    void start() {
        seller = shop.server();
        orders = serveOrders(seller);
        buyer = eu.client();
    }

    @AfterEach
    void close() {
        gate.release(1_000_000);
        bridges.forEach(Bridge::close);
        eu.close();
        shop.close();
    }

    private Service<Integer> serveOrders(Mesh by) {
        return by.serve(
                ServiceConfig.of("orders", Integer.class)
                        .partitions(8)
                        .handler(
                                (message, turn) ->
                                        switch (message.verb()) {
                                            case "WHO" -> said(message.caller());
                                            case "LEFT" ->
                                                    message.within().orElseThrow().toMillis();
                                            case "REFUSE" ->
                                                    throw Refusal.of(
                                                                    404,
                                                                    "NoSuchOrder",
                                                                    "no such order")
                                                            .data(Map.of("order", 17));
                                            case "MEMBER" -> by.self().name();
                                            case "COUNT" -> Stream.of(1, 2, 3);
                                            case "WAIT" -> waited();
                                            default -> turn.pass();
                                        }));
    }

    private String waited() throws InterruptedException {
        begun.countDown();
        gate.acquire();
        return "waited";
    }

    private static String said(Caller caller) {
        return caller.provider()
                + " "
                + caller.user()
                + " "
                + caller.claims()
                + (caller.isRemote() ? " remote" : " local");
    }

    private Bridge bridge(Mesh of, Mesh in, Export... exports) {
        Bridge.Plan plan = Bridge.between(of, in);
        for (Export export : exports) {
            plan.export(export);
        }
        Bridge bridge = plan.start();
        bridges.add(bridge);
        return bridge;
    }

    private Bridge bridge(Export... exports) {
        return bridge(shop.server(), eu.server(), exports);
    }

    private Service<Void> used(String name, int servers) {
        return TestMeshes.servedBy(servers, buyer, ServiceConfig.stateless(name));
    }

    private static Message message(String verb) {
        return Message.of(verb).key("k").within(WITHIN);
    }

    private static Export export(UnaryOperator<Export> how) {
        return how.apply(Export.of("orders").as("shop.orders"));
    }

    @Test
    @Tag("IR-17")
    @Tag("NC-13")
    void aServiceIsHadInAnotherMeshUnderAnotherName() {
        bridge(Export.of("orders").as("shop.orders"));
        Service<Void> used = used("shop.orders", 1);

        used.send(Message.of("update", 3).key("k")).await();
        assertThat(used.send(Message.of("increment", 4).key("k"), Integer.class).await())
                .isEqualTo(7);
        String key = used.send(Message.of("add", 5), String.class).await();

        assertThat(orders.state()).containsEntry("k", 7).containsEntry(key, 5).hasSize(2);
        assertThat(buyer.service("orders")).isEmpty();
        assertThat(buyer.service("shop.orders").orElseThrow().options())
                .containsEntry("bridge", shop.name() + " orders OWNER");
    }

    @Test
    void whatTheServiceRefusesIsRefusedAsItSaysAndItsOwnFailuresAreTheirOwn() {
        bridge(Export.of("orders").as("shop.orders"));
        Service<Void> used = used("shop.orders", 1);

        assertThatThrownBy(() -> used.send(message("REFUSE")).await())
                .isInstanceOfSatisfying(
                        Refusal.class,
                        refusal -> {
                            assertThat(refusal.code()).isEqualTo(404);
                            assertThat(refusal.name()).isEqualTo("NoSuchOrder");
                            assertThat(refusal.data()).isEqualTo(Map.of("order", 17));
                            assertThat(refusal.outcome()).isEqualTo(Outcome.FAILED);
                        });
        refused(Failure.METHOD_NOT_ALLOWED, () -> used.send(message("UNKNOWN")).await());
        used.send(Message.of("add", 1).key("k")).await();
        refused(Failure.CONFLICT, () -> used.send(Message.of("add", 1).key("k")).await());
        refused(
                Failure.BAD_REQUEST,
                () -> used.send(Message.of("update", 1).key("k").ifAbsent()).await());
        refused(Failure.BAD_REQUEST, () -> used.send(Message.of("update", "x").key("k")).await());
    }

    @Test
    void toAnyServerToAllServersAndAsAStream() {
        serveOrders(shop.server());
        bridge(
                Export.of("orders").as("any").any(),
                Export.of("orders").as("all").all(),
                Export.of("orders").as("stream").any().streams("COUNT"));

        List<String> names = shop.all().stream().map(mesh -> mesh.self().name()).toList();
        assertThat(names).contains(used("any", 1).send(message("MEMBER"), String.class).await());
        Map<?, ?> told = used("all", 1).send(message("MEMBER"), Map.class).await();
        assertThat((Map<?, ?>) told.get("values")).hasSize(2);
        assertThat(((Map<?, ?>) told.get("values")).keySet().toString())
                .contains(seller.self().id().toString());
        assertThat(told.get("failed")).isEqualTo(Map.of());
        assertThat(told.get("silent")).isEqualTo(List.of());
        Collected<Integer> items = new Collected<>();
        used("stream", 1).send(message("COUNT"), Integer.class).replies().subscribe(items);
        await().atMost(SOON).until(() -> items.soFar().size() == 3);
        assertThat(items.soFar()).containsExactly(1, 2, 3);
    }

    @Test
    void whoeverCallsIsRemoteAndNobodysMember() {
        bridge(Export.of("orders").as("shop.orders"));
        Service<Void> used = used("shop.orders", 1);
        Mesh gateway = eu.server();
        Service<Void> known =
                TestMeshes.servedBy(1, gateway, ServiceConfig.stateless("shop.orders"));
        Caller ada = Caller.of("rest", "ada", Map.of("role", "buyer"));

        assertThat(used.send(message("WHO")).await()).isEqualTo("bridge  {} remote");
        assertThat(known.send(message("WHO").as(ada)).await())
                .isEqualTo("rest ada {role=buyer} remote");
    }

    @Test
    void aCallerIsWhomTheBridgeSaysAndRemoteAllTheSame() {
        bridge(
                seller,
                eu.server(),
                export(it -> it.callers(who -> Caller.of("eu", "somebody", Map.of()))));

        assertThat(used("shop.orders", 1).send(message("WHO")).await())
                .isEqualTo("eu somebody {} remote");
    }

    @Test
    void aDeadlineIsKept() {
        bridge(Export.of("orders").as("shop.orders"));
        Service<Void> used = used("shop.orders", 1);

        assertThat(used.send(message("LEFT"), Long.class).await()).isBetween(1L, WITHIN.toMillis());
        long begin = System.nanoTime();
        assertThatThrownBy(() -> used.send(message("WAIT").within(Duration.ofMillis(300))).await())
                .isInstanceOfSatisfying(
                        TuliException.class,
                        late -> assertThat(late.outcome()).isEqualTo(Outcome.UNKNOWN));
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(WITHIN);
    }

    @Test
    void aRepeatIsRecognisedWhicheverBridgeItGoesBy() {
        bridge(Export.of("orders").as("shop.orders"));
        bridge(Export.of("orders").as("shop.orders"));
        Service<Void> used = used("shop.orders", 2);

        for (int i = 0; i < 10; i++) {
            Message once = Message.of("increment", 1).key("k").id("the-one");
            assertThat(used.send(once, Integer.class).await()).isEqualTo(1);
        }
        assertThat(orders.state()).containsEntry("k", 1);
    }

    @Test
    void aBridgeThatDiesInTheMiddleLosesNoCallAndRunsNoneTwice() throws Exception {
        Mesh doomed = eu.server();
        bridge(shop.server(), doomed, Export.of("orders").as("shop.orders"));
        bridge(Export.of("orders").as("shop.orders"));
        Service<Void> used = used("shop.orders", 2);

        List<Call<Integer>> calls = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            Message one = Message.of("increment", 1).key("k").within(WITHIN);
            calls.add(used.send(one, Integer.class));
            if (i == 200) {
                TestMeshes.context(doomed).transport().close();
            }
        }

        int ok = 0;
        for (Call<Integer> call : calls) {
            ok +=
                    call.reply()
                            .handle((value, failed) -> failed == null ? 1 : 0)
                            .get(40, TimeUnit.SECONDS);
        }
        assertThat(ok).as("all find the other bridge").isEqualTo(400);
        assertThat(orders.read("k", Integer.class).await()).isEqualTo(400);
    }

    @Test
    void whatMayHaveRunIsUnknownBeyondTheBridgeToo() throws Exception {
        Mesh doomed = shop.server();
        doomed.serve(
                ServiceConfig.stateless(
                        "resize",
                        (message, turn) -> {
                            begun.countDown();
                            gate.acquire();
                            return 1;
                        }));
        bridge(Export.of("resize").as("shop.resize").any().atMostOnce());
        Call<Object> call = used("shop.resize", 1).send(message("SCALE"));

        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
        TestMeshes.context(doomed).transport().close();

        assertThat(call.reply())
                .failsWithin(SOON)
                .withThrowableOfType(java.util.concurrent.ExecutionException.class)
                .havingCause()
                .isInstanceOfSatisfying(
                        TuliException.class,
                        lost -> assertThat(lost.outcome()).isEqualTo(Outcome.UNKNOWN));
    }

    @Test
    void aSlowServiceFillsItsOwnExportAndNoOther() throws Exception {
        bridge(export(it -> it.as("slow").capacity(2)), Export.of("orders").as("fast"));
        Service<Void> slow = used("slow", 1);
        Service<Void> fast = used("fast", 1);
        List<Call<Object>> calls = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            Message one = Message.of("WAIT").key("k" + i).within(Duration.ofMillis(800));
            calls.add(slow.send(one));
        }
        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();

        for (int i = 0; i < 20; i++) {
            fast.send(Message.of("update", i).key("other" + i).within(WITHIN)).await();
        }

        AtomicInteger never = new AtomicInteger();
        for (Call<Object> call : calls) {
            assertThat(call.reply())
                    .failsWithin(SOON)
                    .withThrowableOfType(java.util.concurrent.ExecutionException.class)
                    .havingCause()
                    .isInstanceOfSatisfying(
                            TuliException.class,
                            late -> never.addAndGet(late.outcome() == Outcome.FAILED ? 1 : 0));
        }
        assertThat(never.get()).as("those for which there was no room").isPositive();
    }

    @Test
    void onlyWhatIsNamedCrosses() {
        orders.update("k", 1).reply().join();
        seller.serve(ServiceConfig.stateless("secret", (message, turn) -> 1).internal());
        bridge(
                seller,
                eu.server(),
                export(it -> it.verbs("MEMBER", "increment").allow("client", "r")),
                Export.of("orders").as("reads").verbs("MEMBER"));

        Service<Void> used = used("reads", 1);
        used.send(message("MEMBER")).await();
        refused(Failure.METHOD_NOT_ALLOWED, () -> used.send(message("remove")).await());
        refused(Failure.METHOD_NOT_ALLOWED, () -> used.send(message("WHO")).await());
        Service<Void> ruled = used("shop.orders", 1);
        refused(Failure.NOT_AUTHORISED, () -> ruled.send(message("MEMBER")).await());
        assertThat(orders.state()).containsEntry("k", 1);
        assertThatThrownBy(() -> Export.of("orders").verbs("$report"))
                .isInstanceOf(IllegalArgumentException.class);
        refused(
                Failure.NOT_FOUND,
                () ->
                        Bridge.between(seller, eu.server())
                                .export(Export.of("secret"))
                                .within(Duration.ofMillis(50))
                                .start());
    }

    @Test
    void aNameIsOneBridgesOrNobodys() {
        Mesh other = eu.server();
        other.serve(ServiceConfig.stateless("taken", (message, turn) -> "theirs"));
        bridge(Export.of("orders").as("shop.orders"));
        Mesh second = eu.server();

        refused(Failure.CONFLICT, () -> bridge(seller, second, Export.of("orders").as("taken")));
        refused(Failure.CONFLICT, () -> bridge(seller, second, export(Export::any)));
        refused(
                Failure.CONFLICT,
                () -> second.serve(ServiceConfig.stateless("shop.orders", (m, turn) -> 1)));
        bridge(seller, second, Export.of("orders").as("shop.orders"));
        assertThat(used("taken", 1).send(message("X")).await()).isEqualTo("theirs");
        assertThatThrownBy(() -> Bridge.between(seller, shop.server()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("different names");
        assertThatThrownBy(() -> Bridge.between(seller, eu.client()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a server of both");
    }

    @Test
    void bridgesInACircleAreToldAndEndNothingElse() {
        Mesh here = shop.server();
        Mesh there = eu.server();
        Service<Void> real =
                seller.serve(ServiceConfig.stateless("ping", (message, turn) -> "pong"));
        bridge(here, there, Export.of("ping"), Export.of("orders"));
        Service<Void> used = used("ping", 1);
        assertThat(used.send(message("PING")).await()).isEqualTo("pong");

        real.close(Duration.ofSeconds(1));
        await().atMost(SOON).until(() -> here.service("ping").isEmpty());
        bridge(there, here, Export.of("ping"));

        assertThatThrownBy(() -> used.send(message("PING")).await())
                .isInstanceOfSatisfying(
                        TuliException.class,
                        circle -> assertThat(circle.failure()).isEqualTo(Failure.CONFLICT))
                .hasMessageContaining("in a circle");
        used("orders", 1).send(Message.of("update", 1).key("k")).await();
    }

    @Test
    void aBridgeEndsWithEitherOfItsMembersAndWithNothingElse() {
        Mesh here = shop.server();
        Bridge first = bridge(here, eu.server(), Export.of("orders").as("shop.orders"));
        Mesh there = eu.server();
        Bridge second = bridge(shop.server(), there, Export.of("orders").as("shop.orders"));
        Service<Void> used = used("shop.orders", 2);

        here.close(Duration.ZERO);
        assertThat(first.closed()).succeedsWithin(SOON);
        for (int i = 0; i < 20; i++) {
            used.send(Message.of("update", i).key("k").within(WITHIN)).await();
        }
        second.close();
        second.close();

        await().atMost(SOON).until(() -> buyer.service("shop.orders").isEmpty());
        refused(Failure.NOT_FOUND, () -> used.send(message("WHO").failFast()).await());
        assertThat(there.closed()).isNotDone();
        assertThat(orders.state()).containsEntry("k", 19);
    }

    @Test
    void bytesCrossAsTheyAre() {
        seller.serve(
                ServiceConfig.stateless("echo", (message, turn) -> message.body(Payload.class)));
        bridge(Export.of("echo"));
        Service<Void> used = used("echo", 1);
        byte[] bytes = {0, 1, (byte) 0xff};

        assertThat(used.send(Message.of("X", bytes), byte[].class).await()).isEqualTo(bytes);
        assertThat(used.send(Message.of("X"), Payload.class).await()).isIn(null, Payload.NONE);
        assertThat(used.send(Message.of("X", "ä"), String.class).await()).isEqualTo("ä");
    }

    private static void refused(Failure failure, ThrowingCallable what) {
        assertThatThrownBy(what)
                .isInstanceOfSatisfying(
                        TuliException.class,
                        refused -> assertThat(refused.failure()).isEqualTo(failure));
    }
}
