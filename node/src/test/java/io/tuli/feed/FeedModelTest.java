package io.tuli.feed;

import static io.tuli.feed.FakeReplica.remove;
import static io.tuli.feed.FakeReplica.set;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tuli.Change;
import io.tuli.Edit;
import io.tuli.Epoch;
import io.tuli.Feed;
import io.tuli.LogPosition;
import io.tuli.Position;
import io.tuli.log.PartitionState;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever happens to a replica, a consumer that does as it is told ends with the replica's state,
 * and between two RESETs sees every change. One seed, one life: {@code -Dtuli.seed=N} repeats it.
 */
@Tag("U4")
@Tag("W9")
class FeedModelTest {

    private static final int PARTITIONS = 3;
    private static final int STEPS = 400;
    private static final Duration LAG = Duration.ofMillis(1);

    /** Time goes on while the consumer is waited for: a lost place is given up after a while. */
    private static final Duration TICK = Duration.ofMillis(100);

    static LongStream seeds() {
        String one = System.getProperty("tuli.seed");
        return one == null ? LongStream.range(0, 25) : LongStream.of(Long.parseLong(one));
    }

    /** What a consumer makes of a feed, over several subscriptions that go on from each other. */
    private static final class Consumer {
        final Map<Integer, Map<String, String>> states = new HashMap<>();
        final Map<Integer, Long> lastOffset = new HashMap<>();
        final AtomicReference<String> wrong = new AtomicReference<>();

        Consumer() {
            for (int p = 0; p < PARTITIONS; p++) {
                states.put(p, new TreeMap<>());
            }
        }

        /** A consumer that lags goes on from where it was, though the replica has left that. */
        void acceptLate(Change change) {
            LockSupport.parkNanos(LAG.toNanos());
            accept(change);
        }

        synchronized void accept(Change change) {
            Map<String, String> state = states.get(change.partition());
            switch (change.kind()) {
                case RESET -> {
                    state.clear();
                    lastOffset.put(change.partition(), 0L);
                }
                case UPDATE, ADD -> state.put(change.key().top(), change.value(String.class));
                case REMOVE -> state.remove(change.key().top());
                case PUSH, INCREMENT, INCLUDE, EXCLUDE, TOUCH, EVENT ->
                        wrong.compareAndSet(null, "nobody does this: " + change);
            }
            long offset = change.position().offset();
            long before = lastOffset.getOrDefault(change.partition(), 0L);
            if (offset != 0 && offset < before) {
                wrong.compareAndSet(null, "went back from " + before + " to " + change);
            }
            lastOffset.put(change.partition(), Math.max(offset, before));
        }

        synchronized Map<String, String> state(int partition) {
            return Map.copyOf(states.get(partition));
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    @DisplayName("a consumer ends with the replica's state")
    void aConsumerEndsWithTheReplicasState(long seed) {
        Consumer consumer = new Consumer();
        endsWithTheReplicasState(seed, consumer, consumer::accept);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    @DisplayName("a consumer that lags ends with the replica's state")
    void aConsumerThatLagsEndsWithTheReplicasState(long seed) {
        Consumer consumer = new Consumer();
        endsWithTheReplicasState(seed, consumer, consumer::acceptLate);
    }

    private static void endsWithTheReplicasState(
            long seed, Consumer consumer, java.util.function.Consumer<Change> accept) {
        Random random = new Random(seed);
        try (FakeReplica replica = new FakeReplica(2, PARTITIONS)) {
            Feed<Change> feed = replica.feed().limit(1 + random.nextInt(20));
            Feed.Subscription running = feed.from(Position.start()).each(accept);
            for (int step = 0; step < STEPS; step++) {
                happen(replica, random);
                if (random.nextInt(40) == 0) {
                    running.close();
                    running.ended().toCompletableFuture().join();
                    running = feed.from(running.position()).each(accept);
                }
            }
            for (int p = 0; p < PARTITIONS; p++) {
                int partition = p;
                Map<String, String> expected = state(replica, p);
                await("seed " + seed + " partition " + p + " expected " + expected)
                        .pollInterval(Duration.ofMillis(5))
                        .atMost(Duration.ofSeconds(20))
                        .until(
                                () -> {
                                    replica.pass(TICK);
                                    return consumer.state(partition).equals(expected);
                                });
            }
            assertThat(consumer.wrong.get()).isNull();
        }
    }

    private static Map<String, String> state(FakeReplica replica, int partition) {
        return replica.on(
                partition,
                () -> {
                    Map<String, String> documents = new TreeMap<>();
                    PartitionState state = replica.state(partition);
                    state.forEach(
                            (key, stored) -> documents.put(key, stored.document().toString()));
                    return documents;
                });
    }

    private static void happen(FakeReplica replica, Random random) {
        int partition = random.nextInt(PARTITIONS);
        LogPosition end = replica.on(partition, () -> replica.applied(partition));
        switch (random.nextInt(20)) {
            case 0 -> replica.trim(partition, end.offset() - random.nextInt(5));
            case 1 -> replica.open(partition, end.epoch().number() + 1);
            case 2 -> replica.replace(partition, another(end, random), Map.of("s", "" + end));
            case 3 -> replica.replace(partition, end, state(replica, partition));
            default -> replica.append(partition, edits(random));
        }
    }

    private static LogPosition another(LogPosition end, Random random) {
        Epoch later = new Epoch(end.epoch().number() + 1, 7);
        return new LogPosition(later, 1 + random.nextInt((int) end.offset() + 10));
    }

    private static Edit[] edits(Random random) {
        List<Edit> edits =
                random.ints(1 + random.nextInt(3), 0, 10)
                        .mapToObj(
                                k ->
                                        random.nextInt(4) == 0
                                                ? remove("k" + k)
                                                : set("k" + k, "" + random.nextInt(100)))
                        .toList();
        return edits.toArray(Edit[]::new);
    }
}
