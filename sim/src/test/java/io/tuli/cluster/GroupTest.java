package io.tuli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Change;
import io.tuli.Message;
import io.tuli.Outcome;
import io.tuli.Position;
import io.tuli.ServiceConfig;
import io.tuli.feed.Feeds;
import io.tuli.protocol.Observer.Reading;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Readers of a group in simulated clusters; each number is written once, and none twice. */
class GroupTest {

    private static final ServiceConfig<Integer> NUMBERS =
            ServiceConfig.of("numbers", Integer.class).partitions(6);
    private static final Duration STEP = Duration.ofMillis(20);
    private static final Duration QUIET = Duration.ofMillis(600);
    private static final Duration SOON = Duration.ofSeconds(20);

    private final List<Reader> readers = new ArrayList<>();
    private final Map<Integer, Integer> told = new TreeMap<>();
    private final List<ClusterCall<?>> calls = new ArrayList<>();
    private @Nullable Cluster running;

    private final class Reader {

        private final ClusterMember member;
        private final Feeds.Polled<Change> feed;
        private int times;

        Reader(ClusterMember member, Position from) {
            this.member = member;
            this.feed = member.service(NUMBERS).group("readers", from);
        }

        void look() {
            if (member.isAlive() && !member.isPaused()) {
                feed.poll(this::take);
            }
        }

        private void take(Change change) {
            times++;
            told.merge(change.value(Integer.class), 1, Integer::sum);
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

    private Reader read(ClusterMember at) {
        Reader reader = new Reader(at, Position.start());
        readers.add(reader);
        return reader;
    }

    private void run(Duration time) {
        for (Duration past = Duration.ZERO; past.compareTo(time) < 0; past = past.plus(STEP)) {
            cluster().run(STEP);
            readers.forEach(Reader::look);
        }
    }

    /** So many numbers more, by members in turn. */
    private void write(List<ClusterMember> by, int count) {
        for (int i = 0; i < count; i++) {
            int number = calls.size();
            ClusterMember member = by.get(i % by.size());
            Message message = Message.of("update", number).key("k" + number);
            calls.add(member.service(NUMBERS).send(message));
            run(STEP);
        }
    }

    private void awaitAll(int timesMost) {
        Duration end = cluster().now().plus(SOON);
        while (!isAllTold() && cluster().now().compareTo(end) < 0) {
            run(STEP);
        }
        run(QUIET);
        assertThat(missing()).as("seed=%s never told", cluster().seed()).isEmpty();
        assertThat(told.entrySet().stream().filter(each -> each.getValue() > timesMost))
                .as("seed=%s told again", cluster().seed())
                .isEmpty();
    }

    private boolean isAllTold() {
        return calls.stream().allMatch(ClusterCall::isEnded) && missing().isEmpty();
    }

    private List<Integer> missing() {
        return IntStream.range(0, calls.size())
                .filter(i -> calls.get(i).outcome() == Outcome.OK && !told.containsKey(i))
                .boxed()
                .collect(Collectors.toList());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    @Tag("PT-50")
    void readersThatComeAndGoShareTheChanges(int seed) {
        Cluster cluster = cluster(seed, 2, 2);
        List<ClusterMember> members = cluster.members();
        Reader first = read(members.get(0));
        write(members, 20);
        Reader second = read(members.get(2));
        Reader third = read(members.get(2));
        write(members, 40);
        assertThat(second.times + third.times).isPositive();
        first.look();
        readers.remove(first);
        first.feed.close();
        write(members, 40);

        awaitAll(1);
        assertThat(calls).allMatch(call -> call.outcome() == Outcome.OK);
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 6})
    @Tag("PT-54")
    void aNewOwnerWaitsForWhoReadBefore(int seed) {
        Cluster cluster = cluster(seed, 3, 2);
        List<ClusterMember> clients =
                cluster.members().stream().filter(each -> !each.isServer()).toList();
        clients.forEach(this::read);
        write(clients, 30);
        cluster.kill(cluster.servers().get(0));
        write(clients, 60);
        cluster.server();
        write(clients, 60);

        awaitAll(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 9})
    @Tag("PT-53")
    void whoIsGoneIsNotWaitedFor(int seed) {
        Cluster cluster = cluster(seed, 3, 1);
        List<ClusterMember> clients =
                cluster.members().stream().filter(each -> !each.isServer()).toList();
        read(clients.get(0));
        Reader dying = read(cluster.servers().get(2));
        write(clients, 30);
        assertThat(dying.times).isPositive();
        cluster.kill(cluster.servers().get(2));
        write(clients, 30);

        awaitAll(2);
        assertThat(forced()).isZero();
    }

    private int forced() {
        return cluster().members().stream()
                .mapToInt(each -> each.service(NUMBERS).hosted().forced)
                .sum();
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 12})
    @Tag("PT-55")
    void whoWasPausedStopsAndClaims(int seed) {
        Cluster cluster = cluster(seed, 2, 2);
        List<ClusterMember> clients =
                cluster.members().stream().filter(each -> !each.isServer()).toList();
        clients.forEach(this::read);
        write(clients, 30);
        run(QUIET);
        cluster.pause(clients.get(0), Duration.ofSeconds(12));
        write(List.of(clients.get(1)), 100);
        run(Duration.ofSeconds(12));
        write(clients, 30);

        awaitAll(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {13})
    @Tag("PT-52")
    void whoDoesNotStopInTimeIsNotWaitedFor(int seed) {
        Cluster cluster = cluster(seed, 2, 0);
        cluster.plant(
                new Tampering() {
                    @Override
                    public @Nullable Reading told(Reading told) {
                        return told instanceof Reading.Revoked ? null : told;
                    }
                });
        List<ClusterMember> servers = cluster.servers();
        read(servers.get(0));
        write(servers, 20);
        Reader second = read(servers.get(1));
        run(Duration.ofSeconds(7));
        write(servers, 40);

        awaitAll(2);
        assertThat(forced()).isPositive();
        assertThat(second.times).isPositive();
    }

    @ParameterizedTest
    @ValueSource(ints = {14})
    @Tag("PT-57")
    void aGroupIsForgottenADayAfterItsLastReader(int seed) {
        Cluster cluster = cluster(seed, 1, 1);
        List<ClusterMember> members = cluster.members();
        Reader first = read(members.get(1));
        write(members, 10);
        readers.clear();
        first.feed.close();
        run(QUIET);
        int before = told.size();
        write(members, 10);
        cluster.skew(cluster.servers().get(0), Duration.ofHours(23));
        run(QUIET);
        Reader second = read(members.get(1));
        run(Duration.ofSeconds(1));
        assertThat(told).hasSize(before + 10);
        readers.clear();
        second.feed.close();
        run(QUIET);

        write(members, 10);
        cluster.skew(cluster.servers().get(0), Duration.ofDays(2));
        run(QUIET);
        readers.add(new Reader(members.get(1), Position.latest()));
        run(Duration.ofSeconds(1));

        assertThat(told).hasSize(before + 10);
    }

    @ParameterizedTest
    @ValueSource(ints = {15, 16, 17, 18})
    @Tag("PT-56")
    void eachSideHasItsReadersAndAfterwardsEachChangeHasComeOnce(int seed) {
        Cluster cluster = cluster(seed, 4, 2);
        List<ClusterMember> members = new ArrayList<>(cluster.members());
        Collections.shuffle(members, new Random(seed));
        members.forEach(this::read);
        write(members, 30);
        run(QUIET);
        cluster.partition(members.subList(0, 3), Duration.ofSeconds(14));
        write(members, 300);
        int during = told.size();
        cluster.heal();
        run(SOON);
        write(members, 30);

        awaitAll(1);
        assertThat(during).isGreaterThan(100);
    }

    @ParameterizedTest
    @ValueSource(ints = {21, 22})
    @Tag("PT-56")
    void whatTheOtherSideConsumedDoesNotComeAgainThoughItsReaderIsGone(int seed) {
        Cluster cluster = cluster(seed, 4, 0);
        List<ClusterMember> members = new ArrayList<>(cluster.members());
        Collections.shuffle(members, new Random(seed));
        Reader here = read(members.get(0));
        Reader there = read(members.get(3));
        write(members, 30);
        run(QUIET);
        cluster.partition(members.subList(0, 2), Duration.ofSeconds(20));
        write(members, 300);
        run(QUIET);
        assertThat(here.times).isGreaterThan(50);
        assertThat(there.times).isGreaterThan(50);
        readers.remove(there);
        there.feed.close();
        run(QUIET);
        cluster.heal();
        run(SOON);

        awaitAll(1);
    }
}
