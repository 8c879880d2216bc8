package io.tuli.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.MemberId;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What one caller takes leaves room for the next, and what is given back is there again. */
class SharesTest {

    private static final int MOST = 4_096;

    private final Shares shares = new Shares();

    private static MemberId caller(int number) {
        return new MemberId(number, 1);
    }

    private long takeAll(MemberId caller) {
        long taken = 0;
        while (shares.hasPlace(caller, MOST)) {
            shares.take(caller, 1);
            taken++;
        }
        return taken;
    }

    @Test
    void whoIsGreedyLeavesANinthToTheNextWhoLeavesANinthOfThat() {
        assertThat(takeAll(caller(0))).isEqualTo(MOST * 8 / 9 + 1);
        assertThat(takeAll(caller(1))).isEqualTo(405);
        assertThat(takeAll(caller(2))).isEqualTo(45);
        assertThat(takeAll(caller(3))).isEqualTo(5);
        assertThat(shares.sum()).isEqualTo(MOST);
    }

    @Test
    void aLimitOfFewPlacesIsForWhoeverComes() {
        for (int i = 0; i < 5; i++) {
            assertThat(shares.hasPlace(null, 5)).isTrue();
            shares.take(null, 1);
        }
        assertThat(shares.hasPlace(caller(1), 5)).isFalse();
        assertThat(shares.hasPlace(caller(1), 0)).isFalse();
    }

    @Test
    void whatIsTakenAndGivenBackIsCountedForEach() {
        long seed = Long.getLong("tuli.seed", System.nanoTime());
        SplittableRandom random = new SplittableRandom(seed);
        Map<Integer, Long> expected = new HashMap<>();
        for (int round = 0; round < 50_000; round++) {
            int number = random.nextInt(600);
            long has = expected.getOrDefault(number, 0L);
            if (has == 0 || random.nextBoolean()) {
                shares.take(caller(number), 1);
                expected.put(number, has + 1);
            } else {
                shares.give(caller(number), 1);
                expected.put(number, has - 1);
            }
        }
        expected.forEach(
                (number, has) ->
                        assertThat(shares.of(caller(number)))
                                .as("-Dtuli.seed=%d", seed)
                                .isEqualTo(has));
        assertThat(shares.sum())
                .isEqualTo(expected.values().stream().mapToLong(each -> each).sum());
    }
}
