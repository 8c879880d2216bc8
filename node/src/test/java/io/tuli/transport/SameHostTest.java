package io.tuli.transport;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.protocol.Frame;
import io.tuli.socket.SameHost;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

@DisabledOnOs(OS.WINDOWS)
class SameHostTest {

    private static @Nullable UnixDomainSocketAddress doorOf(TestMember member) {
        return SameHost.doorOf(TestMember.loopback(member.member().port()));
    }

    @Test
    void membersOfOneMachineMeetAtADoorThatGoesWithItsMember() {
        UnixDomainSocketAddress door;
        try (TestMember server = TestMember.server("server");
                TestMember client = TestMember.client("client")) {
            door = requireNonNull(doorOf(server));

            client.linkTo(server).send(new Frame.Cancel(1));
            server.awaitFrames(1);

            assertThat(client.link(server).isSameHost()).isTrue();
        }
        assertThat(door.getPath()).doesNotExist();
    }

    @Test
    void whoWantsNoDoorUsesThePort() {
        try (TestMember server = TestMember.server("server", config -> config.sameHost(false));
                TestMember client = TestMember.client("client")) {
            assertThat(doorOf(server)).isNull();

            assertThat(client.linkTo(server).isSameHost()).isFalse();
        }
    }

    @Test
    void whatKilledMembersLeftIsSwept() throws IOException {
        Path directory;
        try (TestMember any = TestMember.server("any")) {
            directory = requireNonNull(requireNonNull(doorOf(any)).getPath().getParent());
        }
        FileTime longAgo = FileTime.from(Instant.now().minusSeconds(60));
        Path dead = directory.resolve("127.0.0.1-1");
        Path fresh = directory.resolve("127.0.0.1-2");
        try (ServerSocketChannel killed = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            killed.bind(UnixDomainSocketAddress.of(dead));
        }
        Files.setLastModifiedTime(dead, longAgo);
        Files.createFile(fresh);
        try (TestMember living = TestMember.server("living")) {
            Path door = requireNonNull(doorOf(living)).getPath();
            Files.setLastModifiedTime(door, longAgo);
            try (TestMember next = TestMember.server("next")) {
                assertThat(doorOf(next)).isNotNull();
                assertThat(dead).doesNotExist();
                assertThat(fresh).exists();
                assertThat(door).exists();
            }
        } finally {
            Files.deleteIfExists(dead);
            Files.deleteIfExists(fresh);
        }
    }

    @Test
    void aDoorThatAKilledMemberLeftGoesWithTheNextHolderOfItsPort() throws IOException {
        int port;
        UnixDomainSocketAddress left;
        try (TestMember killed = TestMember.server("killed")) {
            left = requireNonNull(doorOf(killed));
            port = killed.member().port();
        }
        Files.createFile(left.getPath());
        try (TestMember next = TestMember.server("next", port, config -> config.sameHost(false))) {
            assertThat(doorOf(next)).isNull();
            assertThat(left.getPath()).doesNotExist();
        } finally {
            Files.deleteIfExists(left.getPath());
        }
    }

    @Test
    void aDeadDoorIsPassedBy() throws IOException {
        try (TestMember server = TestMember.server("server", config -> config.sameHost(false));
                TestMember other = TestMember.server("other");
                TestMember client = TestMember.client("client")) {
            Path directory = requireNonNull(requireNonNull(doorOf(other)).getPath().getParent());
            Path dead = directory.resolve("127.0.0.1-" + server.member().port());
            Files.deleteIfExists(dead); // of a member that was killed
            Files.createFile(dead);
            try {
                assertThat(client.linkTo(server).isSameHost()).isFalse();
            } finally {
                Files.delete(dead);
            }
        }
    }
}
