package io.tuli.member;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.protocol.ServiceSpec;
import io.tuli.replica.Replica;
import org.junit.jupiter.api.Test;

/** Which partitions hear of the time, and when. */
class ServicePartitionsTest {

    // The clock of Java may be anywhere; no constant, whose overflow the compiler refuses.
    private static final long NOW = Long.valueOf(Long.MAX_VALUE - 5);

    private final ServicePartitions partitions =
            new ServicePartitions(spec(), new Replica[] {null, null});

    private static ServiceSpec spec() {
        int number = ServiceSpec.numberOf("things");
        return new ServiceSpec(number, "things", 2, true, key -> key);
    }

    @Test
    void aNewOneIsDueAtOnce() {
        assertThat(partitions.isDue(0, NOW)).isTrue();
    }

    @Test
    void oneThatRestsIsNotDueBeforeItsTime() {
        partitions.rest(0, NOW, 10);

        assertThat(partitions.isDue(0, NOW + 9)).isFalse();
        assertThat(partitions.isDue(0, NOW + 10)).isTrue();
        assertThat(partitions.isDue(1, NOW)).isTrue();
    }

    @Test
    void oneThatWantsEveryTickIsDueAtEach() {
        partitions.rest(0, NOW, 0);

        assertThat(partitions.isDue(0, NOW)).isTrue();
    }

    @Test
    void oneThatIsToldNothingForEverIsLookedAtNowAndThen() {
        partitions.rest(0, NOW, Long.MAX_VALUE);

        assertThat(partitions.isDue(0, NOW + 1)).isFalse();
        assertThat(partitions.isDue(0, NOW + 4_000_000_000_000L)).isTrue();
    }

    @Test
    void whatHappensToItWakesIt() {
        partitions.rest(0, NOW, Long.MAX_VALUE);
        partitions.wake(0);

        assertThat(partitions.isDue(0, NOW + 1)).isTrue();
    }
}
