package io.tuli.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.handshake.Refusal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StrayedTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Strayed strayed = new Strayed();
    private final InetSocketAddress one = at(1);

    private static InetSocketAddress at(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    @Test
    void whoHasAnotherSecretIsLeftOutForAMinute() {
        strayed.failed(one, Refusal.SECRET, 0);

        assertThat(strayed.isLeftOut(one, 59 * SECOND)).isTrue();
        assertThat(strayed.hasRefused(one, 59 * SECOND)).isTrue();
        assertThat(strayed.isLeftOut(one, 60 * SECOND)).isFalse();
        assertThat(strayed.hasMetStrangers()).isTrue();
    }

    @Test
    void whoIsNotThereIsLeftOutForAMomentAndMayBeDialedAgain() {
        strayed.failed(one, null, 0);
        strayed.failed(at(2), Refusal.NOT_TULI, 0);

        assertThat(strayed.isLeftOut(one, 4 * SECOND)).isTrue();
        assertThat(strayed.isLeftOut(at(2), 4 * SECOND)).isTrue();
        assertThat(strayed.hasRefused(one, 4 * SECOND)).isFalse();
        assertThat(strayed.isLeftOut(one, 5 * SECOND)).isFalse();
        assertThat(strayed.hasMetStrangers()).isFalse();
    }

    @Test
    void whoIsMetIsNoStrangerAnyMore() {
        strayed.failed(one, Refusal.SECRET, 0);
        strayed.met(one);

        assertThat(strayed.isLeftOut(one, 1)).isFalse();
    }

    @Test
    void theOldestAreForgotten() {
        for (int port = 1; port <= 2_000; port++) {
            strayed.failed(at(port), Refusal.SECRET, 0);
        }

        assertThat(strayed.isLeftOut(one, 1)).isFalse();
        assertThat(strayed.isLeftOut(at(2_000), 1)).isTrue();
    }
}
