package io.tuli.transport;

import static io.tuli.transport.TestMember.DEADLINE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.PooledByteBufAllocator;
import io.tuli.LinkStatus;
import io.tuli.Payload;
import io.tuli.protocol.Frame;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** O2 and U5: a peer that does not read costs a bounded outbox, then its link. */
@Tag("U5")
class BackPressureTest {
    private static final int OUTBOX_BYTES = 16 * 1024 * 1024;
    private static final Frame ITEM = new Frame.Item(1, 0, Payload.opaque(new byte[100_000]));

    @Test
    void whoWaitsForWritabilityNeverFillsTheOutboxMuchBeyondItsLimit() throws IOException {
        try (TestMember server = TestMember.server("server", c -> c.times(TestMember.QUICK));
                RawPeer raw = RawPeer.narrow(server.member(), 4_096)) {
            raw.handshake("test");
            await().atMost(DEADLINE).until(() -> server.ups.size() == 1);
            Link link = server.ups.get(0);

            fill(server, link);

            assertThat(link.pendingBytes()).isLessThan(OUTBOX_BYTES + 1024 * 1024);
            assertThat(PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory())
                    .isLessThan(4 * OUTBOX_BYTES);
            assertThat(server.writabilities).contains(false);
        }
    }

    @Test
    void whoTakesNothingIsPutOut() throws IOException {
        LinkTimes patientEar =
                new LinkTimes(
                        Duration.ofMillis(100),
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1));
        try (TestMember server = TestMember.server("server", c -> c.times(patientEar));
                RawPeer raw = RawPeer.narrow(server.member(), 4_096)) {
            raw.handshake("test");
            await().atMost(DEADLINE).until(() -> server.ups.size() == 1);
            Link link = server.ups.get(0);

            while (link.isWritable()) {
                link.send(ITEM);
            }

            await().atMost(DEADLINE).until(() -> server.downs.size() == 1);
            assertThat(server.downs).containsExactly("slow consumer: the other side takes nothing");
            assertThat(link.pendingBytes()).isZero();
        }
    }

    @Test
    void whoSendsRegardlessLosesTheLinkAtTwiceTheLimit() throws IOException {
        try (TestMember server = TestMember.server("server");
                RawPeer raw = RawPeer.narrow(server.member(), 4_096)) {
            raw.handshake("test");
            await().atMost(DEADLINE).until(() -> server.ups.size() == 1);
            Link link = server.ups.get(0);

            int sent = 0;
            while (!link.isClosed() && sent < 2_000) {
                link.send(ITEM);
                sent++;
            }

            await().atMost(DEADLINE).until(() -> server.downs.size() == 1);
            assertThat(server.downs)
                    .containsExactly("slow consumer: the outbox is over twice its limit");
        }
    }

    @Test
    void aPeerThatReadsAgainGetsEverything() {
        try (TestMember server = TestMember.server("server");
                TestMember client = TestMember.client("client")) {
            client.forgetsFrames();
            client.linkTo(server).pauseReading();
            Link link = server.link(client);
            int sent = fill(server, link);

            client.link(server).resumeReading();

            client.awaitFrames(sent);
            await().atMost(DEADLINE).until(link::isWritable);
            await().atMost(DEADLINE).until(() -> isLast(server.statuses, LinkStatus.CLIENT));
            assertThat(isLast(server.writabilities, true)).isTrue();
            assertThat(server.downs).isEmpty();
        }
    }

    private static boolean isLast(List<?> list, Object element) {
        return !list.isEmpty() && list.get(list.size() - 1).equals(element);
    }

    /** Sends, as a polite sender does, until the socket takes nothing more. */
    private static int fill(TestMember sender, Link link) {
        AtomicInteger sent = new AtomicInteger();
        await().atMost(DEADLINE)
                .pollInterval(Duration.ofMillis(10))
                .until(
                        () -> {
                            while (link.isWritable()) {
                                link.send(ITEM);
                                sent.incrementAndGet();
                            }
                            return isLast(sender.statuses, LinkStatus.THROTTLED);
                        });
        return sent.get();
    }
}
