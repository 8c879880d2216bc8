package io.tuli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Feed;
import io.tuli.Message;
import io.tuli.Outcome;
import io.tuli.Position;
import io.tuli.ServiceConfig;
import io.tuli.feed.Feeds;
import io.tuli.log.Extras;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Consumers that acknowledge, in simulated clusters; each number is written once. */
@Tag("PT-58")
class ConsumerTest {

    private static final ServiceConfig<Integer> NUMBERS =
            ServiceConfig.of("numbers", Integer.class).partitions(4);
    private static final String NAME = "mailer";
    private static final Duration STEP = Duration.ofMillis(20);
    private static final Duration QUIET = Duration.ofMillis(600);
    private static final Duration SOON = Duration.ofSeconds(20);

    private final List<Reader> readers = new ArrayList<>();
    private final Map<Integer, Integer> delivered = new TreeMap<>();
    private final Set<Integer> acknowledged = new TreeSet<>();
    private final List<ClusterCall<?>> calls = new ArrayList<>();
    private @Nullable Cluster running;

    private final class Reader {

        private final ClusterMember member;
        private final Feeds.PolledDeliveries feed;
        private final Consumer<Feed.Delivery> each;

        Reader(
                ClusterMember member,
                UnaryOperator<Feed.Deliveries> how,
                Consumer<Feed.Delivery> each) {
            this.member = member;
            this.feed = member.service(NUMBERS).consumer(NAME, Position.start(), how);
            this.each = each;
        }

        void look() {
            if (member.isAlive() && !member.isPaused()) {
                feed.poll(
                        delivery -> {
                            delivered.merge(number(delivery), 1, Integer::sum);
                            each.accept(delivery);
                        });
            }
        }
    }

    private static int number(Feed.Delivery delivery) {
        return Objects.requireNonNull(delivery.change().value(Integer.class));
    }

    private void ack(Feed.Delivery delivery) {
        if (delivery.ack()) {
            acknowledged.add(number(delivery));
        }
    }

    private Cluster cluster(int seed, int servers, int clients) {
        Cluster cluster = new Cluster(seed).everywhere(NUMBERS);
        cluster.servers(servers);
        cluster.clients(clients);
        running = cluster;
        run(Duration.ofSeconds(2));
        return cluster;
    }

    private Cluster cluster() {
        return Objects.requireNonNull(running);
    }

    private Reader read(ClusterMember at, Consumer<Feed.Delivery> each) {
        return read(at, UnaryOperator.identity(), each);
    }

    private Reader read(
            ClusterMember at, UnaryOperator<Feed.Deliveries> how, Consumer<Feed.Delivery> each) {
        Reader reader = new Reader(at, how, each);
        readers.add(reader);
        return reader;
    }

    private void run(Duration time) {
        for (Duration past = Duration.ZERO; past.compareTo(time) < 0; past = past.plus(STEP)) {
            cluster().run(STEP);
            readers.forEach(Reader::look);
        }
    }

    private void write(List<ClusterMember> by, int count) {
        for (int i = 0; i < count; i++) {
            int number = calls.size();
            Message message = Message.of("update", number).key("k" + number);
            calls.add(by.get(i % by.size()).service(NUMBERS).send(message));
            run(STEP);
        }
    }

    private void awaitAllAcknowledged() {
        Duration end = cluster().now().plus(SOON);
        while (!missing().isEmpty() && cluster().now().compareTo(end) < 0) {
            run(STEP);
        }
        assertThat(missing()).as("seed=%s", cluster().seed()).isEmpty();
    }

    private List<Integer> missing() {
        return IntStream.range(0, calls.size())
                .filter(i -> !calls.get(i).isEnded() || calls.get(i).outcome() == Outcome.OK)
                .filter(i -> !acknowledged.contains(i))
                .boxed()
                .collect(Collectors.toList());
    }

    private List<Integer> deliveredAgain() {
        return delivered.entrySet().stream()
                .filter(each -> each.getValue() > 1)
                .map(Map.Entry::getKey)
                .toList();
    }

    private List<Extras.Rejected> rejected(ClusterMember at) {
        List<Extras.Rejected> all = new ArrayList<>();
        for (int partition = 0; partition < NUMBERS.partitions(); partition++) {
            all.addAll(at.service(NUMBERS).rejected(NAME, partition));
        }
        return all;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void whatIsAcknowledgedOutOfOrderDoesNotComeAgainWhenItsReaderMoves(int seed) {
        Cluster cluster = cluster(seed, 3, 2);
        List<ClusterMember> clients =
                cluster.members().stream().filter(each -> !each.isServer()).toList();
        List<Feed.Delivery> held = new ArrayList<>();
        Reader first =
                read(
                        clients.get(0),
                        delivery -> {
                            if (number(delivery) % 5 == 0) {
                                held.add(delivery);
                            } else {
                                ack(delivery);
                            }
                        });
        write(clients, 40);
        run(QUIET);
        assertThat(held).hasSize(8);
        readers.remove(first);
        first.feed.close();
        read(clients.get(1), this::ack);

        awaitAllAcknowledged();

        assertThat(deliveredAgain()).containsExactly(0, 5, 10, 15, 20, 25, 30, 35);
        assertThat(held).noneMatch(Feed.Delivery::ack);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4})
    void attemptsAreCountedOnWhenTheReaderAndTheOwnersAreKilled(int seed) {
        Cluster cluster = cluster(seed, 4, 1);
        List<ClusterMember> servers = cluster.servers();
        List<ClusterMember> writers = List.of(cluster.members().get(4));
        List<Integer> attempts = new ArrayList<>();
        Consumer<Feed.Delivery> failing =
                delivery -> {
                    if (number(delivery) == 7) {
                        attempts.add(delivery.attempt());
                        delivery.retry(Duration.ofMillis(500));
                    } else {
                        ack(delivery);
                    }
                };
        read(servers.get(3), how -> how.attempts(40), failing);
        write(writers, 20);
        run(Duration.ofSeconds(3));
        int before = attempts.getLast();
        assertThat(before).isBetween(4, 10);
        cluster.kill(servers.get(3));
        readers.clear();
        read(writers.get(0), how -> how.attempts(40), failing);
        run(Duration.ofSeconds(12));
        cluster.kill(servers.get(0));
        run(Duration.ofSeconds(12));

        assertThat(attempts.getLast()).isGreaterThan(before + 10);
        for (int i = 1; i < attempts.size(); i++) {
            assertThat(attempts.get(i)).isGreaterThanOrEqualTo(attempts.get(i - 1));
        }
        acknowledged.add(7);
        awaitAllAcknowledged();
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 6})
    void whatIsRejectedIsListedByAllUntilItIsDiscarded(int seed) {
        Cluster cluster = cluster(seed, 3, 1);
        List<ClusterMember> clients = cluster.members().subList(3, 4);
        read(
                clients.get(0),
                how -> how.attempts(2).backOff(Duration.ofMillis(100)),
                delivery -> {
                    switch (number(delivery) % 10) {
                        case 3 -> delivery.reject("no such address");
                        case 4 -> delivery.retry();
                        default -> ack(delivery);
                    }
                });
        write(clients, 20);
        run(Duration.ofSeconds(3));
        cluster.kill(cluster.servers().get(0));
        run(Duration.ofSeconds(10));
        ClusterMember late = cluster.server();
        run(Duration.ofSeconds(5));

        for (ClusterMember each : List.of(clients.get(0), late)) {
            assertThat(rejected(each))
                    .extracting(kept -> kept.key() + " " + kept.attempts())
                    .containsExactlyInAnyOrder("k3 1", "k4 2", "k13 1", "k14 2");
        }
        assertThat(rejected(late))
                .filteredOn(kept -> kept.key().toString().endsWith("3"))
                .allMatch(kept -> kept.why().equals("no such address"));
        assertThat(missing()).containsExactly(3, 4, 13, 14);
        assertThat(delivered.get(3)).isEqualTo(1);
        assertThat(delivered.get(4)).isEqualTo(2);
    }

    @Test
    void whatIsNotAcknowledgedInTimeComesAgainAndProgressPutsItOff() {
        Cluster cluster = cluster(7, 2, 0);
        List<Feed.Delivery> working = new ArrayList<>();
        List<Feed.Delivery> lost = new ArrayList<>();
        read(
                cluster.servers().get(0),
                how -> how.ackWait(Duration.ofSeconds(2)),
                delivery -> {
                    if (delivery.attempt() > 1) {
                        ack(delivery);
                    } else {
                        (number(delivery) == 0 ? working : lost).add(delivery);
                    }
                });
        write(cluster.servers(), 2);
        for (int i = 0; i < 5; i++) {
            run(Duration.ofSeconds(1));
            assertThat(working.get(0).extend()).isTrue();
        }

        assertThat(delivered).containsEntry(0, 1).containsEntry(1, 2);
        assertThat(lost.get(0).ack()).isFalse();
        ack(working.get(0));
        awaitAllAcknowledged();
    }

    @Test
    void asManyAreInFlightAsAreAllowed() {
        Cluster cluster = cluster(8, 2, 0);
        List<Feed.Delivery> held = new ArrayList<>();
        read(cluster.servers().get(0), how -> how.inFlight(3), held::add);
        write(cluster.servers(), 20);
        run(QUIET);
        assertThat(held).hasSize(3);

        for (int i = 0; i < 20; i++) {
            ack(held.get(i));
            run(QUIET);
            assertThat(held).hasSize(Math.min(20, i + 4));
        }
        awaitAllAcknowledged();
    }

    @ParameterizedTest
    @ValueSource(ints = {11, 12, 13})
    void afterASplitEachChangeHasBeenAcknowledgedOrIsListed(int seed) {
        Cluster cluster = cluster(seed, 4, 0);
        List<ClusterMember> members = new ArrayList<>(cluster.members());
        Set<Integer> refused = new TreeSet<>();
        for (ClusterMember member : members) {
            read(
                    member,
                    delivery -> {
                        if (number(delivery) % 9 == 0) {
                            delivery.reject("split");
                            refused.add(number(delivery));
                        } else {
                            ack(delivery);
                        }
                    });
        }
        write(members, 30);
        cluster.partition(members.subList(0, 2), Duration.ofSeconds(14));
        write(members, 200);
        cluster.heal();
        run(SOON);
        write(members, 30);
        run(SOON);

        for (ClusterMember member : members) {
            Set<String> listed =
                    rejected(member).stream()
                            .map(each -> each.key().toString())
                            .collect(Collectors.toSet());
            acknowledged.addAll(refused.stream().filter(i -> listed.contains("k" + i)).toList());
        }
        awaitAllAcknowledged();
        assertThat(refused).hasSizeGreaterThan(20);
    }
}
