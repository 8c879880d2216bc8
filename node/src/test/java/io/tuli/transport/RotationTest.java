package io.tuli.transport;

import static io.tuli.transport.TestMember.DEADLINE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tuli.handshake.Refusal;
import io.tuli.protocol.Frame;
import io.tuli.secret.Credentials;
import io.tuli.secret.Keyring;
import io.tuli.secret.Secret;
import io.tuli.secret.SecretText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A secret is changed for another while links are up; what was proven with one that is gone ends.
 */
class RotationTest {

    private static final Secret OLD = Secret.of(SecretText.generate(), "test");
    private static final Secret NEW = Secret.of(SecretText.generate(), "test");
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final Duration RENEWAL = Duration.ofMillis(300);

    private final List<TestMember> members = new ArrayList<>();

    @AfterEach
    void close() {
        members.forEach(TestMember::close);
    }

    private static Credentials of(Secret... secrets) {
        return Credentials.of(List.of(secrets), null);
    }

    private TestMember server(AtomicReference<Credentials> file) {
        return kept(TestMember.server("server", config -> with(config, file)));
    }

    private TestMember client(AtomicReference<Credentials> file) {
        return kept(TestMember.client("client", config -> with(config, file)));
    }

    private TestMember kept(TestMember member) {
        members.add(member);
        return member;
    }

    private static TransportConfig with(TransportConfig config, AtomicReference<Credentials> file) {
        return config.keyring(Keyring.watched(file::get, LOOK, RENEWAL)).sameHost(false);
    }

    @Test
    void anySecretOfTheListLetsInAndIsAnsweredWith() {
        TestMember server = server(new AtomicReference<>(of(OLD, NEW)));
        TestMember first = client(new AtomicReference<>(of(OLD)));
        TestMember second = client(new AtomicReference<>(of(NEW)));
        first.linkTo(server);
        second.linkTo(server);
        assertThat(server.link(first).proven().secret()).isEqualTo(OLD);
        assertThat(server.link(second).proven().secret()).isEqualTo(NEW);
    }

    @Test
    void whoDialsProvesWithTheFirst() {
        TestMember server = server(new AtomicReference<>(of(OLD)));
        TestMember client = client(new AtomicReference<>(of(NEW, OLD)));
        client.transport.connect(server.member());
        await().atMost(DEADLINE).until(() -> client.refused(Refusal.SECRET) > 0);
        assertThat(server.ups).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aLinkUnderASecretThatIsGoneIsDialedAnewAndNothingIsLostInBetween(boolean isServerFirst) {
        AtomicReference<Credentials> ofServer = new AtomicReference<>(of(OLD));
        AtomicReference<Credentials> ofClient = new AtomicReference<>(of(OLD));
        TestMember server = server(ofServer);
        TestMember client = client(ofClient);
        client.linkTo(server);

        (isServerFirst ? ofServer : ofClient).set(of(OLD, NEW));
        (isServerFirst ? ofClient : ofServer).set(of(OLD, NEW));
        ofServer.set(of(NEW, OLD));
        ofClient.set(of(NEW, OLD));
        assertThat(client.ups).as("both hold the old one").hasSize(1);
        ofServer.set(of(NEW));
        ofClient.set(of(NEW));

        await().atMost(DEADLINE)
                .until(
                        () ->
                                client.hasLink(server)
                                        && NEW.equals(client.link(server).proven().secret()));
        client.link(server).send(new Frame.Cancel(1));
        server.awaitFrames(1);
        assertThat(client.ups).hasSize(2);
        assertThat(server.link(client).proven().secret()).isEqualTo(NEW);
    }

    @Test
    void whoHasOnlyTheOldOneIsPutOutInTime() {
        AtomicReference<Credentials> ofServer = new AtomicReference<>(of(OLD));
        TestMember server = server(ofServer);
        TestMember client = client(new AtomicReference<>(of(OLD)));
        client.linkTo(server);

        ofServer.set(of(NEW));

        await().atMost(DEADLINE).until(() -> server.refused(Refusal.SECRET) > 0);
        assertThat(server.downs).containsExactly("what was proven on it does not count any more");
        assertThat(client.hasLink(server)).isFalse();
    }

    @Test
    void aRenewalThatFailsLeavesTheLinkUntilItsTime() {
        AtomicReference<Credentials> ofClient = new AtomicReference<>(of(OLD));
        TestMember server = server(new AtomicReference<>(of(OLD)));
        TestMember client = client(ofClient);
        client.linkTo(server);

        ofClient.set(of(NEW));

        await().atMost(DEADLINE).until(() -> client.refused(Refusal.SECRET) > 0);
        assertThat(client.downs).isEmpty();
        client.link(server).send(new Frame.Cancel(1));
        server.awaitFrames(1);
        ofClient.set(of(OLD));
    }
}
