package io.tuli.lifetime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("PT-73")
class ExpiryWheelTest {

    private static final long BEGIN = 1_600_000_000_000L;
    private static final long SLOT = 128;

    @Test
    void eachIsLookedAtSoonAfterItsTimeAndSeldomBefore() {
        for (int seed = 0; seed < 20; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            ExpiryWheel wheel = new ExpiryWheel(17 * seed, BEGIN);
            Map<Integer, Long> untils = new HashMap<>();
            for (int hash = 0; hash < 500; hash++) {
                long until = BEGIN + random.nextLong(1L << (8 + random.nextInt(21)));
                untils.put(hash, until);
                wheel.add(hash, until);
            }
            long looks = 0;
            long now = BEGIN;
            while (!untils.isEmpty()) {
                now += Math.max(SLOT, wheel.restMillis(3_600_000));
                wheel.advance(now);
                while (wheel.hasNext()) {
                    int hash = wheel.next();
                    looks++;
                    long until = untils.getOrDefault(hash, Long.MAX_VALUE);
                    if (until > now) {
                        wheel.add(hash, until);
                    } else {
                        assertThat(now - until).as("seed %d", seed).isLessThanOrEqualTo(2 * SLOT);
                        untils.remove(hash);
                    }
                }
            }
            assertThat(looks).as("seed %d", seed).isLessThanOrEqualTo(500 * 6);
            assertThat(wheel.size()).isZero();
        }
    }

    @Test
    void afterALeapOrAClockThatWentBackAllIsLookedAt() {
        ExpiryWheel wheel = new ExpiryWheel(0, BEGIN);
        wheel.add(1, BEGIN + 1_000_000);
        wheel.add(2, BEGIN + 1_000);

        wheel.advance(BEGIN - 300_000);

        assertThat(wheel.hasNext()).isTrue();
        assertThat(wheel.next() + wheel.next()).isEqualTo(3);
        assertThat(wheel.hasNext()).isFalse();
        wheel.add(1, BEGIN + 1_000_000);
        wheel.advance(BEGIN + (1L << 50));
        assertThat(wheel.next()).isEqualTo(1);
    }

    @Test
    void oneThatIsThereOftenInASlotIsLookedAtOnce() {
        ExpiryWheel wheel = new ExpiryWheel(3, BEGIN);
        for (int i = 0; i < 100_000; i++) {
            wheel.add(7, BEGIN + 5_000);
        }
        assertThat(wheel.size()).isEqualTo(100_000);

        wheel.advance(BEGIN + 6_000);

        assertThat(wheel.next()).isEqualTo(7);
        assertThat(wheel.hasNext()).isFalse();
        assertThat(wheel.size()).isZero();
    }
}
