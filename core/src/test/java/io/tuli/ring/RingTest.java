package io.tuli.ring;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.MemberId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Properties of the ring over random sets of servers; {@code -Dtuli.seed} repeats a run. */
class RingTest {

    private static final int PARTITIONS = 256;
    private static final int SETS = 100;

    private final long seed = Long.getLong("tuli.seed", 42);
    private final Random random = new Random(seed);

    @BeforeEach
    void printSeed() {
        System.out.println("RingTest -Dtuli.seed=" + seed);
    }

    @Test
    void theOrderOfTheServersDoesNotMatter() {
        List<MemberId> servers = servers(7);
        Ring ring = ring(servers);

        for (int i = 0; i < 20; i++) {
            Collections.shuffle(servers, random);
            Ring shuffled = ring(servers);

            assertThat(shuffled.movedFrom(ring)).isZero();
            assertThat(shuffled.hash()).isEqualTo(ring.hash());
        }
    }

    @Test
    void aRestartOfAServerMovesOnlyItsOwnPartitions() {
        List<MemberId> servers = servers(5);
        Ring before = ring(servers);
        MemberId old = servers.removeLast();
        MemberId again = new MemberId(old.node(), random.nextLong());
        servers.add(again);

        Ring after = ring(servers);

        assertThat(after.movedFrom(before)).isEqualTo(before.shareOf(old));
        assertThat(after.shareOf(again)).isEqualTo(before.shareOf(old));
        assertThat(after.hash()).isNotEqualTo(before.hash());
    }

    @Test
    void sharesDifferByAtMostAFewPercent() {
        for (int count = 1; count <= 64; count++) {
            for (int set = 0; set < 20; set++) {
                List<MemberId> servers = servers(count);
                Ring ring = ring(servers);
                double even = (double) PARTITIONS / count;

                for (MemberId server : servers) {
                    double most = Math.ceil(even) + Assignment.SLACK * even;
                    double least = Math.floor(even) - Assignment.SLACK * even;
                    assertThat((double) ring.shareOf(server))
                            .as("share of one of %d", count)
                            .isBetween(least, most);
                }
            }
        }
    }

    @Test
    @Tag("FE-20")
    void oneServerMoreOrLessMovesLittleMoreThanItsOwnShare() {
        System.out.println("servers  ideal %  moved %  between others: mean %  worst %");
        for (int count = 2; count <= 10; count++) {
            Moves moves = movesOf(count, PARTITIONS, SETS);
            System.out.printf(
                    "%3d>%-3d  %7.2f  %7.2f  %21.2f  %7.2f%n",
                    count, count + 1, 100.0 / (count + 1), moves.all, moves.others, moves.worst);

            assertThat(moves.all).isLessThan(100.0 / (count + 1) + 2.5);
            assertThat(moves.worst).isLessThan(8);
        }
    }

    @Test
    void morePartitionsMoveRelativelyLess() {
        Moves few = movesOf(4, 256, 10);
        Moves many = movesOf(4, 4_096, 10);

        assertThat(many.others).isLessThan(few.others);
    }

    @Test
    void aPartitionNobodyServesHasNoOwner() {
        assertThat(Ring.EMPTY.ownerOf(0)).isNull();
        assertThat(Ring.of(16, List.of(), servers(1)).ownerOf(15)).isNull();
    }

    @Test
    void moreServersThanPartitionsLeaveSomeWithout() {
        List<MemberId> servers = servers(64);
        Ring ring = Ring.of(16, servers, List.of());

        assertThat(servers).allMatch(server -> ring.shareOf(server) <= 1);
        assertThat(servers.stream().mapToInt(ring::shareOf).sum()).isEqualTo(16);
    }

    @Test
    void whoIsLeavingOwnsNothingAndChangesTheHash() {
        List<MemberId> servers = servers(4);
        List<MemberId> staying = servers.subList(0, 3);

        Ring ring = Ring.of(PARTITIONS, staying, servers.subList(2, 4));

        assertThat(ring.leaving()).containsExactly(servers.get(3));
        assertThat(ring.shareOf(servers.get(3))).isZero();
        assertThat(ring.movedFrom(ring(staying))).isZero();
        assertThat(ring.hash()).isNotEqualTo(ring(staying).hash());
    }

    @Test
    void oneNodeInTwoLivesSharesTwice() {
        MemberId first = new MemberId(7, 1);
        MemberId second = new MemberId(7, 2);

        Ring ring = ring(List.of(first, second));

        assertThat(ring.shareOf(first)).isBetween(120, 136);
    }

    @Test
    void everyOrderOfPartitionsIsComplete() {
        for (int partitions : new int[] {1, 2, 3, 5, 16, 100, 256, 1_000, 4_096}) {
            long key = random.nextLong();

            assertThat(
                            IntStream.range(0, partitions)
                                    .map(p -> Preferences.rank(p, partitions, key))
                                    .sorted())
                    .containsExactly(
                            IntStream.range(0, partitions).boxed().toArray(Integer[]::new));
        }
    }

    @Test
    void theLargestRingTakesMilliseconds() {
        long best = Long.MAX_VALUE;
        for (int i = 0; i < 40; i++) {
            List<MemberId> servers = servers(64);
            long start = System.nanoTime();
            Ring ring = Ring.of(4_096, servers, List.of());
            best = Math.min(best, System.nanoTime() - start);
            assertThat(ring.shareOf(servers.getFirst())).isPositive();
        }

        System.out.printf("4096 partitions, 64 servers: %.1f ms%n", best / 1e6);
        assertThat(best).isLessThan(100_000_000);
    }

    /** In percent of all partitions. */
    private record Moves(double all, double others, double worst) {}

    private Moves movesOf(int count, int partitions, int sets) {
        long all = 0;
        long others = 0;
        int worst = 0;
        for (int set = 0; set < sets; set++) {
            List<MemberId> more = servers(count + 1);
            Ring large = Ring.of(partitions, more, List.of());
            for (MemberId one : more) {
                List<MemberId> less = new ArrayList<>(more);
                less.remove(one);
                int moved = Ring.of(partitions, less, List.of()).movedFrom(large);
                all += moved;
                others += moved - large.shareOf(one);
                worst = Math.max(worst, moved - large.shareOf(one));
            }
        }
        double cases = sets * (count + 1) * partitions / 100.0;
        return new Moves(all / cases, others / cases, worst * 100.0 / partitions);
    }

    private static Ring ring(List<MemberId> servers) {
        return Ring.of(PARTITIONS, servers, List.of());
    }

    private List<MemberId> servers(int count) {
        List<MemberId> servers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            servers.add(new MemberId(random.nextLong(), random.nextLong()));
        }
        return servers;
    }
}
