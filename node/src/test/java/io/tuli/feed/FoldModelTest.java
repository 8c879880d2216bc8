package io.tuli.feed;

import static io.tuli.feed.FakeReplica.set;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tuli.Change;
import io.tuli.Limits;
import io.tuli.MeshEvent;
import io.tuli.Message;
import io.tuli.fold.FoldConfig;
import io.tuli.fold.FoldRunner;
import io.tuli.protocol.Frame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * However ownership moves between members whose replicas are not equally far, every message is
 * executed exactly once and in order. One seed, one life: {@code -Dtuli.seed=N} repeats it.
 */
@Tag("FE-29")
class FoldModelTest {

    private static final int MEMBERS = 2;
    private static final int SOURCES = 3;
    private static final int TARGETS = 4;
    private static final int STEPS = 300;

    static LongStream seeds() {
        String one = System.getProperty("tuli.seed");
        return one == null ? LongStream.range(0, 20) : LongStream.of(Long.parseLong(one));
    }

    /** One member: its replica of the source, its part of the target, its runner. */
    private static final class Member implements AutoCloseable {
        final FakeReplica source = new FakeReplica(2, SOURCES);
        final FakeTarget target;
        final FoldRunner runner;
        final int[] appended = new int[SOURCES];

        Member(int number, FakeFolded folded, List<MeshEvent> events, Random random) {
            target = new FakeTarget(number, folded, 2, TARGETS);
            TextCodec codec = new TextCodec();
            FoldConfig config =
                    new FoldConfig(
                            change -> messagesFor(change, target),
                            codec,
                            codec,
                            Limits.defaults(),
                            1 + random.nextInt(20),
                            Duration.ofMillis(1 + random.nextInt(20)),
                            events::add);
            runner = new FoldRunner(source.hub(), target.hub(), target, config);
            runner.start();
        }

        /** Appends what the source has, up to the n-th entry: a replica is a prefix. */
        void follow(int partition, int until) {
            while (appended[partition] < until) {
                source.append(partition, set("k" + appended[partition]++, "v"));
            }
        }

        @Override
        public void close() {
            runner.close();
            target.close();
            source.close();
        }
    }

    /** Of entry n one message to each of n % 4 partitions, and a second to the first of them. */
    private static List<Message> messagesFor(Change change, FakeTarget target) {
        int n = Integer.parseInt(change.key().top().substring(1));
        List<Message> messages = new ArrayList<>();
        for (int i = 0; i < n % 4; i++) {
            messages.add(message(change, target, n + i, "-" + i));
        }
        if (!messages.isEmpty()) {
            messages.add(message(change, target, n, "-again"));
        }
        return messages;
    }

    private static Message message(Change change, FakeTarget target, int q, String suffix) {
        String body = change.partition() + "/" + change.key() + suffix;
        return Message.of("FOLD", body).key(target.keyIn(q % TARGETS));
    }

    private static List<List<String>> expected(int[] counts) {
        List<List<String>> byPair = new ArrayList<>();
        for (int pair = 0; pair < SOURCES * TARGETS; pair++) {
            byPair.add(new ArrayList<>());
        }
        for (int p = 0; p < SOURCES; p++) {
            for (int n = 0; n < counts[p]; n++) {
                for (int i = 0; i < n % 4; i++) {
                    byPair.get(p * TARGETS + (n + i) % TARGETS).add(p + "/k" + n + "-" + i);
                }
                if (n % 4 > 0) {
                    byPair.get(p * TARGETS + n % TARGETS).add(p + "/k" + n + "-again");
                }
            }
        }
        return byPair;
    }

    @ParameterizedTest
    @MethodSource("seeds")
    @DisplayName("every message is executed exactly once and in order")
    void everyMessageIsExecutedExactlyOnceAndInOrder(long seed) {
        Random random = new Random(seed);
        FakeFolded folded = new FakeFolded();
        List<MeshEvent> events = new CopyOnWriteArrayList<>();
        List<Member> members = new ArrayList<>();
        try {
            for (int m = 0; m < MEMBERS; m++) {
                members.add(new Member(m, folded, events, random));
            }
            int[] counts = live(random, members);
            finish(members, counts);
            List<List<String>> expected = expected(counts);
            int total = expected.stream().mapToInt(List::size).sum();
            await("seed " + seed + " of " + total)
                    .pollInterval(Duration.ofMillis(5))
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> folded.executedCount() >= total);
            for (int pair = 0; pair < expected.size(); pair++) {
                assertThat(executed(folded, pair)).as("seed " + seed).isEqualTo(expected.get(pair));
            }
            assertThat(events).isEmpty();
        } finally {
            members.forEach(Member::close);
        }
    }

    private static int[] live(Random random, List<Member> members) {
        int[] counts = new int[SOURCES];
        int[] owners = new int[TARGETS];
        java.util.Arrays.fill(owners, -1);
        for (int step = 0; step < STEPS; step++) {
            int p = random.nextInt(SOURCES);
            int q = random.nextInt(TARGETS);
            if (random.nextInt(12) == 0) {
                if (owners[q] >= 0) {
                    Member old = members.get(owners[q]);
                    old.target.lose(old.runner, q);
                }
                owners[q] = random.nextInt(MEMBERS);
                Member next = members.get(owners[q]);
                next.target.gain(next.runner, q);
            } else {
                counts[p] += random.nextInt(5);
                members.get(random.nextInt(MEMBERS)).follow(p, counts[p]);
            }
        }
        for (int q = 0; q < TARGETS; q++) {
            if (owners[q] < 0) {
                members.get(0).target.gain(members.get(0).runner, q);
            }
        }
        return counts;
    }

    private static void finish(List<Member> members, int[] counts) {
        for (Member member : members) {
            for (int p = 0; p < SOURCES; p++) {
                member.follow(p, counts[p]);
            }
        }
    }

    private static List<String> executed(FakeFolded folded, int pair) {
        String source = pair / TARGETS + "/";
        return folded.requests(pair % TARGETS).stream()
                .map(Frame.Request::body)
                .map(Object::toString)
                .filter(body -> body.startsWith(source))
                .toList();
    }
}
