package io.tuli.transport;

import static io.tuli.transport.TestMember.DEADLINE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tuli.LinkStatus;
import io.tuli.Member;
import io.tuli.handshake.WireVersions;
import io.tuli.protocol.Frame;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("FE-19")
@Tag("FE-23")
class ReconnectTest {

    @Test
    void aLinkDroppedByEitherSideComesBackByItself() {
        try (TestMember server = TestMember.server("server");
                TestMember client = TestMember.client("client")) {
            client.linkTo(server).close("a test");
            await().atMost(DEADLINE).until(() -> server.ups.size() == 2);
            await().atMost(DEADLINE).until(() -> client.hasLink(server));

            server.link(client).close("a test");
            await().atMost(DEADLINE).until(() -> client.ups.size() == 3);
            await().atMost(DEADLINE).until(() -> client.hasLink(server));

            client.link(server).send(new Frame.Cancel(1));
            server.awaitFrames(1);
            assertThat(client.downs).hasSize(2);
        }
    }

    @Test
    void aPeerIsDialledUntilItIsThere() {
        TestMember gone = TestMember.server("gone");
        int port = gone.member().port();
        gone.close();
        Member later = TestMember.at(gone.member(), port);
        try (TestMember client = TestMember.client("client")) {
            client.transport.connect(later);
            await().atMost(DEADLINE).until(() -> client.statuses.contains(LinkStatus.DISCONNECTED));

            try (TestMember back =
                    TestMember.start(
                            "back",
                            Member.Role.SERVER,
                            TestMember.loopback(port),
                            config -> ofId(config, later),
                            WireVersions.CURRENT)) {
                await().atMost(DEADLINE).until(() -> client.hasLink(back));
            }
        }
    }

    private static TransportConfig ofId(TransportConfig config, Member other) {
        return TransportConfig.of(config.mesh(), TestMember.at(other, 0), config.bind());
    }

    @Test
    void aForgottenPeerIsNotDialledAgain() {
        try (TestMember server = TestMember.server("server");
                TestMember client = TestMember.client("client")) {
            client.linkTo(server);

            client.transport.forget(server.id());

            await().atMost(DEADLINE).until(() -> client.statuses.contains(LinkStatus.REMOVED));
            await().atMost(DEADLINE).until(() -> server.downs.size() == 1);
            await().during(Duration.ofMillis(400)).until(() -> client.ups.size() == 1);
            assertThat(client.statuses)
                    .containsExactly(
                            LinkStatus.CONNECTING,
                            LinkStatus.CONNECTED,
                            LinkStatus.DISCONNECTED,
                            LinkStatus.REMOVED);
        }
    }

    @Test
    void whatIsWrittenBeforeAPeerIsForgottenArrives() {
        try (TestMember server = TestMember.server("server");
                TestMember client = TestMember.client("client")) {
            Link link = client.linkTo(server);
            for (int i = 0; i < 1_000; i++) {
                link.send(new Frame.Cancel(i));
            }

            client.transport.forget(server.id());

            server.awaitFrames(1_000);
        }
    }

    @Test
    void thereIsOneLinkThoughBothSidesDial() {
        try (TestMember left = TestMember.server("left");
                TestMember right = TestMember.server("right")) {
            left.transport.connect(right.member());
            right.transport.connect(left.member());

            await().atMost(DEADLINE).until(() -> left.hasLink(right) && right.hasLink(left));
            await().during(Duration.ofMillis(500))
                    .atMost(DEADLINE)
                    .until(() -> left.hasLink(right) && right.hasLink(left));
            assertThat(left.ups.size() - left.downs.size()).isEqualTo(1);
            assertThat(right.ups.size() - right.downs.size()).isEqualTo(1);
            left.link(right).send(new Frame.Cancel(1));
            right.link(left).send(new Frame.Cancel(2));
            left.awaitFrames(1);
            right.awaitFrames(1);
        }
    }

    @Test
    void theNewerOfTwoLinksOfOneDialerStays() throws Exception {
        try (TestMember server = TestMember.server("server");
                RawPeer first = RawPeer.connect(server.member());
                RawPeer second = RawPeer.connect(server.member(), first.self())) {
            first.handshake("test");
            await().atMost(DEADLINE).until(() -> server.ups.size() == 1);

            second.handshake("test");

            await().atMost(DEADLINE).until(() -> server.ups.size() == 2);
            assertThat(server.downs).containsExactly("a newer link has come");
            assertThat(first.isClosedByPeer()).isTrue();
        }
    }
}
