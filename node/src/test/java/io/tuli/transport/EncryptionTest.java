package io.tuli.transport;

import static io.tuli.transport.TestMember.DEADLINE;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.tuli.Commit;
import io.tuli.Key;
import io.tuli.Limits;
import io.tuli.Member;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.handshake.Greeting;
import io.tuli.handshake.Refusal;
import io.tuli.handshake.Strangers;
import io.tuli.handshake.TlsSocket;
import io.tuli.protocol.Frame;
import io.tuli.secret.Secret;
import io.tuli.secret.SecretText;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** G4, G5: with a secret nothing is in clear, and who stands between changes nothing unseen. */
class EncryptionTest {

    private static final Secret SECRET = Secret.of(SecretText.generate(), "test");
    private static final Proxy.Meddler LISTENS = (bytes, length, at, isToServer) -> {};

    private final long seed = Long.getLong("tuli.seed", System.nanoTime());
    private TestMember server;
    private TestMember client;

    @BeforeEach
    void start() {
        server = TestMember.server("servername", EncryptionTest::secret);
        client = TestMember.client("clientname", EncryptionTest::secret);
    }

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    private static TransportConfig secret(TransportConfig config) {
        Limits quick = Limits.builder().handshakeTime(Duration.ofSeconds(1)).build();
        return config.secret(SECRET).sameHost(false).limits(quick);
    }

    @Test
    void whoListensSeesNoNameNoKeyAndNoValue() throws IOException {
        try (Proxy tap = new Proxy(server.member().port(), LISTENS)) {
            link(tap).send(request("keyname", "valuetext"));
            server.awaitFrames(1);

            String seen = new String(tap.seen(), StandardCharsets.ISO_8859_1);
            assertThat(seen.length()).isGreaterThan(1_000);
            assertThat(seen)
                    .doesNotContain(
                            "TULI",
                            "test",
                            "servername",
                            "clientname",
                            "127.0.0.1",
                            "keyname",
                            "valuetext");
        }
    }

    @Test
    void aLargeStreamArrivesAsItWasSent() {
        link(server.member().port());
        int count = 2_000;
        String value = "v".repeat(5_000);
        for (int i = 0; i < count; i++) {
            client.link(server).send(request("k" + i, value));
        }
        server.awaitFrames(count);
        Frame.Request last = (Frame.Request) server.received.getLast();
        assertThat(last).isEqualTo(request("k" + (count - 1), value));
    }

    @Test
    void aByteThatIsChangedOnItsWayEndsTheConnection() throws IOException {
        System.out.println("-Dtuli.seed=" + seed);
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 20; round++) {
            int at = random.nextInt(1_200);
            int bit = 1 << random.nextInt(8);
            boolean isOfServer = random.nextBoolean();
            AtomicBoolean isDone = new AtomicBoolean();
            Proxy.Meddler changes =
                    (bytes, length, before, isToServer) -> {
                        boolean isHere = at >= before && at < before + length;
                        if (isHere && isToServer != isOfServer && !isDone.getAndSet(true)) {
                            bytes[(int) (at - before)] ^= (byte) bit;
                        }
                    };
            String about = "-Dtuli.seed=" + seed + " round=" + round + " at=" + at + " bit=" + bit;
            try (TestMember other = TestMember.client("other", EncryptionTest::secret);
                    Proxy meddler = new Proxy(server.member().port(), changes)) {
                other.transport.connect(TestMember.at(server.member(), meddler.port()));
                // The first connection breaks, unchanged ones come after it.
                await(about).atMost(DEADLINE).until(() -> isDone.get() && other.hasLink(server));
                Frame sent = request("k" + round, "unharmed");
                other.link(server).send(sent);
                await(about).atMost(DEADLINE).until(() -> server.received.contains(sent));
            }
        }
        assertThat(server.received).hasSize(20);
    }

    /** One that has no secret ends the encryption of both sides, and hands over what is inside. */
    @Test
    void whoRelaysGetsNobodyIn() throws IOException {
        try (Relay relay = new Relay(server.member().port())) {
            client.transport.connect(TestMember.at(server.member(), relay.port()));

            await().atMost(DEADLINE).until(() -> server.refused(Refusal.SECRET) > 0);
            assertThat(server.ups).isEmpty();
            assertThat(client.ups).isEmpty();
        }
    }

    @Test
    void whoAnswersInClearIsHeardAboutNothingButARefusal() throws Exception {
        try (ServerSocket liar = new ServerSocket()) {
            liar.bind(TestMember.loopback(0));
            client.transport.connect(TestMember.at(server.member(), liar.getLocalPort()));
            try (Socket dialed = liar.accept()) {
                ByteBuf challenge = Greeting.CHALLENGE.begin().writeShort(2).writeZero(36);
                dialed.getOutputStream().write(ByteBufUtil.getBytes(challenge));
                byte[] all = dialed.getInputStream().readAllBytes();

                assertThat(new String(all, StandardCharsets.ISO_8859_1)).doesNotContain("TULI");
            }
            await().atMost(DEADLINE).until(() -> client.refused(Refusal.NOT_TULI) > 0);
        }
        assertThat(client.ups).isEmpty();
    }

    @Test
    void whoDoesNotEvenBeginIsClosedInTime() throws IOException {
        try (Socket silent = new Socket();
                Socket slow = new Socket()) {
            silent.connect(TestMember.loopback(server.member().port()));
            slow.connect(TestMember.loopback(server.member().port()));
            slow.getOutputStream().write(22); // the first byte of a record, and no second one
            silent.setSoTimeout((int) DEADLINE.toMillis());
            slow.setSoTimeout((int) DEADLINE.toMillis());

            // They hear that TLS ends, and no more.
            assertThat(silent.getInputStream().readAllBytes()).hasSizeLessThan(32);
            assertThat(slow.getInputStream().readAllBytes()).hasSizeLessThan(32);
        }
        await().atMost(DEADLINE).until(() -> server.refused(Refusal.TOO_SLOW) == 2);
    }

    @Test
    void otherProtocolsAreClosedForWhatTheyAre() throws IOException {
        try (Socket stranger = new Socket()) {
            stranger.connect(TestMember.loopback(server.member().port()));
            stranger.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(US_ASCII));
            stranger.setSoTimeout((int) DEADLINE.toMillis());
            assertThat(stranger.getInputStream().readAllBytes()).isEmpty();
        } catch (SocketException reset) {
            assertThat(reset).hasMessageContaining("reset");
        }
        await().atMost(DEADLINE).until(() -> server.refused(Refusal.NOT_TULI) == 1);
        assertThat(server.refusals)
                .containsExactly("NOT_TULI: the first bytes are not those of a member");
    }

    @Test
    void whoAsksForNoCertificateIsRefused() throws Exception {
        try (ServerSocket liar = new ServerSocket()) {
            liar.bind(TestMember.loopback(0));
            client.transport.connect(TestMember.at(server.member(), liar.getLocalPort()));
            try (Socket dialed = TlsSocket.careless(liar.accept())) {
                ByteBuf challenge = Greeting.CHALLENGE.begin().writeShort(2).writeZero(36);
                dialed.getOutputStream().write(ByteBufUtil.getBytes(challenge));

                await().atMost(DEADLINE).until(() -> client.refused(Refusal.SECRET) == 1);
            }
        }
        assertThat(client.refusals)
                .containsExactly("SECRET: the other side asked for no certificate");
    }

    @Test
    void aCrowdOfStrangersIsClosedAsItGrows() throws IOException {
        List<Socket> crowd = new ArrayList<>();
        try {
            for (int i = 0; i < 3 * Strangers.TOTAL_MAX; i++) {
                Socket stranger = new Socket();
                crowd.add(stranger);
                stranger.connect(TestMember.loopback(server.member().port()));
                stranger.getOutputStream().write(new byte[] {22, 3, 1, 2, 0, 1});
            }
            await().atMost(DEADLINE)
                    .until(() -> server.refused(Refusal.TOO_MANY) >= 2 * Strangers.TOTAL_MAX);
            client.linkTo(server).send(request("k", "let in all the same"));
            server.awaitFrames(1);
        } finally {
            for (Socket stranger : crowd) {
                stranger.close();
            }
        }
    }

    @Test
    void aStrangerWhoSendsWithoutEndIsClosed() throws IOException {
        try (Socket stranger = new Socket()) {
            stranger.connect(TestMember.loopback(server.member().port()));
            byte[] record = new byte[5 + 16_000];
            Unpooled.wrappedBuffer(record).setByte(0, 22).setShort(1, 0x0301).setShort(3, 16_000);
            Unpooled.wrappedBuffer(record).setByte(5, 1).setMedium(6, 32_000);
            for (int i = 0; i < 3; i++) {
                stranger.getOutputStream().write(record);
            }
            stranger.setSoTimeout((int) DEADLINE.toMillis());
            assertThat(stranger.getInputStream().read()).isLessThan(0x20);
        } catch (IOException reset) {
            assertThat(reset).hasMessageMatching(".*([Rr]eset|[Bb]roken).*");
        }
        await().atMost(DEADLINE).until(() -> server.refused(Refusal.NOT_TULI) > 0);
    }

    private Link link(Proxy through) {
        return link(through.port());
    }

    private Link link(int port) {
        Member there = TestMember.at(server.member(), port);
        client.transport.connect(there);
        await().atMost(DEADLINE).until(() -> client.hasLink(server) && server.hasLink(client));
        return client.link(server);
    }

    private static Frame.Request request(String key, String value) {
        return new Frame.Request(
                1,
                0,
                1,
                new RequestId(1, 1),
                1,
                1_000,
                Commit.owner(),
                "update",
                Key.of(key),
                Payload.json('"' + value + '"'),
                new TreeMap<>());
    }
}
