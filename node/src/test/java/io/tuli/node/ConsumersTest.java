package io.tuli.node;

import static io.tuli.node.TestMeshes.SOON;
import static io.tuli.node.TestMeshes.synced;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tuli.Failure;
import io.tuli.Feed;
import io.tuli.Mesh;
import io.tuli.Message;
import io.tuli.Position;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Consumers that acknowledge each change, in a mesh of two servers and a client. */
@Timeout(60)
@Tag("PT-58")
class ConsumersTest {

    private static final TestMeshes MESHES = new TestMeshes();
    private static final ServiceConfig<Integer> ORDERS =
            ServiceConfig.of("orders", Integer.class)
                    .partitions(8)
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

    private final Queue<Feed.Delivery> delivered = new ConcurrentLinkedQueue<>();
    private final Set<Integer> done = ConcurrentHashMap.newKeySet();
    private final List<Feed.Subscription> running = new ArrayList<>();

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

    /** Of the keys that begin so, from the first change on. */
    private static Feed.Deliveries consumer(int at, String name) {
        return everywhere
                .get(at)
                .feed()
                .from(Position.start())
                .filter(change -> change.key().toString().startsWith(name))
                .consumer(name);
    }

    private static void write(String prefix, int from, int until) {
        IntStream.range(from, until)
                .mapToObj(i -> orders.update(prefix + i, i))
                .toList()
                .forEach(call -> call.committed().join());
    }

    private static int value(Feed.Delivery delivery) {
        return delivery.change().value(Integer.class);
    }

    private void done(Feed.Delivery delivery) {
        delivered.add(delivery);
        if (delivery.ack()) {
            done.add(value(delivery));
        }
    }

    private void awaitDone(int until) {
        await().atMost(SOON).until(() -> done.size() >= until);
        assertThat(done).isEqualTo(IntStream.range(0, until).boxed().collect(Collectors.toSet()));
    }

    @Test
    void consumersOfANameShareTheChangesAndEachIsAcknowledged() {
        for (int i = 0; i < 3; i++) {
            running.add(consumer(i, "shared").each(this::done));
        }
        write("shared", 0, 300);

        awaitDone(300);
        assertThat(consumer(2, "shared").rejected()).isEmpty();
    }

    @Test
    void aConsumerThatThrowsIsToldAgainAndGoesOn() {
        Feed.Subscription failing =
                consumer(1, "throwing")
                        .backOff(Duration.ZERO)
                        .each(
                                delivery -> {
                                    if (value(delivery) % 10 == 0 && delivery.attempt() < 3) {
                                        throw new StackOverflowError("no");
                                    }
                                    done(delivery);
                                });
        running.add(failing);
        write("throwing", 0, 50);

        awaitDone(50);
        assertThat(delivered)
                .filteredOn(each -> value(each) % 10 == 0)
                .allMatch(each -> each.attempt() == 3);
        assertThat(failing.ended().toCompletableFuture()).isNotDone();
    }

    @Test
    void whatAClosedConsumerHasNotAcknowledgedAnotherGetsAndNothingElse() {
        Feed.Subscription first =
                consumer(0, "closing")
                        .each(
                                delivery -> {
                                    delivered.add(delivery);
                                    if (value(delivery) % 4 > 0 && delivery.ack()) {
                                        done.add(value(delivery));
                                    }
                                });
        write("closing", 0, 100);
        await().atMost(SOON).until(() -> delivered.size() == 100);
        first.close();
        assertThat(first.ended().toCompletableFuture()).succeedsWithin(SOON);
        assertThat(done).hasSize(75);
        List<Feed.Delivery> before = List.copyOf(delivered);
        delivered.clear();

        running.add(consumer(2, "closing").each(this::done));

        awaitDone(100);
        assertThat(delivered).hasSize(25).allMatch(each -> each.attempt() == 2);
        assertThat(before).noneMatch(Feed.Delivery::ack);
    }

    @Test
    void rejectedChangesAreKeptWithWhatTheyWereUntilTheyAreDiscarded() {
        running.add(
                consumer(1, "rejecting")
                        .attempts(2)
                        .backOff(Duration.ofMillis(1))
                        .each(
                                delivery -> {
                                    switch (value(delivery)) {
                                        case 3 -> delivery.reject("no\nsuch address");
                                        case 5 -> delivery.retry();
                                        default -> done(delivery);
                                    }
                                }));
        write("rejecting", 0, 10);

        Feed.Deliveries seen = consumer(2, "rejecting");
        await().atMost(SOON).until(() -> seen.rejected().size() == 2);
        List<Feed.Rejected> rejected = seen.rejected();
        assertThat(rejected)
                .extracting(each -> each.change().key() + " " + each.change().value(Integer.class))
                .containsExactlyInAnyOrder("rejecting3 3", "rejecting5 5");
        assertThat(rejected).extracting(Feed.Rejected::attempts).containsExactlyInAnyOrder(1, 2);
        assertThat(rejected).extracting(Feed.Rejected::why).noneMatch(why -> why.contains("\n"));
        await().atMost(SOON).until(() -> done.size() == 8);

        seen.discard(rejected.get(0));
        assertThat(seen.rejected()).containsExactly(rejected.get(1));
        seen.discard(rejected.get(1));
        await().atMost(SOON).until(() -> consumer(0, "rejecting").rejected().isEmpty());
    }

    @Test
    void whereNoMoreIsKeptAsRejectedItStaysUnacknowledgedUntilThereIsRoom() {
        ServiceConfig<Integer> config = ServiceConfig.of("narrow", Integer.class).partitions(1);
        Mesh mesh = MESHES.join(how -> how.settings(java.util.Map.of("groups.rejected", "2")));
        Service<Integer> narrow = synced(mesh.serve(config));
        Feed.Deliveries poor = narrow.feed().from(Position.start()).consumer("poor");
        running.add(poor.each(delivery -> delivery.reject("all")));
        for (int i = 0; i < 3; i++) {
            narrow.update("k" + i, i).committed().join();
        }
        await().atMost(SOON).until(() -> poor.rejected().size() == 2);

        poor.discard(poor.rejected().get(0));

        await().atMost(SOON)
                .until(
                        () ->
                                poor.rejected().stream()
                                        .map(each -> each.change().key().toString())
                                        .toList()
                                        .equals(List.of("k1", "k2")));
    }

    @Test
    void eventsAreConsumedTheSameWay() {
        running.add(
                everywhere
                        .get(2)
                        .feed()
                        .events("billed")
                        .from(Position.start())
                        .consumer("events")
                        .each(this::done));
        IntStream.range(0, 50)
                .mapToObj(i -> orders.send(Message.of("BILL", i).key("e" + i)))
                .toList()
                .forEach(call -> call.committed().join());

        awaitDone(50);
        assertThat(delivered).allMatch(each -> each.change().event().equals("billed"));
    }

    @Test
    void whatAConsumerAsksForHasBounds() {
        Feed.Deliveries some = orders.feed().consumer("bounds");

        assertThatThrownBy(() -> some.inFlight(1_001))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("groups.in.flight=1000");
        assertThatThrownBy(() -> some.inFlight(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> some.attempts(0)).hasMessageContaining("1..1000000");
        assertThatThrownBy(() -> some.ackWait(Duration.ofMillis(99)))
                .hasMessageContaining("100 ms..1 day");
        assertThatThrownBy(() -> some.backOff()).hasMessageContaining("1..100 delays");
        assertThatThrownBy(() -> some.backOff(Duration.ofDays(8)))
                .hasMessageContaining("0..7 days");
        assertThatThrownBy(() -> orders.commits().consumer("bounds"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("use feed()");
        assertThatThrownBy(() -> orders.events().consumer("bounds"))
                .isInstanceOf(TuliException.class)
                .hasMessageContaining("nobody acknowledges");
        assertThatThrownBy(() -> orders.feed().consumer("a b"))
                .isInstanceOfSatisfying(
                        TuliException.class,
                        refused -> assertThat(refused.failure()).isEqualTo(Failure.BAD_REQUEST));
    }
}
