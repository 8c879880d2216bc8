package io.tuli.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Commit;
import io.tuli.Failure;
import io.tuli.Key;
import io.tuli.Outcome;
import io.tuli.Payload;
import io.tuli.Receipt;
import io.tuli.RequestId;
import io.tuli.Verbs;
import io.tuli.call.Outgoing;
import io.tuli.call.Wish;
import io.tuli.log.Stored;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * A network that splits and heals (A2, A3): both sides go on, and what they wrote comes together.
 * Writes of different values all survive, increments add up, all copies end up equal.
 */
class SplitTest {

    private static final long FIRST_SEED = Long.getLong("tuli.seed", 1);
    private static final int SEEDS = Integer.getInteger("tuli.seeds", 100);

    @Test
    void nothingWithoutConflictIsLost() {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
            run(seed);
        }
    }

    private static void run(long seed) {
        SplittableRandom random = new SplittableRandom(seed * 13);
        SimCluster cluster = new SimCluster(seed, 1 + random.nextInt(3));
        for (int i = 2 + random.nextInt(4); i > 0; i--) {
            cluster.server();
        }
        cluster.client();
        cluster.client();
        cluster.run(1_000);
        List<SimMember> members = cluster.members();
        List<Write> writes = new ArrayList<>();
        for (int split = 0; split < 2; split++) {
            int cutAt = 1 + random.nextInt(members.size() - 1);
            cluster.split(members.subList(0, cutAt), 6_000 + random.nextInt(10_000));
            for (int i = 0; i < 150; i++) {
                writes.add(
                        write(cluster, members.get(random.nextInt(members.size())), writes.size()));
                cluster.run(random.nextInt(250));
            }
            cluster.heal();
            cluster.run(10_000);
        }
        cluster.run(30_000);
        assertThat(cluster.divergence()).as("seed %s", seed).isNull();
        assertKept(cluster, writes, seed);
    }

    private static void assertKept(SimCluster cluster, List<Write> writes, long seed) {
        SimMember any = cluster.members().get(0);
        long acknowledged = 0;
        long unknown = 0;
        for (Write write : writes) {
            assertThat(write.outcome).as("seed %s: has ended: %s", seed, write).isNotNull();
            if (write.isIncrement()) {
                acknowledged += write.outcome == Outcome.OK ? 1 : 0;
                unknown += write.outcome == Outcome.UNKNOWN ? 1 : 0;
            } else if (write.outcome == Outcome.OK) {
                Stored stored = any.state(write.partition()).get(write.wish().key().top());
                assertThat(stored).as("seed %s: is kept: %s", seed, write).isNotNull();
            }
        }
        Stored counter = any.state(cluster.spec().partitionOf("counter")).get("counter");
        long sum = counter == null ? 0 : Long.parseLong(counter.document().toString());
        assertThat(sum)
                .as("seed %s: the sum of all increments", seed)
                .isBetween(acknowledged, acknowledged + unknown);
    }

    private static Write write(SimCluster cluster, SimMember from, int number) {
        boolean isIncrement = number % 3 == 0;
        Key key = Key.of(isIncrement ? "counter" : "k" + number);
        Wish wish =
                new Wish(
                        cluster.spec().number(),
                        null,
                        new RequestId(from.id().incarnation(), number + 1),
                        true,
                        cluster.timeline().nowNanos() + 20_000_000_000L,
                        Commit.safe(),
                        isIncrement ? Verbs.INCREMENT : Verbs.UPDATE,
                        key,
                        Payload.json("1"),
                        new TreeMap<>());
        Write write = new Write(wish);
        write.partition(cluster.spec().partitionOf(key.top()));
        from.start(write);
        return write;
    }

    private static final class Write extends Outgoing {
        private @Nullable Outcome outcome;

        Write(Wish wish) {
            super(wish);
        }

        boolean isIncrement() {
            return wish().verb().equals(Verbs.INCREMENT);
        }

        @Override
        protected void onAccepted() {}

        @Override
        protected void onCommitted(Receipt receipt) {}

        @Override
        protected void onReply(Payload body) {
            outcome = Outcome.OK;
        }

        @Override
        protected void onStream() {}

        @Override
        protected void onItem(long index, Payload body) {}

        @Override
        protected boolean isStreamWanted() {
            return false;
        }

        @Override
        protected void onEnd() {}

        @Override
        protected void onFailed(Outcome how, Failure failure, String detail) {
            outcome = how;
        }
    }
}
