package io.tuli.transport;

import static io.tuli.transport.TestMember.DEADLINE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tuli.Member;
import io.tuli.handshake.Proven;
import io.tuli.handshake.Refusal;
import io.tuli.protocol.Frame;
import io.tuli.secret.Credentials;
import io.tuli.secret.Demand;
import io.tuli.secret.Identity;
import io.tuli.secret.Keyring;
import io.tuli.secret.LifeKey;
import io.tuli.secret.Role;
import io.tuli.secret.Secret;
import io.tuli.secret.SecretText;
import io.tuli.secret.TestAuthority;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Members know each other by certificates of one authority, each in the role that it says. */
class CertificateTest {

    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final Duration RENEWAL = Duration.ofMillis(300);
    private static final TestAuthority OURS = new TestAuthority("ours");
    private static final TestAuthority THEIRS = new TestAuthority("theirs");
    private static final Secret SECRET = Secret.of(SecretText.generate(), "test");
    private static final String SERVER = "tuli://test/server/s";
    private static final String CLIENT = "tuli://test/client/c";

    private final List<TestMember> members = new ArrayList<>();

    @AfterEach
    void close() {
        members.forEach(TestMember::close);
    }

    private static Credentials of(Identity identity) {
        return Credentials.of(List.of(), identity);
    }

    private TestMember server(Credentials credentials) {
        return server(new AtomicReference<>(credentials));
    }

    private TestMember server(AtomicReference<Credentials> files) {
        return kept(TestMember.server("server", config -> with(config, files)));
    }

    private TestMember client(Credentials credentials) {
        return client(new AtomicReference<>(credentials));
    }

    private TestMember client(AtomicReference<Credentials> files) {
        return kept(TestMember.client("client", config -> with(config, files)));
    }

    private static TransportConfig with(
            TransportConfig config, AtomicReference<Credentials> files) {
        return config.keyring(Keyring.watched(files::get, LOOK, RENEWAL));
    }

    private TestMember kept(TestMember member) {
        members.add(member);
        return member;
    }

    private static void linked(TestMember one, TestMember other) {
        one.linkTo(other).send(new Frame.Cancel(1));
        other.awaitFrames(1);
    }

    private static void staysOut(TestMember client, TestMember server, Refusal refusal) {
        client.transport.connect(server.member());
        await().atMost(DEADLINE).until(() -> client.refused(refusal) > 0);
        assertThat(server.ups).isEmpty();
        assertThat(client.ups).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"EC", "RSA"})
    void bothSidesKnowWhoTheOtherIs(String algorithm) {
        TestMember server = server(of(OURS.identity(OURS.issue(algorithm, DAY, SERVER))));
        TestMember client = client(of(OURS.identity(OURS.issue(algorithm, DAY, CLIENT))));
        linked(client, server);
        Proven ofClient = server.link(client).proven();
        assertThat(ofClient.secret()).isNull();
        assertThat(ofClient.subject().role()).isEqualTo(Role.CLIENT);
        assertThat(ofClient.subject().name()).isEqualTo("c");
        assertThat(client.link(server).proven().subject().role()).isEqualTo(Role.SERVER);
        assertThat(client.link(server).isSameHost()).isFalse();
    }

    @Test
    void aCertificateOfAnotherAuthorityStaysOut() {
        TestMember server = server(of(OURS.identity(SERVER, DAY)));
        staysOut(client(of(THEIRS.identity(CLIENT, DAY))), server, Refusal.CERTIFICATE);
    }

    @Test
    void whoTrustsMoreAuthoritiesIsNotTrustedForThat() {
        TestMember server = server(of(OURS.identity(SERVER, DAY)));
        TestMember client = client(of(THEIRS.identity(CLIENT, DAY, OURS)));
        staysOut(client, server, Refusal.CERTIFICATE);
        assertThat(server.refusals)
                .anyMatch(line -> line.contains("must be issued by the mesh's authority"));
        assertThat(client.refusals).containsOnly("CERTIFICATE: the other side said: CERTIFICATE");
    }

    @Test
    void aClientsCertificateCannotPlayTheServerThatIsDialed() {
        TestMember liar = server(of(OURS.identity(CLIENT, DAY)));
        TestMember client = client(of(OURS.identity(CLIENT, DAY)));
        staysOut(client, liar, Refusal.CERTIFICATE);
        assertThat(client.refusals)
                .contains(
                        "CERTIFICATE: a certificate must be for the role that is wanted:"
                                + " wanted=server, it is for client c");
    }

    @ParameterizedTest
    @ValueSource(strings = {"client", "operator", "read-only"})
    void norTheServerThatDials(String role) {
        TestMember server = server(of(OURS.identity(SERVER, DAY)));
        TestMember liar = server(of(OURS.identity("tuli://test/" + role + "/c", DAY)));
        liar.transport.connect(server.member());
        await().atMost(DEADLINE).until(() -> server.refused(Refusal.CERTIFICATE) > 0);
        assertThat(server.ups).isEmpty();
    }

    @Test
    void aSecretIsNotEnoughWhereACertificateIsDemanded() {
        TestMember server = server(Credentials.of(List.of(SECRET), OURS.identity(SERVER, DAY)));
        staysOut(client(Credentials.of(SECRET)), server, Refusal.CERTIFICATE);
    }

    @ParameterizedTest
    @CsvSource({
        "false, false", // who has certificates and who has not yet, each way
        "true, false",
        "false, true",
        "true, true"
    })
    void aMeshWithASecretGetsCertificatesMemberByMember(boolean dialerHas, boolean acceptorHas) {
        TestMember server = server(both(acceptorHas, SERVER));
        TestMember client = client(both(dialerHas, CLIENT));
        linked(client, server);
        assertThat(server.link(client).proven().secret()).isEqualTo(SECRET);
        assertThat(server.link(client).proven().subject() != null)
                .isEqualTo(dialerHas && acceptorHas);
    }

    private static Credentials both(boolean hasCertificate, String uri) {
        return hasCertificate
                ? Credentials.of(List.of(SECRET), OURS.identity(uri, DAY)).demanding(Demand.SECRET)
                : Credentials.of(SECRET);
    }

    @Test
    void afterThatTheSecretIsLeftOut() {
        Credentials still = Credentials.of(List.of(SECRET), OURS.identity(SERVER, DAY));
        TestMember server = server(still);
        linked(client(of(OURS.identity(CLIENT, DAY))), server);
        linked(
                client(Credentials.of(List.of(SECRET), OURS.identity(CLIENT, DAY))),
                server(of(OURS.identity(SERVER, DAY))));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anotherLifeCannotBeAMemberThatLives(boolean hasCertificate) {
        Credentials ofClient =
                hasCertificate ? of(OURS.identity(CLIENT, DAY)) : Credentials.of(SECRET);
        TestMember server =
                server(hasCertificate ? of(OURS.identity(SERVER, DAY)) : Credentials.of(SECRET));
        TestMember client = client(ofClient);
        linked(client, server);
        Member taken = client.member();
        TestMember thief =
                kept(
                        TestMember.of(
                                taken,
                                config ->
                                        with(
                                                config.life(LifeKey.make()),
                                                new AtomicReference<>(ofClient))));
        thief.transport.connect(server.member());
        await().atMost(DEADLINE).until(() -> server.refused(Refusal.UNEXPECTED_MEMBER) > 0);
        assertThat(server.ups).hasSize(1);
        assertThat(client.hasLink(server)).isTrue();
    }

    /** Who knows the key's public half, as everybody does, has not the key. */
    @Test
    void thePublicHalfOfALifeIsNotTheLife() {
        TestMember server = server(of(OURS.identity(SERVER, DAY)));
        TestMember client = client(of(OURS.identity(CLIENT, DAY)));
        linked(client, server);
        LifeKey stolen = new LifeKey(LifeKey.make().key(), client.life().certificate());
        TestMember thief =
                kept(
                        TestMember.of(
                                client.member(),
                                config ->
                                        with(
                                                config.life(stolen),
                                                new AtomicReference<>(
                                                        of(OURS.identity(CLIENT, DAY))))));
        thief.transport.connect(server.member());
        await().atMost(DEADLINE).until(() -> server.refused(Refusal.UNEXPECTED_MEMBER) > 0);
        assertThat(server.refusals)
                .anyMatch(line -> line.contains("must have the key of its life"));
        assertThat(client.hasLink(server)).isTrue();
    }

    @Test
    void whatIsSwappedIsShownFromThenOn() {
        AtomicReference<Credentials> files = new AtomicReference<>(of(OURS.identity(SERVER, DAY)));
        TestMember server = server(files);
        linked(client(of(OURS.identity(CLIENT, DAY))), server);
        files.set(of(OURS.identity("tuli://test/server/renamed", DAY)));
        await().atMost(DEADLINE)
                .until(
                        () -> {
                            TestMember next = client(of(OURS.identity(CLIENT, DAY)));
                            next.linkTo(server);
                            return next.link(server).proven().subject().name().equals("renamed");
                        });
        assertThat(server.downs).isEmpty();
    }

    @Test
    void anAuthorityIsChangedForAnotherWithoutARestart() {
        AtomicReference<Credentials> ofServer =
                new AtomicReference<>(of(OURS.identity(SERVER, DAY)));
        AtomicReference<Credentials> ofClient =
                new AtomicReference<>(of(OURS.identity(CLIENT, DAY)));
        TestMember server = server(ofServer);
        TestMember client = client(ofClient);
        linked(client, server);
        ofServer.set(of(THEIRS.identity(SERVER, DAY, OURS)));
        ofClient.set(of(THEIRS.identity(CLIENT, DAY, OURS)));
        ofServer.set(of(THEIRS.identity(SERVER, DAY)));
        ofClient.set(of(THEIRS.identity(CLIENT, DAY)));
        await().atMost(DEADLINE)
                .until(
                        () -> {
                            Link link = client.link(server);
                            return client.hasLink(server)
                                    && link.proven()
                                            .subject()
                                            .anchor()
                                            .equals(THEIRS.certificate());
                        });
    }

    @Test
    void aLinkEndsWithTheCertificateThatItWasMadeBy() {
        TestMember server = server(of(OURS.identity(SERVER, DAY)));
        AtomicReference<Credentials> ofClient =
                new AtomicReference<>(of(OURS.identity(CLIENT, Duration.ofSeconds(3))));
        TestMember client = client(ofClient);
        linked(client, server);
        ofClient.set(of(OURS.identity(CLIENT, DAY)));
        await().atMost(DEADLINE).until(() -> client.ups.size() == 2 && client.hasLink(server));
        assertThat(server.downs).containsExactly("what was proven on it does not count any more");
    }
}
