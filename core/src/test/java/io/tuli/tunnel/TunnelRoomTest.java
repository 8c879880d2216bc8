package io.tuli.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How many tunnels a member has at once. */
class TunnelRoomTest {

    private static final int KIB = 1024;
    private static final long MIB = 1024 * KIB;

    @Test
    @Tag("PT-64")
    void thousandAndTwentyFourHaveRoomAndOneMoreHasNone() {
        TunnelRoom room = new TunnelRoom(1_024, 256 * KIB, 64 * MIB);
        ArrayDeque<Integer> windows = new ArrayDeque<>();
        for (int i = 0; i < 1_024; i++) {
            windows.add(room.enter());
        }

        assertThat(windows.getFirst()).isEqualTo(256 * KIB);
        assertThat(windows).allMatch(window -> window >= TunnelEnd.WINDOW_LEAST);
        assertThat(room.enter()).isZero();
        assertThat(room.rule()).contains("tunnel.max=1024 ");
        assertThat(room.usedBytes()).isLessThanOrEqualTo(64 * MIB);

        windows.forEach(room::left);
        assertThat(room.count()).isZero();
        assertThat(room.usedBytes()).isZero();
        assertThat(room.enter()).isEqualTo(256 * KIB);
    }

    @Test
    @Tag("PT-64")
    void windowsTogetherAreNeverMoreThanTheyMayBe() {
        TunnelRoom room = new TunnelRoom(1_000, 256 * KIB, 100 * KIB);
        int count = 0;
        while (room.enter() > 0) {
            count++;
        }

        assertThat(count).isEqualTo(6);
        assertThat(room.usedBytes()).isLessThanOrEqualTo(100 * KIB);
    }

    @Test
    void whereNoneAreWantedThereAreNone() {
        assertThat(new TunnelRoom(0, 16 * KIB, MIB).enter()).isZero();
        assertThat(new TunnelRoom(5, 16 * KIB, 0).enter()).isZero();
    }
}
