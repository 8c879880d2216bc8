package io.tuli.node;

import static io.tuli.node.RequestTest.assertFails;
import static io.tuli.node.TestMeshes.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tuli.Call;
import io.tuli.Failure;
import io.tuli.Handler;
import io.tuli.Mesh;
import io.tuli.Message;
import io.tuli.Outcome;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Services without state, and calls to whichever server. */
class StatelessTest {

    private static final String WORK = "work";

    /** So many calls one server takes, however slow it is: running, waiting and in line for it. */
    private static final int FOR_ONE = 1_000;

    private final TestMeshes meshes = new TestMeshes();
    private final Map<Object, Set<String>> ranAt = new ConcurrentHashMap<>();

    @AfterEach
    void closeAll() {
        meshes.close();
    }

    /** A handler that writes down who ran what, and answers with its name. */
    private Handler<Void> worker(String name) {
        return (message, turn) -> {
            Object number = message.body(Integer.class);
            ranAt.computeIfAbsent(
                            number == null ? -1 : number, none -> ConcurrentHashMap.newKeySet())
                    .add(name);
            return name;
        };
    }

    private List<Mesh> servers(int count) {
        List<Mesh> servers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            servers.add(meshes.server());
        }
        return servers;
    }

    private Service<Void> used(Mesh by, int servers) {
        return TestMeshes.answeredBy(servers, by.use(ServiceConfig.stateless(WORK)));
    }

    @Test
    @Tag("PT-01")
    void itHasNothingToOwnAndAnyMemberServesIt() {
        for (Mesh server : servers(3)) {
            server.serve(ServiceConfig.stateless(WORK, worker(server.self().name())));
        }
        Mesh client = meshes.client();
        Service<Void> work = used(client, 3);

        assertThat(client.service(WORK)).isPresent();
        assertThat(meshes.all().get(0).report(WORK).partitions()).isEmpty();
        assertThat(work.state()).isEmpty();
        assertThat(work.get("k", String.class)).isNull();
        assertThatThrownBy(work::feed).hasMessageContaining("has no changes");
        work.awaitSync(Duration.ofMillis(1));
        assertThat(work.send(Message.of("GO").key("any.key"), String.class).await()).isNotNull();
    }

    @Test
    @Tag("PT-01")
    void itsTurnsEditNothing() {
        Service<Void> work =
                meshes.server()
                        .serve(
                                ServiceConfig.stateless(
                                        WORK,
                                        (message, turn) -> {
                                            switch (message.verb()) {
                                                case "UPDATE" -> turn.update("k", 1);
                                                case "WHOLE" -> turn.update(1);
                                                default -> turn.remove("k");
                                            }
                                            return "edited";
                                        }));

        for (String verb : List.of("UPDATE", "WHOLE", "REMOVE")) {
            for (String key : List.of("", "k")) {
                Message message = key.isEmpty() ? Message.of(verb) : Message.of(verb).key(key);
                assertFails(work.any().send(message), Outcome.FAILED, Failure.METHOD_NOT_ALLOWED);
            }
        }
    }

    @Test
    @Tag("PT-01")
    void whatNeedsStateIsRefusedWhereItIsSaid() {
        ServiceConfig<Void> config = ServiceConfig.stateless(WORK, worker("one"));
        assertThatThrownBy(() -> config.partitions(8)).hasMessageContaining("stateless");
        assertThatThrownBy(() -> config.merge(ServiceConfig.MergePolicy.KEEP_WINNER))
                .hasMessageContaining("stateless");
        assertThatThrownBy(() -> config.fold("a", change -> List.of()))
                .hasMessageContaining("stateless");
        assertThatThrownBy(() -> meshes.server().serve(ServiceConfig.stateless(WORK)))
                .hasMessageContaining("with a handler");
    }

    @Test
    void itIsStatelessAtAllMembersOrAtNone() {
        Mesh one = meshes.server();
        Mesh two = meshes.server();
        one.serve(ServiceConfig.stateless(WORK, worker("one")));
        await().atMost(SOON).until(() -> two.service(WORK).isPresent());

        assertThatThrownBy(() -> two.serve(WORK, Object.class))
                .isInstanceOfSatisfying(
                        TuliException.class,
                        refused -> assertThat(refused.failure()).isEqualTo(Failure.CONFLICT))
                .hasMessageContaining("stateless at all members or at none");
    }

    @Test
    void whoUsedItBeforeItWasServedSendsToItThen() {
        Mesh client = meshes.client();
        meshes.server();
        Service<Object> early = client.use(WORK, Object.class);
        Call<Object> waiting = early.send(Message.of("GO").within(SOON));

        meshes.all().get(1).serve(ServiceConfig.stateless(WORK, worker("one")));

        assertThat(waiting.reply()).succeedsWithin(SOON).isEqualTo("one");
        assertThat(early.send(Message.of("GO").key("k")).reply()).succeedsWithin(SOON);
    }

    @Test
    @Tag("PT-12")
    @Tag("FD-73")
    @Tag("NC-06")
    void failingFastIsToldAtOnceThatNobodyServes() {
        meshes.server();
        Service<Void> work = meshes.client().use(ServiceConfig.stateless(WORK));
        Message message = Message.of("GO").failFast();
        assertFails(work.any().send(message), Outcome.FAILED, Failure.NOT_FOUND);

        long begun = System.nanoTime();
        assertFails(work.any().send(message), Outcome.FAILED, Failure.NOT_FOUND);
        assertFails(work.send(message.key("k")), Outcome.FAILED, Failure.NOT_FOUND);

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    @Tag("PT-16")
    void whichIsAskedOfAServiceWithDocumentsReadsItsReplica() {
        Service<Object> served =
                meshes.server()
                        .serve(
                                "things",
                                Object.class,
                                (message, turn) ->
                                        message.verb().equals("READ")
                                                ? turn.value("k", Integer.class)
                                                : turn.pass());
        served.update("k", 7).reply().join();
        Service<Object> client =
                meshes.client().use(ServiceConfig.of("things", Object.class).withoutReplica());

        assertThat(client.any().send(Message.of("READ"), Integer.class).await()).isEqualTo(7);
        assertThat(client.any().send(Message.of("READ").key("k"), Integer.class).await())
                .isEqualTo(7);
    }

    @Test
    @Tag("PT-06")
    @Tag("PT-07")
    void aFullWorkerGetsNothingAndTheCallsWait() throws Exception {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Handler<Void> slow =
                (message, turn) -> {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    LockSupport.parkNanos(2_000_000); // it has that much to do
                    running.decrementAndGet();
                    return "done";
                };
        meshes.server().serve(ServiceConfig.stateless(WORK, slow).capacity(3).queue(2));
        Service<Void> work = used(meshes.client(), 1);

        List<CompletableFuture<Object>> all = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            all.add(work.any().send(Message.of("GO").within(SOON)).reply());
        }

        for (CompletableFuture<Object> each : all) {
            assertThat(each).succeedsWithin(SOON).isEqualTo("done");
        }
        assertThat(most.get()).isLessThanOrEqualTo(3);
    }

    @Test
    @Tag("PT-06")
    void whoIsFullIsSoToldByWhomItWasAskedItself() throws Exception {
        CountDownLatch mayEnd = new CountDownLatch(1);
        Mesh server = meshes.server();
        server.serve(
                ServiceConfig.stateless(
                                WORK,
                                (message, turn) -> {
                                    mayEnd.await();
                                    return "done";
                                })
                        .capacity(1)
                        .queue(0));
        Service<Void> work = meshes.client().use(ServiceConfig.stateless(WORK));
        Message message = Message.of("GO").within(SOON);
        Call<Object> first = work.any().send(message);
        Service.Target same = work.member(server.self().id());
        await().atMost(SOON).until(() -> running(server) == 1);

        assertFails(same.send(message), Outcome.FAILED, Failure.OVERLOADED);

        mayEnd.countDown();
        assertThat(first.reply()).succeedsWithin(SOON);
    }

    private static int running(Mesh mesh) {
        return TestMeshes.context(mesh).book().find(WORK).orElseThrow().handler().desk().running();
    }

    @Test
    @Tag("PT-15")
    void callsOfOneMemberAreSpreadOverItsLoops() {
        CountDownLatch mayEnd = new CountDownLatch(1);
        meshes.server()
                .serve(
                        ServiceConfig.stateless(WORK, (message, turn) -> held(mayEnd))
                                .capacity(100));
        Mesh client = meshes.join(builder -> builder.client().loops(3));
        Service<Void> work = client.use(ServiceConfig.stateless(WORK));
        Set<Thread> loops = ConcurrentHashMap.newKeySet();
        List<CompletableFuture<Void>> told = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            CompletableFuture<Object> reply =
                    work.any().send(Message.of("GO").within(SOON)).reply();
            told.add(reply.thenAccept(done -> loops.add(Thread.currentThread())));
        }

        mayEnd.countDown();

        told.forEach(each -> assertThat(each).succeedsWithin(SOON));
        assertThat(loops).hasSize(3);
    }

    private static boolean held(CountDownLatch latch) throws InterruptedException {
        return latch.await(SOON.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    @Tag("PT-13")
    void aHandlerSeesThatItsCallerGaveUp() {
        CompletableFuture<Boolean> seen = new CompletableFuture<>();
        CountDownLatch begun = new CountDownLatch(1);
        Mesh server = meshes.server();
        server.serve(
                ServiceConfig.stateless(
                        WORK,
                        (message, turn) -> {
                            begun.countDown();
                            await().atMost(SOON).until(turn::isCancelled);
                            return seen.complete(true);
                        }));
        Call<Object> call =
                meshes.client()
                        .use(ServiceConfig.stateless(WORK))
                        .any()
                        .send(Message.of("GO").within(SOON));
        await().atMost(SOON).until(() -> begun.getCount() == 0);

        call.cancel();

        assertThat(seen).succeedsWithin(SOON).isEqualTo(true);
    }

    @Test
    void whatItEmitsIsSent() {
        Mesh server = meshes.server();
        Service<Object> counts = server.serve("counts", Object.class);
        Service<Void> work =
                server.serve(
                        ServiceConfig.stateless(
                                WORK,
                                (message, turn) -> {
                                    turn.emit("counts", Message.of("increment", 1).key("k"));
                                    return "sent";
                                }));

        work.any().send(Message.of("GO")).reply().join();
        work.any().send(Message.of("GO")).reply().join();

        await().atMost(SOON).until(() -> Integer.valueOf(2).equals(counts.get("k", Integer.class)));
    }

    @Test
    void itStreamsItsAnswers() throws Exception {
        meshes.server()
                .serve(ServiceConfig.stateless(WORK, (message, turn) -> List.of(1, 2, 3).stream()));
        Service<Void> work = meshes.client().use(ServiceConfig.stateless(WORK));
        Collected<Integer> items = new Collected<>();

        work.any().send(Message.of("GO"), Integer.class).replies().subscribe(items);

        assertThat(items.all()).containsExactly(1, 2, 3);
    }

    @Test
    @Tag("PT-10")
    @Tag("FD-72")
    void whereWorkersAreCutOffEveryCallEndsAndItsOutcomeIsTrue() {
        List<Mesh> servers = servers(3);
        for (Mesh server : servers) {
            server.serve(ServiceConfig.stateless(WORK, worker(server.self().name())));
        }
        Service<Void> work = used(meshes.client(), 3);
        Map<Integer, Call<Object>> repeated = new HashMap<>();
        Map<Integer, Call<Object>> once = new HashMap<>();

        Semaphore mayBeOpen = new Semaphore(FOR_ONE);
        for (int i = 0; i < 6_000; i++) {
            mayBeOpen.acquireUninterruptibly();
            boolean isOnce = i % 2 == 1;
            Message message = Message.of("GO", i).within(SOON);
            Call<Object> call = work.any().send(isOnce ? message.atMostOnce() : message);
            call.reply().whenComplete((reply, failed) -> mayBeOpen.release());
            (isOnce ? once : repeated).put(i, call);
            if (i == 2_000) {
                TestMeshes.context(servers.get(0)).transport().close();
            } else if (i == 4_000) {
                servers.get(1).close(Duration.ZERO);
            }
        }

        repeated.forEach(
                (number, call) -> assertThat(call.reply()).succeedsWithin(SOON).isNotNull());
        once.forEach(
                (number, call) -> {
                    Outcome outcome = outcomeOf(call);
                    int ran = ranAt.getOrDefault(number, Set.of()).size();
                    assertThat(ran).as("runs of " + number).isLessThanOrEqualTo(1);
                    assertThat(outcome == Outcome.OK)
                            .as(number + " " + outcome)
                            .isIn(ran == 1, false);
                    assertThat(outcome == Outcome.FAILED && ran == 1).isFalse();
                });
    }

    private static Outcome outcomeOf(Call<Object> call) {
        try {
            call.reply().orTimeout(SOON.toSeconds(), TimeUnit.SECONDS).join();
            return Outcome.OK;
        } catch (CompletionException failed) {
            return ((TuliException) failed.getCause()).outcome();
        }
    }

    @Test
    @Tag("PT-14")
    void whoLeavesAnswersWhatItHasBegunAndOthersGoOn() throws Exception {
        List<Mesh> servers = servers(2);
        for (Mesh server : servers) {
            String name = server.self().name();
            server.serve(
                    ServiceConfig.stateless(
                            WORK,
                            (message, turn) -> {
                                LockSupport.parkNanos(3_000_000);
                                return name;
                            }));
        }
        Service<Void> work = used(meshes.client(), 2);
        List<Call<Object>> calls = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            calls.add(work.any().send(Message.of("GO").within(SOON).atMostOnce()));
            if (i == 1_000) {
                Thread.ofVirtual().start(() -> servers.get(0).close(SOON));
            }
        }

        for (Call<Object> call : calls) {
            assertThat(call.reply()).succeedsWithin(SOON);
        }
    }
}
