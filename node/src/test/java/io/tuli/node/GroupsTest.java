package io.tuli.node;

import static io.tuli.node.TestMeshes.SOON;
import static io.tuli.node.TestMeshes.synced;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tuli.Change;
import io.tuli.Failure;
import io.tuli.Feed;
import io.tuli.Mesh;
import io.tuli.Message;
import io.tuli.Overflow;
import io.tuli.Position;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Groups of readers of changes, in a mesh of two servers and a client. */
@Timeout(60)
class GroupsTest {

    private static final TestMeshes MESHES = new TestMeshes();
    private static final ServiceConfig<Integer> ORDERS =
            ServiceConfig.of("orders", Integer.class)
                    .partitions(16)
                    .handler(
                            (message, turn) -> {
                                if (!message.verb().equals("BILL")) {
                                    return turn.pass();
                                }
                                turn.event("billed", message.body(Integer.class));
                                return null;
                            });

    private static Service<Integer> orders;
    private static List<Service<Integer>> everywhere;

    private final Queue<Told> told = new ConcurrentLinkedQueue<>();
    private final List<Feed.Subscription> running = new ArrayList<>();

    /** That a reader was told of a change. */
    private record Told(String reader, Change change) {

        String key() {
            return change.key().toString();
        }

        int value() {
            return change.value(Integer.class);
        }
    }

    @BeforeAll
    static void serve() {
        Mesh one = MESHES.server();
        Mesh two = MESHES.server();
        orders = synced(one.serve(ORDERS));
        Service<Integer> second = synced(two.serve(ORDERS));
        Service<Integer> used = synced(MESHES.client().use("orders", Integer.class));
        everywhere = List.of(orders, second, used);
    }

    @AfterAll
    static void leave() {
        MESHES.close();
    }

    @AfterEach
    void end() {
        running.forEach(Feed.Subscription::close);
    }

    private Feed.Subscription read(Service<Integer> at, String group, String reader) {
        return read(at.feed().group(group), reader);
    }

    private Feed.Subscription read(Feed<Change> feed, String reader) {
        Feed.Subscription read = feed.each(change -> told.add(new Told(reader, change)));
        running.add(read);
        return read;
    }

    private static void write(String prefix, int from, int until) {
        IntStream.range(from, until)
                .mapToObj(i -> orders.update(prefix + i % 40, i))
                .toList()
                .forEach(call -> call.committed().join());
    }

    /** What was told of the keys of a test itself, not of what it writes to get going. */
    private List<Told> told() {
        return told.stream().filter(each -> !each.key().contains("warm")).toList();
    }

    private List<Integer> values() {
        return told().stream().map(Told::value).sorted().toList();
    }

    private void awaitValues(int until) {
        await().atMost(SOON).until(() -> told().size() >= until);
        assertThat(values()).isEqualTo(IntStream.range(0, until).boxed().toList());
    }

    /** Until so many readers read. */
    private void warm(String group, int readers) {
        await().atMost(SOON)
                .until(
                        () -> {
                            write(group + "warm", 0, 80);
                            return told.stream().map(Told::reader).distinct().count() == readers;
                        });
    }

    @Test
    @Tag("PT-50")
    void eachChangeGoesToOneReaderOfEachGroupInTheOrderOfItsKey() {
        for (int i = 0; i < 3; i++) {
            read(everywhere.get(i), "billing", "billing" + i);
        }
        warm("billing", 3);
        Queue<Integer> alone = new ConcurrentLinkedQueue<>();
        running.add(
                orders.feed()
                        .group("shipping")
                        .from(Position.start())
                        .filter(change -> change.key().toString().startsWith("b-"))
                        .each(change -> alone.add(change.value(Integer.class))));

        write("b-", 0, 400);

        awaitValues(400);
        await().atMost(SOON).until(() -> alone.size() >= 400);
        assertThat(alone.stream().sorted()).isEqualTo(values());
        Map<String, Integer> latest = new HashMap<>();
        for (Told each : told()) {
            Integer before = latest.put(each.key(), each.value());
            assertThat(before == null ? -1 : before).isLessThan(each.value());
        }
        assertThat(told().stream().map(Told::reader).distinct()).hasSize(3);
    }

    @Test
    @Tag("PT-52")
    void whatAReaderThatClosesHasNotReadAnotherReads() {
        Feed.Subscription first = read(everywhere.get(1), "closing", "first");
        read(everywhere.get(2), "closing", "second");
        warm("closing", 2);

        write("c", 0, 200);
        first.close();
        write("c", 200, 400);

        awaitValues(400);
        long later = told().stream().filter(each -> each.value() >= 200).count();
        assertThat(first.ended().toCompletableFuture()).succeedsWithin(SOON);
        assertThat(later).isEqualTo(200);
    }

    @Test
    @Tag("PT-52")
    void aReaderThatJoinsTakesItsPartWithoutGapOrRepeat() {
        read(everywhere.get(0), "joining", "first");
        warm("joining", 1);

        write("j", 0, 200);
        read(everywhere.get(2), "joining", "second");
        write("j", 200, 400);
        warm("joining", 2);
        write("j", 400, 600);

        awaitValues(600);
    }

    @Test
    @Tag("PT-51")
    void whatAConsumerThrewAtAnotherReaderGets() {
        Set<Integer> refused = ConcurrentHashMap.newKeySet();
        Feed.Subscription failing =
                everywhere
                        .get(1)
                        .feed()
                        .group("throwing")
                        .each(
                                change -> {
                                    if (change.key().toString().startsWith("t-")) {
                                        refused.add(change.value(Integer.class));
                                        throw new StackOverflowError("no");
                                    }
                                    told.add(new Told("failing", change));
                                });
        read(everywhere.get(2), "throwing", "other");
        warm("throwing", 2);

        write("t-", 0, 200);

        awaitValues(200);
        assertThat(failing.ended().toCompletableFuture()).failsWithin(SOON);
        assertThat(refused).hasSize(1);
    }

    @Test
    @Tag("PT-52")
    void aSlowConsumerHoldsUpItsOwnPartitionsAlone() {
        CountDownLatch goOn = new CountDownLatch(1);
        running.add(
                everywhere
                        .get(1)
                        .feed()
                        .group("slow")
                        .each(
                                change -> {
                                    told.add(new Told("slow", change));
                                    if (isOfTest(change)) {
                                        pass(goOn);
                                    }
                                }));
        read(everywhere.get(2), "slow", "quick");
        warm("slow", 2);

        write("s", 0, 200);
        await().atMost(SOON).until(() -> by("slow").size() == 1 && by("quick").size() > 2);
        goOn.countDown();

        awaitValues(200);
        assertThat(by("quick")).doesNotContainAnyElementsOf(by("slow"));
    }

    /** Not one that was written before. */
    private static boolean isOfTest(Change change) {
        return !change.key().toString().contains("warm");
    }

    private static void pass(CountDownLatch gate) {
        try {
            assertThat(gate.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException ended) {
            throw new IllegalStateException(ended);
        }
    }

    /** The partitions of which a reader was told. */
    private Set<Integer> by(String reader) {
        return told().stream()
                .filter(each -> each.reader().equals(reader))
                .map(each -> each.change().partition())
                .collect(Collectors.toSet());
    }

    @Test
    @Tag("PT-57")
    void aGroupWithoutReadersGoesOnWhereItWas() {
        Feed.Subscription first = read(everywhere.get(0), "resting", "first");
        warm("resting", 1);
        write("r", 0, 100);
        awaitValues(100);
        first.close();
        assertThat(first.ended().toCompletableFuture()).succeedsWithin(SOON);

        write("r", 100, 200);
        read(everywhere.get(2), "resting", "second");

        awaitValues(200);
    }

    @Test
    void aGroupReadsCommittedEventsTheSameWay() {
        for (int i = 0; i < 3; i++) {
            read(everywhere.get(i).feed().events("billed").group("events"), "e" + i);
        }
        await().atMost(SOON)
                .until(
                        () -> {
                            bill("warm", 40);
                            return told.stream().map(Told::reader).distinct().count() == 3;
                        });

        bill("e", 200);

        awaitValues(200);
    }

    private static void bill(String prefix, int count) {
        IntStream.range(0, count)
                .mapToObj(i -> orders.send(Message.of("BILL", i).key(prefix + i % 40)))
                .toList()
                .forEach(call -> call.committed().join());
    }

    @Test
    @Tag("PT-57")
    void theSeventeenthGroupOfAPartitionIsRefused() {
        ServiceConfig<Integer> config = ServiceConfig.of("read", Integer.class).partitions(1);
        Service<Integer> read = synced(MESHES.all().get(0).serve(config));
        for (int i = 0; i < 16; i++) {
            running.add(read.feed().group("g" + i).each(change -> {}));
        }
        await().atMost(SOON).until(() -> isRefused(read, "g16"));
        assertThat(isRefused(read, "g3")).isFalse();
    }

    private static boolean isRefused(Service<Integer> of, String group) {
        Feed.Subscription one = of.feed().group(group).each(change -> {});
        try {
            await().atMost(500, TimeUnit.MILLISECONDS)
                    .until(() -> one.ended().toCompletableFuture().isDone());
            assertThat(one.ended().toCompletableFuture())
                    .failsWithin(SOON)
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOfSatisfying(
                            TuliException.class,
                            refused -> assertThat(refused.failure()).isEqualTo(Failure.OVERLOADED))
                    .withMessageContaining("at most 16 groups");
            return true;
        } catch (org.awaitility.core.ConditionTimeoutException notYet) {
            one.close();
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "ä", "a/b", "*"})
    void aGroupHasAPlainName(String name) {
        Feed<Change> feed = orders.feed();

        assertThatThrownBy(() -> feed.group(name))
                .isInstanceOfSatisfying(
                        TuliException.class,
                        refused -> assertThat(refused.failure()).isEqualTo(Failure.BAD_REQUEST));
        assertThatThrownBy(() -> feed.group("g".repeat(65))).isInstanceOf(TuliException.class);
    }

    @Test
    void aGroupNeitherDropsNorSeeksATime() {
        Feed<Change> feed = orders.feed().group("odd");

        assertThatThrownBy(() -> feed.overflow(Overflow.DROP_OLDEST).each(change -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a reader of a group waits");
        assertThatThrownBy(() -> feed.from(Position.time(Instant.EPOCH)).each(change -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a group begins at");
    }

    @Test
    void aStreamAndAPublisherReadAsOneOfAGroup() throws Exception {
        Collected<Change> collected = new Collected<>();
        shapes(1).publisher().subscribe(collected);
        Set<Integer> streamed = ConcurrentHashMap.newKeySet();
        var stream = shapes(2).stream();
        Thread reading =
                Thread.ofVirtual()
                        .start(
                                () ->
                                        stream.forEach(
                                                each -> streamed.add(each.value(Integer.class))));
        await().atMost(SOON)
                .until(
                        () -> {
                            write("p", 1_000, 1_040);
                            return !collected.soFar().isEmpty() && !streamed.isEmpty();
                        });

        write("p", 0, 200);

        await().atMost(SOON)
                .until(
                        () -> {
                            Set<Integer> all = new java.util.HashSet<>(streamed);
                            collected.soFar().forEach(each -> all.add(each.value(Integer.class)));
                            return all.containsAll(
                                    IntStream.range(0, 200).boxed().collect(Collectors.toSet()));
                        });
        collected.cancel();
        stream.close();
        assertThat(reading.join(SOON)).isTrue();
    }

    private static Feed<Change> shapes(int at) {
        Feed<Change> feed = everywhere.get(at).feed().group("shapes");
        return feed.filter(change -> change.key().toString().startsWith("p"));
    }
}
