package io.tuli.transport;

import static io.tuli.transport.TestMember.DEADLINE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.PoolArenaMetric;
import io.netty.buffer.PooledByteBufAllocator;
import io.tuli.Payload;
import io.tuli.protocol.Frame;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("FE-24")
class CloseTest {

    @Test
    void noThreadAndNoSocketRemains() throws IOException {
        TestMember server = TestMember.server("closing-server");
        TestMember client = TestMember.client("closing-client");
        client.linkTo(server);
        RawPeer stranger = RawPeer.connect(server.member());
        client.transport.connect(TestMember.at(stranger.self(), 1)); // nobody is there

        client.close();
        server.close();

        assertThat(stranger.isClosedByPeer()).isTrue();
        stranger.close();
        await().atMost(DEADLINE).until(() -> threadsOf("tuli-closing-").isEmpty());
        new ServerSocket(server.member().port()).close();
        assertThat(server.downs).hasSize(1);
        assertThat(client.downs).containsExactly("this member is closing");
    }

    private static List<String> threadsOf(String prefix) {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith(prefix))
                .toList();
    }

    @Test
    void whatWasSentBeforeCloseArrives() {
        try (TestMember server = TestMember.server("server")) {
            TestMember client = TestMember.client("client");
            Link link = client.linkTo(server);
            for (int i = 0; i < 5_000; i++) {
                link.send(new Frame.Cancel(i));
            }

            client.close();

            server.awaitFrames(5_000);
            await().atMost(DEADLINE).until(() -> server.downs.size() == 1);
        }
    }

    @Test
    void closesInTimeThoughAPeerReadsNothing() throws IOException {
        TestMember server = TestMember.server("server");
        try (RawPeer raw = RawPeer.narrow(server.member(), 4_096)) {
            raw.handshake("test");
            await().atMost(DEADLINE).until(() -> server.ups.size() == 1);
            Link link = server.ups.get(0);
            Frame item = new Frame.Item(1, 0, Payload.opaque(new byte[100_000]));
            while (link.isWritable()) {
                link.send(item);
            }
            long start = System.nanoTime();

            server.close();

            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isLessThan(Duration.ofSeconds(4));
            assertThat(server.downs).hasSize(1);
        }
    }

    @Test
    void noBufferRemains() {
        long before = liveBuffers();
        Frame item = new Frame.Item(1, 0, Payload.opaque(new byte[100_000]));
        TestMember server = TestMember.server("server");
        TestMember client = TestMember.client("client");
        server.answers((from, frame) -> from.send(frame));
        Link link = client.linkTo(server);
        for (int i = 0; i < 50; i++) {
            link.send(item);
            link.send(new Frame.Cancel(i));
        }
        client.awaitFrames(10);

        client.close();
        server.close();

        await().atMost(DEADLINE).untilAsserted(() -> assertThat(liveBuffers()).isEqualTo(before));
    }

    private static long liveBuffers() {
        return PooledByteBufAllocator.DEFAULT.metric().directArenas().stream()
                .mapToLong(PoolArenaMetric::numActiveAllocations)
                .sum();
    }

    @Test
    void aLoopDoesNotWaitForItsOwnEnd() {
        try (TestMember server = TestMember.server("server")) {
            assertThatThrownBy(() -> server.transport.loop(0).submit(server::close).get())
                    .isInstanceOf(ExecutionException.class)
                    .hasMessageContaining("a loop cannot wait for its own end");
        }
    }

    @Test
    void closingTwiceIsClosingOnce() {
        TestMember server = TestMember.server("server");

        server.close();
        server.close();

        assertThat(server.transport.loop(0).isTerminated()).isTrue();
    }
}
