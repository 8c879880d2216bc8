package io.tuli.transport;

import static io.tuli.transport.TestMember.DEADLINE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tuli.Limits;
import io.tuli.handshake.Refusal;
import io.tuli.secret.Credentials;
import io.tuli.secret.Keyring;
import io.tuli.secret.Role;
import io.tuli.secret.Secret;
import io.tuli.secret.SecretText;
import io.tuli.secret.Token;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whoever stands between a token's holder and its mesh, or plays its mesh, gets nothing of it. */
class TokenLinkTest {

    private static final Secret SECRET = Secret.of(SecretText.generate(), "test");

    private final List<TestMember> members = new ArrayList<>();
    private TestMember server;
    private TestMember client;

    @BeforeEach
    void start() {
        server = kept(TestMember.server("server", credentials(Credentials.of(SECRET))));
        client = kept(TestMember.client("client", credentials(Credentials.of(token("web-1")))));
    }

    @AfterEach
    void close() {
        members.forEach(TestMember::close);
    }

    private TestMember kept(TestMember member) {
        members.add(member);
        return member;
    }

    private static UnaryOperator<TransportConfig> credentials(Credentials credentials) {
        Limits quick = Limits.builder().handshakeTime(Duration.ofSeconds(1)).build();
        return config -> config.keyring(Keyring.fixed(credentials)).sameHost(false).limits(quick);
    }

    private static Token token(String id) {
        Instant until = Instant.now().plus(Duration.ofDays(1));
        return Token.of(new Token.Claims(id, Role.CLIENT, until, Map.of("carts", "r")), SECRET);
    }

    @Test
    void whoHasATokenIsLinkedToItsMesh() {
        assertThat(client.linkTo(server).isClosed()).isFalse();
    }

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
    void whoHasAnotherTokenIsNoServerToIt() {
        Credentials others = Credentials.of(token("web-2"));
        assertNoServer(kept(TestMember.server("false", credentials(others))));
    }

    @Test
    void whoHasAnotherSecretIsNoServerToIt() {
        Credentials others = Credentials.of(Secret.of(SecretText.generate(), "test"));
        assertNoServer(kept(TestMember.server("false", credentials(others))));
    }

    @Test
    void whoHasNothingIsNoServerToIt() {
        assertNoServer(kept(TestMember.server("false", credentials(Credentials.NONE))));
    }

    private void assertNoServer(TestMember other) {
        client.transport.connect(other.member());
        await().atMost(DEADLINE)
                .until(() -> !client.refusals.isEmpty() || !other.refusals.isEmpty());
        assertThat(client.ups).isEmpty();
        assertThat(other.ups).isEmpty();
    }
}
