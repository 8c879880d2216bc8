package io.tuli.transport;

import static io.tuli.transport.TestMember.DEADLINE;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.tuli.Limits;
import io.tuli.Member;
import io.tuli.handshake.Refusal;
import io.tuli.handshake.TlsSocket;
import io.tuli.secret.Role;
import io.tuli.secret.Secret;
import io.tuli.secret.SecretText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** G1, G2: connections of the membership come through the port of links, and by its handshake. */
class ControlPortTest {

    private static final Secret SECRET = Secret.of(SecretText.generate(), "test");
    private static final Secret OTHER = Secret.of(SecretText.generate(), "test");

    private final long seed = Long.getLong("tuli.seed", System.nanoTime());
    private final List<TestMember> members = new ArrayList<>();

    @AfterEach
    void close() {
        members.forEach(TestMember::close);
    }

    private TestMember server(String name, @Nullable Secret secret) {
        return opened(TestMember.server(name, config -> quick(config.secret(secret))));
    }

    private TestMember opened(TestMember member) {
        members.add(member);
        return member;
    }

    private static TransportConfig quick(TransportConfig config) {
        Limits limits = Limits.builder().handshakeTime(Duration.ofSeconds(1)).build();
        return config.sameHost(false).limits(limits);
    }

    @Test
    void whatIsSaidArrives() {
        for (Secret secret : new Secret[] {null, SECRET}) {
            TestMember server = server("server", secret);
            TestMember other = server("other", secret);
            Heard here = new Heard(server);
            Heard there = new Heard(other);

            other.transport.controlPort().dial(address(server));
            await().atMost(DEADLINE).until(() -> there.channels.size() == 1);
            there.say("who is there");

            await().atMost(DEADLINE).until(() -> here.text().equals("who is there"));
            assertThat(here.peers).extracting(Member::id).containsExactly(other.id());
            assertThat(here.peers).extracting(Member::port).containsExactly(other.member().port());
            assertThat(server.ups).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Role.class,
            names = {"CLIENT", "OPERATOR", "READ_ONLY"})
    void whoIsNoServerHasNoPartInTheMembership(Role role) {
        for (Secret secret : new Secret[] {null, SECRET}) {
            TestMember client =
                    opened(
                            TestMember.client(
                                    "client", config -> quick(config.secret(secret)).role(role)));
            TestMember server = server("server", secret);
            Heard here = new Heard(server);
            new Heard(client);

            client.transport.controlPort().dial(address(server));

            await().atMost(DEADLINE).until(() -> server.refused(Refusal.FEATURE) > 0);
            assertThat(here.channels).isEmpty();
        }
    }

    @Test
    void aStrangersBytesNeverReachTheMembership() throws IOException {
        System.out.println("-Dtuli.seed=" + seed);
        SplittableRandom random = new SplittableRandom(seed);
        for (Secret secret : new Secret[] {null, SECRET}) {
            TestMember server = server("server", secret);
            Heard here = new Heard(server);
            for (int i = 0; i < 50; i++) {
                byte[] noise = new byte[1 + random.nextInt(3_000)];
                random.nextBytes(noise);
                pour(server.member().port(), noise);
            }
            String first = "bela\0\67\0\6\177\0\0\1\37\220"; // of JGroups' own sockets
            pour(server.member().port(), first.getBytes(ISO_8859_1));
            assertThat(here.peers).isEmpty();
            assertThat(here.text()).isEmpty();
        }
    }

    @Test
    void whoHasAnotherSecretNeverReachesTheMembership() {
        TestMember server = server("server", SECRET);
        Heard here = new Heard(server);
        for (Secret secret : new Secret[] {OTHER, null}) {
            TestMember other = server("other", secret);
            Heard there = new Heard(other);

            other.transport.controlPort().dial(address(server));

            await().atMost(DEADLINE).until(() -> !there.failures.isEmpty());
            assertThat(there.failures).containsExactly(Refusal.SECRET);
            assertThat(there.channels).isEmpty();
        }
        assertThat(here.channels).isEmpty();
        assertThat(here.text()).isEmpty();
    }

    @Test
    void aRecordedConnectionThatIsPlayedAgainIsRefused() throws Exception {
        TestMember server = server("server", SECRET);
        TestMember other = server("other", SECRET);
        Heard here = new Heard(server);
        Heard there = new Heard(other);
        ByteArrayOutputStream recorded = new ByteArrayOutputStream();
        Proxy.Meddler records =
                (bytes, length, at, isToServer) -> {
                    if (isToServer) {
                        recorded.write(bytes, 0, length);
                    }
                };
        try (Proxy tap = new Proxy(server.member().port(), records)) {
            other.transport.controlPort().dial(TestMember.loopback(tap.port()));
            await().atMost(DEADLINE).until(() -> there.channels.size() == 1);
            there.say("secret words");
            await().atMost(DEADLINE).until(() -> here.text().equals("secret words"));

            String seen = new String(tap.seen(), ISO_8859_1);
            assertThat(seen).doesNotContain("TULI", "test", "server", "other", "secret words");
        }
        pour(server.member().port(), recorded.toByteArray());

        assertThat(here.channels).hasSize(1);
        assertThat(here.text()).isEqualTo("secret words");
    }

    /** Whoever has no secret, and puts its own encryption around a recorded proof. */
    @Test
    void aProofOfAnotherConnectionIsRefused() throws IOException {
        TestMember server = server("server", SECRET);
        Heard here = new Heard(server);
        try (Socket raw = new Socket()) {
            raw.connect(address(server));
            Socket tls = TlsSocket.over(raw);
            tls.getOutputStream().write(new byte[] {'T', 'U', 'L', 'I', 0, 2, 0, 32});
            tls.getOutputStream().write(new byte[32]);
            tls.setSoTimeout((int) DEADLINE.toMillis());
            assertThat(tls.getInputStream().readAllBytes()).isEmpty();
        } catch (SocketException reset) {
            assertThat(reset).hasMessageContaining("reset");
        }
        assertThat(here.channels).isEmpty();
    }

    @Test
    void noHandlerThatHoldsUpALoopHoldsUpTheMembership() throws Exception {
        TestMember server = server("server", SECRET);
        TestMember other = server("other", SECRET);
        Heard here = new Heard(server);
        Heard there = new Heard(other);
        CountDownLatch end = new CountDownLatch(1);
        for (int loop = 0; loop < server.transport.loops(); loop++) {
            server.transport.loop(loop).execute(() -> waitFor(end));
        }
        try {
            other.transport.controlPort().dial(address(server));
            await().atMost(DEADLINE).until(() -> there.channels.size() == 1);
            there.say("still there?");
            await().atMost(DEADLINE).until(() -> here.text().equals("still there?"));
        } finally {
            end.countDown();
        }
    }

    private static void waitFor(CountDownLatch end) {
        try {
            end.await(DEADLINE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static InetSocketAddress address(TestMember member) {
        return TestMember.loopback(member.member().port());
    }

    /** Sends all and waits for the end; who is put out before may see a reset. */
    private static void pour(int port, byte[] bytes) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(TestMember.loopback(port));
            socket.setSoTimeout((int) DEADLINE.toMillis());
            socket.getOutputStream().write(bytes);
            socket.shutdownOutput();
            socket.getInputStream().readAllBytes();
        } catch (SocketException reset) {
            assertThat(reset).hasMessageMatching(".*([Rr]eset|[Bb]roken).*");
        }
    }

    /** A membership that only listens. */
    private static final class Heard implements ControlPort.Listener {

        final List<Member> peers = new CopyOnWriteArrayList<>();
        final List<Channel> channels = new CopyOnWriteArrayList<>();
        final List<Refusal> failures = new CopyOnWriteArrayList<>();
        private final List<String> words = new CopyOnWriteArrayList<>();

        Heard(TestMember member) {
            member.transport.controlPort().listen(this);
        }

        String text() {
            return String.join("", words);
        }

        void say(String text) {
            Channel channel = channels.getFirst();
            channel.writeAndFlush(ByteBufUtil.writeAscii(channel.alloc(), text));
        }

        @Override
        public ChannelHandler proven(
                Channel channel, Member peer, @Nullable InetSocketAddress dialed) {
            channels.add(channel);
            peers.add(peer);
            return new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext ctx, Object message) {
                    ByteBuf bytes = (ByteBuf) message;
                    words.add(bytes.toString(ISO_8859_1));
                    bytes.release();
                }
            };
        }

        @Override
        public void failed(InetSocketAddress dialed, @Nullable Refusal refusal) {
            if (refusal != null) {
                failures.add(refusal);
            }
        }
    }
}
