package io.tuli.transport;

import static io.tuli.transport.TestMember.DEADLINE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.tuli.Limits;
import io.tuli.protocol.Frame;
import io.tuli.wire.FrameEncoder;
import io.tuli.wire.WireLimits;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PulseTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Outbox outbox =
            new Outbox(channel, new FrameEncoder(WireLimits.of(Limits.defaults())));
    private final Pulse pulse = new Pulse(LinkTimes.defaults(), 0);

    @AfterEach
    void release() {
        outbox.release();
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            out.release();
        }
        channel.finishAndReleaseAll();
    }

    @Test
    void saysThatItIsAliveAfterTwoQuietSeconds() {
        assertThat(pulse.beat(SECOND, outbox, true)).isEqualTo(Pulse.Beat.NOTHING);
        assertThat(pulse.beat(2 * SECOND, outbox, true)).isEqualTo(Pulse.Beat.SAY_ALIVE);
    }

    @Test
    void whoWritesNeedNotSaySo() {
        outbox.add(new Frame.Cancel(1));
        outbox.flush();

        assertThat(pulse.beat(2 * SECOND, outbox, true)).isEqualTo(Pulse.Beat.NOTHING);
    }

    @Test
    void aPeerNotHeardForSixSecondsIsGone() {
        for (int second = 1; second <= 6; second++) {
            assertThat(pulse.beat(second * SECOND, outbox, true)).isNotEqualTo(Pulse.Beat.SILENT);
        }
        assertThat(pulse.beat(6 * SECOND + 1, outbox, true)).isEqualTo(Pulse.Beat.SILENT);
    }

    @Test
    void aPeerThatIsNotListenedToIsNotMissed() {
        for (int second = 1; second <= 60; second++) {
            assertThat(pulse.beat(second * SECOND, outbox, false)).isNotEqualTo(Pulse.Beat.SILENT);
        }
    }

    @Test
    void whoWasAwayLooksBeforeItJudges() {
        assertThat(pulse.beat(30 * SECOND, outbox, true)).isNotEqualTo(Pulse.Beat.SILENT);
    }

    @Test
    void aStoppedPeerIsNoticed() throws IOException {
        try (TestMember server = TestMember.server("server", c -> c.times(TestMember.QUICK));
                RawPeer stopped = RawPeer.connect(server.member())) {
            stopped.handshake("test");

            assertThat(stopped.isClosedByPeer()).isTrue();
            await().atMost(DEADLINE).until(() -> server.downs.size() == 1);
            assertThat(server.downs).containsExactly("the other side was silent for too long");
        }
    }

    @Test
    void anIdleLinkStays() {
        try (TestMember server = TestMember.server("server", c -> c.times(TestMember.QUICK));
                TestMember client = TestMember.client("c", c -> c.times(TestMember.QUICK))) {
            client.linkTo(server);

            await().during(TestMember.QUICK.silence().multipliedBy(2))
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> server.downs.isEmpty() && client.downs.isEmpty());
        }
    }
}
