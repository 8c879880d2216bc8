package io.tuli.membership;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tuli.Member;
import io.tuli.agreement.Announcement;
import io.tuli.agreement.Offer;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class MembershipOverSocketsTest extends Sockets {

    private static final Offer FLIGHTS = new Offer("flights", 256, true, false, "a");

    @Test
    void theFirstMemberIsAloneWithinASecond() {
        assertThat(fastestJoinAlone(MembershipConfig.of(mesh))).isLessThan(1_000);
    }

    @Test
    @Tag("FE-17")
    void membersOfOneMachineMeetWithoutConfiguration() {
        Member first = Members.server("a");
        Member second = Members.server("b");
        Membership a = join(first);

        Membership b = join(second);

        await().until(() -> a.roster().members().equals(List.of(first, second)));
        assertThat(b.roster().members()).isEqualTo(a.roster().members());
    }

    @Test
    @Tag("FE-22")
    void twentyServersAtOnceAgreeOnOneView() throws Exception {
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            members.add(Members.server("server-" + i));
        }
        long start = System.nanoTime();

        List<Membership> all = joinAtOnce(members);

        await().atMost(20, SECONDS)
                .until(() -> all.stream().allMatch(m -> m.roster().members().size() == 20));
        double agreed = millisSince(start);
        await().until(() -> all.stream().allMatch(m -> m.roster().announcements().size() == 20));
        System.out.printf(
                "20 members at once: one view %.0f ms, all announced %.0f ms%n",
                agreed, millisSince(start));
        assertThat(all.stream().map(m -> m.roster().members()).distinct()).hasSize(1);
    }

    @Test
    void aGracefulLeaveIsSeenBeforeAnyTimeOut() {
        Membership a = join(Members.server("a"));
        Membership b = join(Members.server("b"));
        await().until(() -> a.roster().members().size() == 2);

        long start = System.nanoTime();
        b.close();
        await().until(() -> a.roster().members().size() == 1);

        assertThat(millisSince(start)).isLessThan(500);
    }

    @Test
    void theMeshOutlivesItsFounder() {
        Membership founder = join(Members.server("founder"));
        Membership b = join(Members.server("b"));
        Membership c = join(Members.server("c"));
        b.announce(new Announcement(1, List.of(FLIGHTS)));
        await().until(() -> c.roster().serving("flights").size() == 1);

        founder.close();

        await().until(() -> b.roster().members().size() == 2 && c.roster().members().size() == 2);
        Membership d = join(Members.server("d"));
        await().until(() -> d.roster().isComplete() && d.roster().serving("flights").size() == 1);
    }

    @Test
    void aMemberThatRestartsIsANewOne() {
        Membership a = join(Members.server("a"));
        Member before = Members.again(7, "b", Member.Role.SERVER, 0);
        join(before).close();

        Member after = Members.again(7, "b", Member.Role.SERVER, 0);
        join(after);

        await().until(() -> a.roster().member(after.id()).isPresent());
        assertThat(a.roster().member(before.id())).isEmpty();
    }

    @Test
    void meshesOfOneMachineDoNotMeetEvenOnTheSamePorts() {
        String other = nameWithPortsOf(mesh);
        Member here = Members.server("here");
        Member there = Members.server("there");

        Membership a = join(here);
        Membership b = join(MembershipConfig.of(other), there);
        Membership c = join(MembershipConfig.of(other), Members.server("also there"));

        await().until(() -> b.roster().members().size() == 2 && c.roster().isComplete());
        assertThat(a.roster().members()).containsExactly(here);
        assertThat(b.roster().members()).contains(there).doesNotContain(here);
    }

    private static String nameWithPortsOf(String mesh) {
        int port = Beacon.firstPort(MembershipConfig.of(mesh).nameHash());
        String other = "other";
        while (Beacon.firstPort(MembershipConfig.of(other).nameHash()) != port) {
            other += "r";
            if (other.length() > 50) {
                other = "other" + other.hashCode();
            }
        }
        return other;
    }

    @Test
    void anotherProgramOnAPortOfTheMeshHurtsNobody() throws Exception {
        int first = Beacon.firstPort(MembershipConfig.of(mesh).nameHash());
        try (ServerSocket silent = new ServerSocket()) {
            bindFirstFree(silent, first);

            Membership a = join(Members.server("a"));
            Membership b = join(Members.server("b"));

            await().until(() -> a.roster().isComplete() && b.roster().members().size() == 2);
        }
    }

    private static void bindFirstFree(ServerSocket socket, int first) throws IOException {
        for (int port = first; !socket.isBound(); port++) {
            try {
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            } catch (BindException e) {
                assertThat(port).as("%s", e).isLessThan(first + Beacon.PORTS);
            }
        }
    }

    @Test
    void nothingRemainsAfterClose() {
        join(Members.server("warm-up")).close();
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        int port = 10_000 + ThreadLocalRandom.current().nextInt(8_000); // below outgoing ones
        Member first = Members.on(port, "a");

        Membership a = join(MembershipConfig.of(mesh), first);
        Membership b = join(Members.server("b"));
        b.close();
        a.close();
        open.forEach(Seat::close);

        await().untilAsserted(() -> assertThat(ours(before)).isEmpty());
        join(MembershipConfig.of(mesh), Members.on(port, "again"));
    }

    /** The JDK's own threads for virtual threads stay, and those of the test. */
    private static Set<String> ours(Set<Thread> before) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !before.contains(thread))
                .map(Thread::getName)
                .filter(name -> !name.matches("ForkJoinPool-1-.*|.*Poller|awaitility.*"))
                .collect(Collectors.toSet());
    }

    /** JGroups' own checks depend on the order in which they are set. */
    @Test
    void timingsFarFromTheDefaultsCanBeSet() {
        MembershipTimings defaults = MembershipTimings.defaults();
        MembershipTimings eager = defaults.merging(Duration.ofMillis(50), Duration.ofMillis(100));
        MembershipTimings lazy = defaults.merging(Duration.ofMinutes(5), Duration.ofMinutes(9));

        Membership a = join(MembershipConfig.of(mesh).timings(eager), Members.server("eager"));
        join(MembershipConfig.of(mesh).timings(lazy), Members.server("lazy"));

        await().until(() -> a.roster().members().size() == 2);
    }

    @Test
    void membersWithOneSecretMeetAndOthersDoNot() {
        MembershipConfig config = MembershipConfig.of(mesh);
        String secret = "a secret of thirty-two letters..";
        Membership a = join(config, secret, Members.server("a"));
        Membership wrong =
                join(config, "another one, of thirty-two letters", Members.server("wrong"));
        Membership open = join(Members.server("open"));

        Membership b = join(config, secret, Members.server("b"));

        await().until(() -> a.roster().isComplete() && a.roster().members().size() == 2);
        assertThat(b.roster().members()).isEqualTo(a.roster().members());
        assertThat(wrong.roster().members()).hasSize(1);
        assertThat(open.roster().members()).hasSize(1);
    }
}
