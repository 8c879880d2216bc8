package io.tuli.transport;

import static io.tuli.transport.TestMember.DEADLINE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tuli.Member;
import io.tuli.MemberId;
import io.tuli.TuliException;
import io.tuli.handshake.Challenge;
import io.tuli.handshake.Greeting;
import io.tuli.handshake.Hello;
import io.tuli.handshake.Refusal;
import io.tuli.handshake.Refused;
import io.tuli.handshake.TlsSocket;
import io.tuli.handshake.Transcript;
import io.tuli.handshake.WireVersions;
import io.tuli.protocol.Frame;
import io.tuli.secret.Secret;
import io.tuli.secret.SecretText;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** B8: who does not belong here is told why, counted, and stays out. */
@Tag("U6")
class HandshakeTest {
    private static final String SECRET = SecretText.generate();
    private static final String OTHER_SECRET = SecretText.generate();

    private TestMember server;

    @BeforeEach
    void start() {
        server = TestMember.server("server", config -> config.secret(Secret.of(SECRET, "test")));
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void theSameSecretLetsIn() {
        try (TestMember client = client(SECRET)) {
            client.linkTo(server).send(new Frame.Cancel(1));

            server.awaitFrames(1);
        }
    }

    @Test
    void anotherSecretStaysOutAndBothSidesSaySo() {
        try (TestMember client = client(OTHER_SECRET)) {
            client.transport.connect(server.member());

            await().atMost(DEADLINE).until(() -> server.refused(Refusal.SECRET) > 0);
            await().atMost(DEADLINE).until(() -> client.refused(Refusal.SECRET) > 0);
            assertThat(server.refusals)
                    .contains("SECRET: the secrets must be the same; they are not");
            assertThat(client.refusals).containsOnly("SECRET: the other side said: SECRET");
            assertThat(server.ups).isEmpty();
            assertThat(client.ups).isEmpty();
        }
    }

    @Test
    void noSecretStaysOut() {
        try (TestMember client = TestMember.client("client")) {
            client.transport.connect(server.member());

            await().atMost(DEADLINE).until(() -> server.refused(Refusal.SECRET) > 0);
            assertThat(server.ups).isEmpty();
        }
    }

    @Test
    void aMemberWithoutASecretSaysWhyItTakesNobodyWithOne() {
        try (TestMember open = TestMember.server("open", config -> config.sameHost(false));
                TestMember client =
                        TestMember.client("client", config -> secret(config).sameHost(false))) {
            client.transport.connect(open.member());

            String facts = "either both sides have the secret or none: theirs=true ours=false";
            await().atMost(DEADLINE).until(() -> client.refused(Refusal.SECRET) > 0);
            assertThat(client.refusals).containsOnly("SECRET: the other side said: " + facts);
            assertThat(open.refusals).contains("SECRET: " + facts);
            assertThat(open.ups).isEmpty();
        }
    }

    @Test
    void whoIsInClearIsToldWhyAndNothingElse() throws IOException {
        try (RawPeer raw = RawPeer.connect(server.member())) {
            raw.sendHello(greeter("test", SECRET, raw.self()).hello(server.id()));

            assertThat(raw.refusal().why()).isEqualTo("the other side said: SECRET");
            assertThat(raw.isClosedByPeer()).isTrue();
            assertThat(server.ups).isEmpty();
        }
    }

    @Test
    void aMadeUpProofStaysOut() throws IOException {
        try (RawPeer raw = RawPeer.connect(server.member()).encrypted()) {
            raw.sendHello(greeter("test", SECRET, raw.self()).hello(server.id()));
            raw.expect(Greeting.CHALLENGE);
            raw.send(Greeting.PROOF.begin().writeZero(Greeting.PROOF_BYTES));

            assertThat(raw.refusal().refusal()).isEqualTo(Refusal.SECRET);
            assertThat(raw.isClosedByPeer()).isTrue();
            assertThat(server.ups).isEmpty();
        }
    }

    @Test
    void whoHasProvenNothingLearnsANonceAndAVersion() throws IOException {
        try (RawPeer raw = RawPeer.connect(server.member()).encrypted()) {
            raw.sendHello(greeter("test", OTHER_SECRET, raw.self()).hello(new MemberId(0, 0)));

            ByteBuf challenge = raw.expect(Greeting.CHALLENGE);
            assertThat(Challenge.read(challenge).version()).isEqualTo(2);
            assertThat(challenge.readableBytes()).isZero();
        }
    }

    @Test
    void aReplayedHandshakeStaysOut() throws IOException {
        MemberId id = new MemberId(5, 5);
        Member self = RawPeer.living(new Member(id, "raw", Member.Role.CLIENT, "127.0.0.1", 0));
        Greeter greeter = greeter("test", SECRET, self);
        Hello hello = greeter.hello(server.id());
        byte[] proof;
        try (RawPeer honest = RawPeer.connect(server.member(), self).encrypted()) {
            honest.sendHello(hello);
            proof = honest.proofOf(greeter, hello);
            honest.send(Greeting.PROOF.begin().writeBytes(proof));
            honest.expect(Greeting.WELCOME);
            await().atMost(DEADLINE).until(() -> server.ups.size() == 1);
        }

        try (RawPeer replay = RawPeer.connect(server.member(), self).encrypted()) {
            replay.sendHello(hello);
            replay.expect(Greeting.CHALLENGE);
            replay.send(Greeting.PROOF.begin().writeBytes(proof));

            assertThat(replay.refusal().refusal()).isEqualTo(Refusal.SECRET);
        }
        assertThat(server.ups).hasSize(1);
    }

    @Test
    void aProofOverAnotherEncryptionStaysOut() throws IOException {
        try (RawPeer raw = RawPeer.connect(server.member()).encrypted()) {
            Greeter greeter = greeter("test", SECRET, raw.self());
            Hello hello = greeter.hello(server.id());
            raw.sendHello(hello);
            Transcript.Binding its = raw.binding();
            Transcript.Binding relayed =
                    new Transcript.Binding(its.kind(), its.dialer(), its.dialer(), its.exported());
            raw.send(Greeting.PROOF.begin().writeBytes(raw.proofOf(greeter, hello, relayed)));

            assertThat(raw.refusal().refusal()).isEqualTo(Refusal.SECRET);
        }
        assertThat(server.ups).isEmpty();
    }

    @Test
    void aRefusalThatComesAfterTheHandshakeIsHeard() throws IOException {
        try (TestMember open = TestMember.server("open");
                RawPeer raw = RawPeer.connect(open.member())) {
            raw.handshake("test");
            raw.send(Greeting.refuse(Refusal.DUPLICATE, "there is a link already"));

            await().atMost(DEADLINE).until(() -> open.refused(Refusal.DUPLICATE) > 0);
            assertThat(open.refused(Refusal.BAD_FRAME)).isZero();
            assertThat(open.refusals)
                    .containsExactly("DUPLICATE: the other side said: there is a link already");
        }
    }

    @Test
    void anotherMeshStaysOut() throws IOException {
        try (TestMember open = TestMember.server("open");
                RawPeer raw = RawPeer.connect(open.member())) {
            raw.sendHello(greeter("elsewhere", null, raw.self()).hello(open.id()));

            Refused refused = raw.refusal();
            assertThat(refused.refusal()).isEqualTo(Refusal.FOREIGN_MESH);
            assertThat(refused.why())
                    .endsWith("the mesh must be the same: theirs=elsewhere ours=test");
        }
    }

    @Test
    void aMeshWithASecretTellsAStrangerNothingButTheReason() throws IOException {
        try (RawPeer raw = RawPeer.connect(server.member()).encrypted()) {
            raw.sendHello(greeter("elsewhere", SECRET, raw.self()).hello(server.id()));

            assertThat(raw.refusal().why()).isEqualTo("the other side said: FOREIGN_MESH");
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 0,", "1, 1,", "3, 3,", "3, 65535,", "65535, 65535,", "0, 65535, 2", "1, 9, 2"})
    void onlyAVersionInCommonIsSpoken(int min, int max, String common) throws IOException {
        try (RawPeer raw = RawPeer.connect(server.member()).encrypted()) {
            Hello ours = greeter("test", SECRET, raw.self()).hello(server.id());
            raw.sendHello(spoken(ours, min, max));

            if (common == null) {
                assertThat(raw.refusal().refusal()).isEqualTo(Refusal.VERSION);
            } else {
                assertThat(Challenge.read(raw.expect(Greeting.CHALLENGE)).version()).isEqualTo(2);
            }
        }
    }

    private static Hello spoken(Hello hello, int min, int max) {
        return new Hello(
                min,
                max,
                hello.authenticates(),
                hello.canExport(),
                hello.offered(),
                hello.required(),
                hello.meshHash(),
                hello.mesh(),
                hello.wanted(),
                hello.nonce(),
                hello.messageBytes(),
                hello.purpose(),
                hello.role(),
                hello.self(),
                hello.life(),
                hello.claims());
    }

    @Test
    void neighbouringReleasesSpeakTheOlderVersion() {
        WireVersions newer = new WireVersions(2, 3);
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (TestMember next =
                        TestMember.start("next", Member.Role.SERVER, any, config -> config, newer);
                TestMember client = TestMember.client("client")) {
            client.linkTo(next).send(new Frame.Cancel(1));

            next.awaitFrames(1);
        }
    }

    @Test
    void aLaterHelloIsLonger() throws IOException {
        try (TestMember open = TestMember.server("open");
                RawPeer raw = RawPeer.connect(open.member())) {
            ByteBuf message = Unpooled.buffer();
            ByteBuf known = Greeting.HELLO.begin();
            greeter("test", null, raw.self()).hello(open.id()).write(known);
            message.writeBytes(known).writeZero(100).setShort(6, Hello.BYTES + 100);
            raw.send(message);

            raw.expect(Greeting.CHALLENGE);
            raw.send(Greeting.PROOF.begin().writeZero(Greeting.PROOF_BYTES));
            assertThat(Hello.read(raw.expect(Greeting.WELCOME)).self()).isEqualTo(open.member());
        }
    }

    @Test
    void whoWantedAnotherMemberIsTold() throws IOException {
        MemberId earlier = new MemberId(1, 77);
        try (RawPeer raw = RawPeer.connect(server.member()).encrypted()) {
            raw.sendHello(greeter("test", SECRET, raw.self()).hello(earlier));

            assertThat(raw.refusal().refusal()).isEqualTo(Refusal.UNEXPECTED_MEMBER);
        }
    }

    @Test
    void aMemberDoesNotLinkToItself() {
        server.transport.connect(server.member());

        await().atMost(DEADLINE).until(() -> server.refused(Refusal.UNEXPECTED_MEMBER) > 0);
        assertThat(server.ups).isEmpty();
    }

    @Test
    void withoutASecretOnlyLoopbackIsBound() {
        InetSocketAddress everywhere = new InetSocketAddress(0);
        Member self = server.member();
        TransportConfig open = TransportConfig.of("test", self, everywhere);

        assertThatThrownBy(() -> new Transport(open, server))
                .isInstanceOf(TuliException.class)
                .hasMessageContaining("without a secret only loopback addresses may be bound");
        for (TransportConfig allowed :
                new TransportConfig[] {
                    open.insecure(true), open.secret(Secret.of(SECRET, "test"))
                }) {
            try (Transport transport = new Transport(allowed, server)) {
                assertThat(transport.start().getPort()).isPositive();
            }
        }
    }

    private static TransportConfig secret(TransportConfig config) {
        return config.secret(Secret.of(SECRET, "test"));
    }

    private static TestMember client(String secret) {
        return TestMember.client("client", config -> config.secret(Secret.of(secret, "test")));
    }

    private static Greeter greeter(String mesh, String secret, Member self) {
        TransportConfig config = TransportConfig.of(mesh, self, null);
        Secret shared = secret == null ? null : Secret.of(secret, "test");
        return new Greeter(config.secret(shared).life(TlsSocket.LIFE), WireVersions.CURRENT);
    }
}
