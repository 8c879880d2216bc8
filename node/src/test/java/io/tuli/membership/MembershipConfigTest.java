package io.tuli.membership;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuli.agreement.Announcement;
import io.tuli.agreement.Offer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class MembershipConfigTest {

    @Test
    void aMeshNameThatCannotBeIsRefused() {
        for (String name : List.of("", "a b", "ü", "x".repeat(101))) {
            assertThatThrownBy(() -> MembershipConfig.of(name)).hasMessageContaining("mesh name");
        }
    }

    @Test
    void timingsThatCannotBeAreRefused() {
        MembershipTimings timings = MembershipTimings.defaults();
        Duration second = Duration.ofSeconds(1);

        assertThatThrownBy(() -> timings.suspecting(second, second, second))
                .hasMessageContaining("2 x heartbeat");
        assertThatThrownBy(() -> timings.merging(second, second)).hasMessageContaining("merge.max");
        assertThatThrownBy(() -> timings.announcing(Duration.ZERO, second))
                .hasMessageContaining("repeat must be at least 1 ms");
    }

    @Test
    void offersAndAnnouncementsAreBounded() {
        assertThatThrownBy(() -> new Offer("", 1, true, false, "")).hasMessageContaining("{1,100}");
        assertThatThrownBy(() -> new Offer("s", 4_097, true, false, ""))
                .hasMessageContaining("0..4096");
        assertThatThrownBy(() -> new Offer("s", 1, true, false, "d".repeat(65)))
                .hasMessageContaining("64 bytes");
        Offer offer = new Offer("s", 1, true, false, "");
        assertThatThrownBy(() -> new Announcement(1, List.of(offer, offer)))
                .hasMessageContaining("one offer per service");
    }
}
