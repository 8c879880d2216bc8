package io.tuli.membership;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tuli.socket.NameServer;
import io.tuli.socket.PeerNames;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Members on two loopback addresses stand for two machines: no beacon is seen on both. */
class PeersTest extends Sockets {

    @Test
    @Tag("FE-17")
    void membersOnTwoAddressesMeetWhereOneNamesTheOther() throws Exception {
        int port = freePort();
        Membership a = join(MembershipConfig.of(mesh), Members.on(port, "a"));

        Membership b = join(naming(port), Members.server("b"));

        await().until(() -> a.roster().members().size() == 2);
        assertThat(b.roster().members()).isEqualTo(a.roster().members());
    }

    @Test
    @Tag("CO-25")
    void aPeerMayBeNamedByItsHost() throws Exception {
        int port = freePort();
        Membership a = join(MembershipConfig.of(mesh), Members.on(port, "a"));
        InetSocketAddress named = InetSocketAddress.createUnresolved("localhost", port);

        join(onlyElsewhere().peers(List.of(named)), Members.server("b"));

        await().until(() -> sees(a, 2));
    }

    @Test
    void aPeerThatIsNotThereDelaysNobody() throws Exception {
        MembershipConfig config = naming(freePort());

        assertThat(fastestJoinAlone(config)).isLessThan(1_000);
    }

    @Test
    void peersAreFoundByTheRecordsOfAName() throws Exception {
        try (NameServer names = new NameServer()) {
            int port = freePort();
            Membership a = join(MembershipConfig.of(mesh), Members.on(port, "a"));
            names.services("_tuli._tcp.test", "one.test:" + port);
            names.addresses("one.test", "127.0.0.7", "127.0.0.1");
            String records = "srv:_tuli._tcp.test@" + names.address();

            join(onlyElsewhere().peers(List.of(PeerNames.named(records))), Members.server("b"));

            await().until(() -> sees(a, 2));
        }
    }

    @Test
    void whomANameStandsForOnlyLaterIsMetThen() throws Exception {
        try (NameServer names = new NameServer()) {
            int port = freePort();
            String records = "srv:_tuli._tcp.test@" + names.address();
            Membership b =
                    join(
                            onlyElsewhere().peers(List.of(PeerNames.named(records))),
                            Members.server("b"));
            Membership a = join(MembershipConfig.of(mesh), Members.on(port, "a"));
            assertThat(b.roster().members()).hasSize(1);

            names.services("_tuli._tcp.test", "127.0.0.1:" + port);

            await().atMost(20, SECONDS).until(() -> sees(a, 2) && sees(b, 2));
        }
    }

    /** Several times: which of the two coordinators has to lead the merge is chance. */
    @RepeatedTest(3)
    void twoMeshesMergeThroughAMemberThatKnowsBoth() throws Exception {
        int port = freePort();
        Membership a = join(MembershipConfig.of(mesh), Members.on(port, "a"));
        Membership b = join(onlyElsewhere(), Members.server("b"));
        assertThat(a.roster().members()).hasSize(1);
        assertThat(b.roster().members()).hasSize(1);

        long start = System.nanoTime();
        Membership c = join(naming(port), Members.server("c"));
        assertThat(c.roster().members()).hasSize(2);

        await().atMost(20, SECONDS)
                .until(() -> List.of(a, b, c).stream().allMatch(m -> sees(m, 3)));
        System.out.printf("two meshes merged after %.0f ms%n", millisSince(start));
    }

    @Test
    void membersWhoseMeshesMergedThroughOthersMeetToo() throws Exception {
        int port = freePort();
        Membership a = join(MembershipConfig.of(mesh), Members.server("a"));
        Membership d = join(MembershipConfig.of(mesh), Members.on(port, "d"));
        Membership b = join(onlyElsewhere(), Members.server("b"));

        Membership c = join(naming(port), Members.server("c"));

        await().atMost(20, SECONDS)
                .until(() -> List.of(a, b, c, d).stream().allMatch(m -> sees(m, 4)));
    }

    private static boolean sees(Membership membership, int members) {
        return membership.roster().members().size() == members && membership.roster().isComplete();
    }

    private MembershipConfig onlyElsewhere() throws UnknownHostException {
        return MembershipConfig.of(mesh).bind(elsewhere());
    }

    private MembershipConfig naming(int dataPort) throws UnknownHostException {
        return onlyElsewhere().peers(List.of(peer(dataPort)));
    }

    private static int freePort() throws IOException {
        int port = 10_000 + ThreadLocalRandom.current().nextInt(8_000); // below outgoing ones
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
