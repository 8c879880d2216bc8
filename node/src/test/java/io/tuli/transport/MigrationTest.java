package io.tuli.transport;

import static io.tuli.transport.TestMember.DEADLINE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tuli.TuliException;
import io.tuli.handshake.Greeting;
import io.tuli.handshake.Refusal;
import io.tuli.handshake.WireVersions;
import io.tuli.protocol.Frame;
import io.tuli.secret.Credentials;
import io.tuli.secret.Demand;
import io.tuli.secret.Keyring;
import io.tuli.secret.Secret;
import io.tuli.secret.SecretText;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A mesh without a secret gets one member by member; else nobody is content with less. */
class MigrationTest {

    private static final Secret SECRET = Secret.of(SecretText.generate(), "test");

    /** Member by member from the first to the last. */
    enum Step {
        NONE,
        BOTH,
        SECRET_ONLY
    }

    private static Credentials credentials(Step step) {
        return switch (step) {
            case NONE -> Credentials.NONE;
            case BOTH -> Credentials.of(SECRET).demanding(Demand.OPEN);
            case SECRET_ONLY -> Credentials.of(SECRET);
        };
    }

    private final List<TestMember> members = new ArrayList<>();

    @AfterEach
    void close() {
        members.forEach(TestMember::close);
    }

    private TestMember server(Step step, boolean sameHost) {
        return kept(TestMember.server("server", config -> with(config, step, sameHost)));
    }

    private TestMember client(Step step, boolean sameHost) {
        return kept(TestMember.client("client", config -> with(config, step, sameHost)));
    }

    private TestMember kept(TestMember member) {
        members.add(member);
        return member;
    }

    private static TransportConfig with(TransportConfig config, Step step, boolean sameHost) {
        return config.keyring(Keyring.fixed(credentials(step))).sameHost(sameHost);
    }

    @ParameterizedTest
    @CsvSource({
        "NONE, NONE, false, false",
        "NONE, BOTH, false, false",
        "BOTH, NONE, false, false",
        "BOTH, BOTH, false, true",
        "BOTH, SECRET_ONLY, false, true",
        "SECRET_ONLY, BOTH, false, true",
        "NONE, BOTH, true, false",
        "BOTH, NONE, true, false",
        "BOTH, BOTH, true, true",
        "BOTH, SECRET_ONLY, true, true",
        "SECRET_ONLY, BOTH, true, true"
    })
    void neighbouringStepsLinkAndProveWhatBothCan(
            Step dialer, Step acceptor, boolean sameHost, boolean isProven) {
        TestMember server = server(acceptor, sameHost);
        TestMember client = client(dialer, sameHost);
        client.linkTo(server).send(new Frame.Cancel(1));
        server.awaitFrames(1);
        server.link(client).send(new Frame.Cancel(2));
        client.awaitFrames(1);
        assertThat(server.link(client).proven().secret()).isEqualTo(isProven ? SECRET : null);
        assertThat(client.link(server).proven().secret()).isEqualTo(isProven ? SECRET : null);
    }

    @ParameterizedTest
    @CsvSource({
        "NONE, SECRET_ONLY, false",
        "SECRET_ONLY, NONE, false",
        "NONE, SECRET_ONLY, true",
        "SECRET_ONLY, NONE, true"
    })
    void aStepIsNotLeftOut(Step dialer, Step acceptor, boolean sameHost) {
        TestMember server = server(acceptor, sameHost);
        TestMember client = client(dialer, sameHost);
        client.transport.connect(server.member());
        await().atMost(DEADLINE).until(() -> client.refused(Refusal.SECRET) > 1);
        assertThat(server.ups).isEmpty();
        assertThat(client.ups).isEmpty();
    }

    /** Who has the secret and says that it has none is not believed. */
    @Test
    void whoDemandsASecretTakesNoHelloWithoutOne() throws IOException {
        TestMember server = server(Step.SECRET_ONLY, false);
        try (RawPeer raw = RawPeer.connect(server.member()).encrypted()) {
            TransportConfig open = TransportConfig.of("test", raw.self(), null);
            raw.sendHello(new Greeter(open, WireVersions.CURRENT).hello(server.id()));
            assertThat(raw.refusal().refusal()).isEqualTo(Refusal.SECRET);
        }
        assertThat(server.ups).isEmpty();
    }

    /** Who says that it proves must, also where proving is not demanded. */
    @Test
    void aFalseProofStaysOutOfAnOpenMemberToo() throws IOException {
        TestMember server = server(Step.BOTH, false);
        try (RawPeer raw = RawPeer.connect(server.member()).encrypted()) {
            TransportConfig config =
                    TransportConfig.of("test", raw.self(), null)
                            .secret(Secret.of(SecretText.generate(), "test"));
            raw.sendHello(new Greeter(config, WireVersions.CURRENT).hello(server.id()));
            raw.expect(Greeting.CHALLENGE);
            raw.send(Greeting.PROOF.begin().writeZero(Greeting.PROOF_BYTES));
            assertThat(raw.refusal().refusal()).isEqualTo(Refusal.SECRET);
        }
        assertThat(server.ups).isEmpty();
    }

    @Test
    void aMemberThatAnybodyMayLinkToIsReachableByMistakeOnly() {
        TestMember server = server(Step.NONE, false);
        InetSocketAddress everywhere = new InetSocketAddress(0);
        TransportConfig config =
                with(TransportConfig.of("test", server.member(), everywhere), Step.BOTH, false);
        assertThatThrownBy(() -> new Transport(config, server))
                .isInstanceOf(TuliException.class)
                .hasMessageContaining("with auth.require=open only loopback addresses");
    }

    @Test
    void nobodyDemandsWhatItHasNot() {
        assertThatThrownBy(() -> Credentials.NONE.demanding(Demand.SECRET))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("something that this member has itself");
    }

    /** The secret's members dial again and again; each frame that is sent on a link arrives. */
    @Test
    void threeMembersAreRolledToASecretAndAlwaysLink() {
        List<TestMember> three = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            three.add(server(Step.NONE, false));
        }
        for (Step step : new Step[] {Step.BOTH, Step.SECRET_ONLY}) {
            for (int i = 0; i < 3; i++) {
                three.remove(0).close();
                TestMember next = server(step, false);
                for (TestMember other : three) {
                    next.linkTo(other).send(new Frame.Cancel(i));
                    other.awaitFrames(1);
                }
                three.add(next);
            }
        }
        TestMember last = three.get(2);
        assertThat(last.link(three.get(0)).proven().secret()).isEqualTo(SECRET);
    }
}
