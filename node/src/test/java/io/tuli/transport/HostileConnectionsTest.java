package io.tuli.transport;

import static io.tuli.transport.TestMember.DEADLINE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tuli.Limits;
import io.tuli.handshake.Greeting;
import io.tuli.handshake.Refusal;
import io.tuli.handshake.Strangers;
import io.tuli.protocol.Frame;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * B1, B2, B3, B5, B6, B7: noise costs its own connection, one line in the log, and nothing else.
 */
@Tag("U6")
class HostileConnectionsTest {
    private static final Duration HANDSHAKE = Duration.ofSeconds(1);

    private TestMember server;
    private TestMember witness;

    @BeforeEach
    void start() {
        server = TestMember.server("server", config -> config.limits(impatient()));
        witness = TestMember.client("witness");
        witness.linkTo(server);
    }

    private static Limits impatient() {
        return Limits.builder().handshakeTime(HANDSHAKE).build();
    }

    @AfterEach
    void theWitnessHasSeenNothing() {
        witness.link(server).send(new Frame.Cancel(7));
        server.awaitFrames(1);
        assertThat(server.received).containsExactly(new Frame.Cancel(7));
        assertThat(witness.downs).isEmpty();
        witness.close();
        server.close();
    }

    @Test
    void randomBytesAreClosed() throws IOException {
        long seed = Long.getLong("tuli.seed", System.nanoTime());
        SplittableRandom random = new SplittableRandom(seed);
        int connections = 200;
        for (int i = 0; i < connections; i++) {
            byte[] noise = new byte[1 + random.nextInt(2_000)];
            random.nextBytes(noise);
            noise[0] |= (byte) 0x80; // not even by chance the first byte of a member
            try (RawPeer raw = RawPeer.connect(server.member())) {
                raw.send(noise);
                assertThat(raw.isClosedByPeer()).as("-Dtuli.seed=%d", seed).isTrue();
            }
        }
        assertThat(server.refused(Refusal.NOT_TULI)).isEqualTo(connections);
        assertThat(server.transport.refusals().lines()).isEqualTo(1);
        assertThat(server.refusals).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n\r\n",
                "*1\r\n$4\r\nPING\r\n",
                "TULL",
                "TULI\u0000\u0003\u0000 ", // a valid message that is not due
                "TULI\u0000\u0000\u0000\u0000", // a HELLO of no size
                "TULI\u0000\u0000\u007f\u007f", // and of a large one
            })
    void otherProtocolsAreClosed(String first) throws IOException {
        try (RawPeer raw = RawPeer.connect(server.member())) {
            raw.send(first.getBytes(StandardCharsets.ISO_8859_1));

            assertThat(raw.isClosedByPeer()).isTrue();
            assertThat(server.refused(Refusal.NOT_TULI)).isEqualTo(1);
        }
    }

    @Test
    void whoEncryptsIsToldInClearThatThisMeshDoesNot() throws IOException {
        try (RawPeer raw = RawPeer.connect(server.member())) {
            raw.send("\u0016\u0003\u0001\u0002\u0000\u0001".getBytes(StandardCharsets.ISO_8859_1));

            assertThat(raw.refusal().refusal()).isEqualTo(Refusal.SECRET);
            assertThat(raw.isClosedByPeer()).isTrue();
            assertThat(server.refused(Refusal.SECRET)).isEqualTo(1);
        }
    }

    @Test
    void whoSaysNothingOrTooLittleIsClosedInTime() throws IOException {
        try (RawPeer silent = RawPeer.connect(server.member());
                RawPeer slow = RawPeer.connect(server.member())) {
            slow.send("TUL".getBytes(StandardCharsets.US_ASCII));

            assertThat(silent.isClosedByPeer()).isTrue();
            assertThat(slow.isClosedByPeer()).isTrue();
            assertThat(server.refused(Refusal.TOO_SLOW)).isEqualTo(2);
        }
    }

    @Test
    void whoComesInNumbersMakesItsOwnOldestGo() throws IOException {
        List<RawPeer> crowd = new ArrayList<>();
        for (int i = 0; i < Strangers.TOTAL_MAX + 10; i++) {
            crowd.add(RawPeer.connect(server.member()));
        }
        try (TestMember late = TestMember.client("late")) {
            late.linkTo(server);
        }
        await().atMost(DEADLINE).until(() -> server.refused(Refusal.TOO_MANY) >= 10);
        for (RawPeer raw : crowd) {
            assertThat(raw.isClosedByPeer()).isTrue();
            raw.close();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MAX_VALUE, 8 * 1024 * 1024})
    void aLengthOutsideTheLimitsClosesTheLink(int length) throws IOException {
        refusedAfterHandshake(Unpooled.buffer().writeInt(length).writeByte(1));
    }

    @Test
    void anUnknownTypeClosesTheLink() throws IOException {
        refusedAfterHandshake(Unpooled.buffer().writeInt(1).writeByte(99));
    }

    @Test
    void aSecondHandshakeClosesTheLink() throws IOException {
        refusedAfterHandshake(Greeting.PROOF.begin().writeZero(Greeting.PROOF_BYTES));
    }

    private void refusedAfterHandshake(ByteBuf bytes) throws IOException {
        try (RawPeer raw = RawPeer.connect(server.member())) {
            raw.handshake("test");
            raw.send(bytes);

            assertThat(raw.isClosedByPeer()).isTrue();
            await().atMost(DEADLINE).until(() -> server.downs.size() == 1);
            assertThat(server.refused(Refusal.BAD_FRAME)).isEqualTo(1);
        }
    }

    @Test
    void aFrameThatStopsInTheMiddleIsNeverSeen() throws IOException {
        try (RawPeer raw = RawPeer.connect(server.member())) {
            raw.handshake("test");
            raw.send(Unpooled.buffer().writeInt(1000).writeByte(3).writeByte(1));
        }
        await().atMost(DEADLINE).until(() -> server.downs.size() == 1);
    }

    @Test
    void framesRightBehindTheHandshakeAreNotLost() throws IOException {
        try (TestMember other = TestMember.server("other");
                RawPeer raw = RawPeer.connect(other.member())) {
            raw.handshake("test");
            raw.send(new Frame.Cancel(1));

            other.awaitFrames(1);
            assertThat(other.received).containsExactly(new Frame.Cancel(1));
        }
    }
}
