package io.tuli.node;

import static io.tuli.node.RequestTest.assertFails;
import static io.tuli.node.TestMeshes.SOON;
import static io.tuli.node.TestMeshes.synced;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tuli.Call;
import io.tuli.EventFeed;
import io.tuli.Failure;
import io.tuli.Feed;
import io.tuli.Mesh;
import io.tuli.MeshEvent;
import io.tuli.Message;
import io.tuli.Outcome;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.ServiceReport;
import io.tuli.TuliException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A member that ends its part in one service, and stays. */
class ServiceCloseTest {

    private static final String WORK = "work";
    private static final String DOCS = "docs";

    private final TestMeshes meshes = new TestMeshes();

    @AfterEach
    void closeAll() {
        meshes.close();
    }

    private static ServiceConfig<Void> named(String name) {
        return ServiceConfig.stateless(WORK, (message, turn) -> name);
    }

    private static ServiceConfig<Integer> docs() {
        return ServiceConfig.of(DOCS, Integer.class).partitions(8);
    }

    private static Service<Void> used(Mesh by, int servers) {
        return TestMeshes.answeredBy(servers, by.use(ServiceConfig.stateless(WORK)));
    }

    // ---- without state -------------------------------------------------------------------------

    @Test
    @Tag("PT-14")
    @Tag("FDX-3")
    void whereOthersServeItNobodyNotices() {
        Service<Void> closed = meshes.server().serve(named("one"));
        meshes.server().serve(named("two"));
        Service<Void> work = used(meshes.client(), 2);
        AtomicBoolean isOver = new AtomicBoolean();
        Queue<Call<Object>> calls = new ConcurrentLinkedQueue<>();
        CompletableFuture<Void> asking =
                CompletableFuture.runAsync(
                        () -> {
                            while (!isOver.get()) {
                                calls.add(work.any().send(Message.of("GO").failFast()));
                                LockSupport.parkNanos(200_000);
                            }
                        },
                        task -> Thread.ofVirtual().start(task));
        await().until(() -> calls.size() > 100);

        closed.close();

        int before = calls.size();
        await().until(() -> calls.size() > before + 100);
        isOver.set(true);
        asking.join();
        assertThat(calls).allSatisfy(call -> assertThat(call.reply().join()).isNotNull());
        assertThat(calls.stream().skip(before + 1).map(call -> call.reply().join()))
                .containsOnly("two");
    }

    @Test
    @Tag("PT-14")
    void whatRunsIsAnsweredFirst() throws InterruptedException {
        CountDownLatch runs = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        Mesh server = meshes.server();
        Service<Void> work =
                server.serve(
                        ServiceConfig.stateless(
                                WORK,
                                (message, turn) -> {
                                    runs.countDown();
                                    return mayEnd.await(20, TimeUnit.SECONDS) ? "done" : "late";
                                }));
        Call<Object> call = used(work);
        assertThat(runs.await(10, TimeUnit.SECONDS)).isTrue();
        Thread closing = Thread.ofVirtual().start(work::close);
        await().until(() -> server.services().stream().noneMatch(ServiceCloseTest::isStaying));

        assertThat(closing.isAlive()).isTrue();
        mayEnd.countDown();

        assertThat(call.reply().join()).isEqualTo("done");
        closing.join();
        assertThat(server.services()).isEmpty();
    }

    private static Call<Object> used(Service<Void> work) {
        return work.any().send(Message.of("GO"));
    }

    private static boolean isStaying(io.tuli.ServiceDescription each) {
        return !each.servers().isEmpty();
    }

    @Test
    @Tag("PT-14")
    void whoDoesNotEndIsNotWaitedForLonger() {
        AtomicBoolean mayEnd = new AtomicBoolean();
        CountDownLatch runs = new CountDownLatch(1);
        Service<Void> work =
                meshes.server()
                        .serve(
                                ServiceConfig.stateless(
                                        WORK,
                                        (message, turn) -> {
                                            runs.countDown();
                                            while (!mayEnd.get()) {
                                                LockSupport.parkNanos(1_000_000);
                                            }
                                            return "ended";
                                        }));
        Service<Void> by = meshes.client().use(ServiceConfig.stateless(WORK));
        Call<Object> call = by.any().send(Message.of("GO").atMostOnce());
        await().until(() -> runs.getCount() == 0);
        long begun = System.nanoTime();

        work.close(Duration.ofMillis(300));

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(8));
        assertFails(call, Outcome.UNKNOWN, Failure.CLOSED);
        mayEnd.set(true);
    }

    @Test
    @Tag("PT-12")
    @Tag("PT-14")
    void theLastOneIsMissedAtOnceAndToldGone() {
        Mesh server = meshes.server();
        Service<Void> work = server.serve(named("one"));
        Mesh client = meshes.client();
        Service<Void> by = used(client, 1);
        Queue<String> gone = new ConcurrentLinkedQueue<>();
        for (Mesh each : meshes.all()) {
            each.events(
                    event -> {
                        if (event.kind() == MeshEvent.Kind.SERVICE_GONE) {
                            gone.add(each.self().name());
                        }
                    });
        }

        work.close();

        await().until(() -> gone.size() == 2);
        assertFails(by.any().send(Message.of("GO").failFast()), Outcome.FAILED, Failure.NOT_FOUND);
        assertThat(server.members()).hasSize(2);
        server.serve(named("again"));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(used(by).reply().join()).isEqualTo("again"));
    }

    // ---- with documents ------------------------------------------------------------------------

    @Test
    @Tag("PT-14")
    void itsPlacesMoveToTheOthersFirst() {
        Mesh one = meshes.server();
        Mesh two = meshes.server();
        Service<Integer> closed = synced(one.serve(docs()));
        Service<Integer> stays = synced(two.serve(docs()));
        await().atMost(SOON).until(() -> owned(one) > 0 && owned(two) > 0);
        Service<Integer> by = synced(meshes.client().use(docs()));
        for (int i = 0; i < 200; i++) {
            by.update("k" + i, i).reply().join();
        }
        List<Call<Void>> meanwhile = new ArrayList<>();
        CompletableFuture<Void> writing =
                CompletableFuture.runAsync(
                        () -> {
                            for (int i = 200; i < 1_000; i++) {
                                meanwhile.add(by.update("k" + i, i));
                                LockSupport.parkNanos(100_000);
                            }
                        },
                        task -> Thread.ofVirtual().start(task));

        closed.close();

        assertThat(stays.state().keySet()).hasSizeGreaterThanOrEqualTo(200);
        writing.join();
        assertThat(meanwhile).allSatisfy(call -> call.reply().join());
        await().atMost(SOON).until(() -> owned(two) == 8);
        assertThat(stays.state()).hasSize(1_000);
        assertThat(one.members()).hasSize(3);

        Service<Integer> again = synced(one.serve(docs()));

        await().atMost(SOON).until(() -> again.state().size() == 1_000);
        await().atMost(SOON).until(() -> owned(one) > 0);
        by.update("k0", -1).reply().join();
        await().atMost(SOON).until(() -> Objects.equals(again.state().get("k0"), -1));
    }

    private static long owned(Mesh mesh) {
        return mesh.report(DOCS).partitions().stream()
                .filter(partition -> partition.role().equals("owner"))
                .count();
    }

    @Test
    @Tag("PT-14")
    void whoServesItAgainAloneOwnsInNewEpochs() {
        Mesh server = meshes.server();
        Service<Integer> first = synced(server.serve(docs()));
        Service<Integer> replica = synced(meshes.client().use(docs()));
        for (int i = 0; i < 100; i++) {
            first.update("k" + i, i).reply().join();
        }
        await().atMost(SOON).until(() -> replica.state().size() == 100);
        int highest = highestEpoch(server);

        first.close();
        Service<Integer> second = synced(server.serve(docs()));

        second.update("fresh", 1).reply().join();
        assertThat(server.report(DOCS).partitions())
                .allSatisfy(each -> assertThat(each.epoch().number()).isGreaterThan(highest - 1));
        assertThat(highestEpoch(server)).isGreaterThan(highest);
        assertThat(second.state()).isEqualTo(Map.of("fresh", 1));
        // It is told, and does not find out by an owner that has been still for ten seconds.
        await().atMost(Duration.ofSeconds(6))
                .untilAsserted(() -> assertThat(replica.state()).isEqualTo(Map.of("fresh", 1)));
    }

    private static int highestEpoch(Mesh mesh) {
        return mesh.report(DOCS).partitions().stream()
                .mapToInt(each -> each.epoch().number())
                .max()
                .orElseThrow();
    }

    // ---- used ----------------------------------------------------------------------------------

    @Test
    @Tag("PT-14")
    void whatOneUsesEndsWithItsFeedsAndMayBeUsedAgain() {
        Mesh server = meshes.server();
        Service<Integer> served = synced(server.serve(docs()));
        Mesh client = meshes.client();
        Service<Integer> by = synced(client.use(docs()));
        Queue<Object> heard = new ConcurrentLinkedQueue<>();
        Feed.Subscription feed = by.feed().each(change -> heard.add(change.key()));
        EventFeed.Running events = by.events().each(event -> heard.add(event.subject()));
        by.update("a", 1).reply().join();
        await().until(() -> heard.size() == 1);
        Map<String, Integer> state = by.state();

        by.close();

        assertThat(feed.ended().toCompletableFuture()).succeedsWithin(SOON);
        assertThat(events.ended().toCompletableFuture()).succeedsWithin(SOON);
        assertFails(by.update("b", 2), Outcome.FAILED, Failure.CLOSED);
        for (Runnable each :
                List.<Runnable>of(
                        () -> state.get("a"),
                        () -> assertThat(by.state()).isNull(),
                        () -> by.get("a", Integer.class),
                        () -> by.versioned("a"),
                        by::feed,
                        () -> by.publish("s", 1),
                        () -> by.events().each(event -> {}),
                        () -> by.awaitSync(SOON))) {
            assertThatThrownBy(each::run)
                    .isInstanceOfSatisfying(
                            TuliException.class,
                            closed -> assertThat(closed.failure()).isEqualTo(Failure.CLOSED));
        }
        served.update("a", 3).reply().join();
        await().atMost(SOON).until(() -> followers(server) == 0);

        Service<Integer> again = synced(client.use(docs()));

        assertThat(again.state()).isEqualTo(Map.of("a", 3));
        again.update("b", 4).reply().join();
        assertThat(served.state()).containsEntry("b", 4);
        assertThat(heard).hasSize(1);
    }

    /** Who is sent the partition of the key that was written last. */
    private static int followers(Mesh server) {
        return server.report(DOCS).partitions().stream()
                .filter(each -> each.committedEnd() > 2)
                .map(ServiceReport.PartitionReport::followers)
                .mapToInt(List::size)
                .sum();
    }

    @Test
    @Tag("PT-14")
    void itIsClosedOnceWhoeverDoesIt() {
        Mesh server = meshes.server();
        Service<Integer> served = synced(server.serve(docs()));
        Service<Integer> other = server.use(docs());

        meshes.atOnce(
                8,
                index -> {
                    (index % 2 == 0 ? served : other).close();
                    return index;
                });

        assertThatThrownBy(() -> other.state().size()).hasMessageContaining("has closed");
        assertThat(TestMeshes.context(server).book().all()).isEmpty();
        served.close();
        server.close();
        served.close();
    }

    @Test
    @Tag("PT-14")
    void fiveHundredTimesServedAndClosedLeaveNothing() {
        Mesh server = meshes.server();
        Mesh client = meshes.client();
        List<WeakReference<Object>> handlers = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            AtomicInteger state = new AtomicInteger(i);
            handlers.add(new WeakReference<>(state));
            boolean hasDocuments = i % 4 == 0;
            Service<?> served =
                    hasDocuments
                            ? server.serve(
                                    docs().handler((message, turn) -> state.incrementAndGet()))
                            : server.serve(
                                    ServiceConfig.stateless(
                                            WORK + i % 10,
                                            (message, turn) -> state.incrementAndGet()));
            if (i % 10 == 0) {
                assertThat(served.send(Message.of("GO").key("k"), Integer.class).await())
                        .isEqualTo(i + 1);
            }
            served.close(Duration.ofSeconds(5));
        }

        assertThat(TestMeshes.context(server).book().all()).isEmpty();
        await().atMost(SOON).until(() -> client.services().isEmpty());
        await().atMost(SOON)
                .until(
                        () -> {
                            System.gc();
                            return handlers.stream().filter(each -> each.get() != null).count() < 3;
                        });
    }

    // ---- what cannot be ------------------------------------------------------------------------

    @Test
    void whatIsFoldedIsClosedAfterWhatFoldsIt() {
        Mesh server = meshes.server();
        Service<Integer> source = synced(server.serve(docs()));
        Service<Integer> target =
                synced(
                        server.serve(
                                ServiceConfig.of("totals", Integer.class)
                                        .partitions(2)
                                        .fold(
                                                DOCS,
                                                change ->
                                                        List.of(
                                                                Message.of("increment", 1)
                                                                        .key("n")))));
        source.update("a", 1).reply().join();
        await().atMost(SOON).until(() -> Objects.equals(target.state().get("n"), 1));

        assertThatThrownBy(source::close)
                .hasMessageContaining("close totals before docs")
                .isInstanceOf(TuliException.class);
        source.update("b", 1).reply().join();
        await().atMost(SOON).until(() -> Objects.equals(target.state().get("n"), 2));

        target.close();
        source.close();
        assertThat(server.services()).isEmpty();
    }

    @Test
    void aLoopDoesNotWaitForIt() {
        Mesh server = meshes.server();
        AtomicReference<Service<Void>> itself = new AtomicReference<>();
        itself.set(
                server.serve(
                        ServiceConfig.stateless(
                                        WORK,
                                        (message, turn) -> {
                                            if (message.verb().equals("CLOSE")) {
                                                itself.get().close();
                                            }
                                            return "here";
                                        })
                                .inline("CLOSE")));
        Service<Void> work = itself.get();

        assertThatThrownBy(() -> work.any().send(Message.of("CLOSE")).await())
                .hasMessageContaining("must not wait");
        assertThat(work.any().send(Message.of("GO")).await()).isEqualTo("here");
    }

    @Test
    void anInterruptHurriesItOnAndIsKept() throws InterruptedException {
        CountDownLatch runs = new CountDownLatch(1);
        Mesh server = meshes.server();
        Service<Void> work =
                server.serve(
                        ServiceConfig.stateless(
                                WORK,
                                (message, turn) -> {
                                    runs.countDown();
                                    new CountDownLatch(1).await();
                                    return "late";
                                }));
        Call<Object> call = work.any().send(Message.of("GO").atMostOnce());
        runs.await();
        AtomicBoolean wasKept = new AtomicBoolean();
        Thread closing =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    work.close(Duration.ofMinutes(1));
                                    wasKept.set(Thread.currentThread().isInterrupted());
                                });
        await().until(() -> server.services().stream().noneMatch(ServiceCloseTest::isStaying));

        closing.interrupt();

        closing.join();
        assertThat(wasKept).isTrue();
        assertFails(call, Outcome.UNKNOWN, Failure.CLOSED);
    }

    @Test
    void whatIsKeptInTheProcessIsServedAgain() {
        Mesh server = meshes.server();
        ServiceConfig<Integer> inside = docs().internal();
        Service<Integer> first = synced(server.serve(inside));
        first.update("a", 1).reply().join();

        first.close();
        Service<Integer> second = synced(server.serve(inside));

        assertThat(second.state()).isEmpty();
        second.update("a", 2).reply().join();
        assertThat(second.state()).isEqualTo(Map.of("a", 2));
    }
}
