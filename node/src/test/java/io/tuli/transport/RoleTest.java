package io.tuli.transport;

import static io.tuli.transport.TestMember.DEADLINE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tuli.Commit;
import io.tuli.Epoch;
import io.tuli.Failure;
import io.tuli.Key;
import io.tuli.LogPosition;
import io.tuli.Outcome;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.handshake.Refusal;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Reserved;
import io.tuli.secret.Credentials;
import io.tuli.secret.Keyring;
import io.tuli.secret.Role;
import io.tuli.secret.Secret;
import io.tuli.secret.SecretText;
import io.tuli.secret.TestAuthority;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a role does not allow ends at the link, before the core sees a frame. */
class RoleTest {

    private static final Duration DAY = Duration.ofDays(1);
    private static final Secret SECRET = Secret.of(SecretText.generate(), "test");
    private static final TestAuthority OURS = new TestAuthority("ours");

    private final List<TestMember> members = new ArrayList<>();

    @AfterEach
    void close() {
        members.forEach(TestMember::close);
    }

    private TestMember kept(TestMember member) {
        members.add(member);
        return member;
    }

    private TestMember server(Credentials credentials) {
        return kept(
                TestMember.server("server", config -> config.keyring(Keyring.fixed(credentials))));
    }

    private TestMember client(Role role, Credentials credentials) {
        return kept(
                TestMember.client(
                        "client", config -> config.role(role).keyring(Keyring.fixed(credentials))));
    }

    private static Frame.Request request(String verb, long call) {
        return new Frame.Request(
                1,
                0,
                call,
                new RequestId(1, call),
                0,
                1_000,
                Commit.owner(),
                verb,
                Key.of("k"),
                Payload.NONE,
                new TreeMap<>());
    }

    @Test
    void whatIsDeniedIsAnsweredAndNeverReachesTheCore() {
        TestMember server = server(Credentials.of(SECRET));
        TestMember client = client(Role.READ_ONLY, Credentials.of(SECRET));
        Link link = client.linkTo(server);
        assertThat(server.link(client).role()).isEqualTo(Role.READ_ONLY);

        link.send(request("update", 1));
        link.send(request(Reserved.READ, 2));

        server.awaitFrames(1);
        client.awaitFrames(1);
        assertThat(server.received).containsExactly(request(Reserved.READ, 2));
        Frame.Result denied = (Frame.Result) client.received.getFirst();
        assertThat(denied.call()).isEqualTo(1);
        assertThat(denied.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(denied.failure()).isEqualTo(Failure.NOT_AUTHORISED);
        assertThat(denied.detail()).contains("role=read-only verb=update");
        assertThat(client.hasLink(server)).isTrue();
    }

    @Test
    void whoGoesOnAskingIsClosed() {
        TestMember server = server(Credentials.of(SECRET));
        TestMember client = client(Role.READ_ONLY, Credentials.of(SECRET));
        Link link = client.linkTo(server);
        for (int i = 0; i <= Denials.MINUTELY_MAX; i++) {
            link.send(request("update", i));
        }
        await().atMost(DEADLINE).until(() -> server.refused(Refusal.FORBIDDEN_FRAME) == 1);
        assertThat(server.received).isEmpty();
        assertThat(server.downs)
                .singleElement()
                .asString()
                .contains("who is denied must not go on asking");
    }

    @ParameterizedTest
    @EnumSource(
            value = Role.class,
            names = {"CLIENT", "OPERATOR", "READ_ONLY"})
    void whatNoClientSaysEndsTheLink(Role role) {
        TestMember server = server(Credentials.of(SECRET));
        TestMember client = client(role, Credentials.of(SECRET));
        client.linkTo(server).send(new Frame.Fence(1, 1, new Epoch(9, 7), 0));
        await().atMost(DEADLINE).until(() -> server.refused(Refusal.FORBIDDEN_FRAME) == 1);
        assertThat(server.received).isEmpty();
        assertThat(server.downs).contains("role " + role.text() + " never sends Fence");
    }

    @ParameterizedTest
    @EnumSource(
            value = Role.class,
            names = {"CLIENT", "OPERATOR", "READ_ONLY"})
    void followingIsAllowedAndDoesNotCount(Role role) {
        TestMember server = server(Credentials.of(SECRET));
        Link link = client(role, Credentials.of(SECRET)).linkTo(server);
        LogPosition start = LogPosition.START;
        link.send(new Frame.Follow(1, 1, Epoch.ZERO, start, start, false));
        server.awaitFrames(1);
        link.send(new Frame.Follow(1, 1, Epoch.ZERO, start, start, true));
        await().atMost(DEADLINE).until(() -> server.refused(Refusal.FORBIDDEN_FRAME) == 1);
        assertThat(server.received).hasSize(1);
    }

    /** What is proven, what is wanted, and whether that is granted. */
    @ParameterizedTest
    @CsvSource({
        "operator, OPERATOR, true",
        "operator, CLIENT, true",
        "operator, READ_ONLY, true",
        "client, CLIENT, true",
        "client, READ_ONLY, true",
        "client, OPERATOR, false",
        "read-only, READ_ONLY, true",
        "read-only, CLIENT, false",
        "read-only, OPERATOR, false",
        "server, OPERATOR, true"
    })
    void aCertificateIsForARoleAndForLess(String proven, Role wanted, boolean isGranted) {
        TestMember server = server(of("server"));
        TestMember client = client(wanted, of(proven));
        client.transport.connect(server.member());
        if (isGranted) {
            await().atMost(DEADLINE).until(() -> server.hasLink(client));
            assertThat(server.link(client).role()).isEqualTo(wanted);
        } else {
            await().atMost(DEADLINE).until(() -> server.refused(Refusal.CERTIFICATE) > 0);
            assertThat(server.ups).isEmpty();
        }
    }

    private static Credentials of(String role) {
        return Credentials.of(List.of(), OURS.identity("tuli://test/" + role + "/m", DAY));
    }

    @Test
    void aClientIsNoServerAndAServerIsNothingElse() {
        assertThatThrownBy(() -> client(Role.SERVER, Credentials.of(SECRET)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> TestMember.server("server", config -> config.role(Role.CLIENT)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
