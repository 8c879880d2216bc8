package io.tuli.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tuli.Member;
import io.tuli.agreement.Announcement;
import io.tuli.agreement.Offer;
import io.tuli.agreement.Roster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MembershipTest {

    private static final MembershipTimings QUICK =
            MembershipTimings.defaults().announcing(Duration.ofMillis(100), Duration.ofMillis(10));
    private static final Offer FLIGHTS = new Offer("flights", 256, true, false, "a");

    private final FakeMesh mesh = new FakeMesh();
    private final List<Membership> open = new ArrayList<>();

    @AfterEach
    void closeAll() {
        open.forEach(Membership::close);
    }

    @Test
    void joinReturnsWithARosterOfOneself() {
        List<Roster> heard = new CopyOnWriteArrayList<>();
        Member self = Members.server("a");

        Membership alone = membership(self, heard);

        assertThat(alone.roster().members()).containsExactly(self);
        assertThat(alone.roster().isComplete()).isTrue();
        assertThat(heard).contains(alone.roster());
    }

    @Test
    void aMembershipJoinsOnce() {
        Membership joined = membership(Members.server("a"));

        assertThatThrownBy(joined::join).hasMessageContaining("joins once");
    }

    @Test
    void everyMemberHearsWhatTheOthersAnnounce() {
        Membership a = membership(Members.server("a"));
        Member second = Members.server("b");
        Membership b = membership(second);

        b.announce(new Announcement(1, List.of(FLIGHTS)));

        await().until(() -> a.roster().offer(second.id(), "flights").isPresent());
        assertThat(a.roster().serving("flights")).containsExactly(second);
        assertThat(b.roster().members()).isEqualTo(a.roster().members());
    }

    @Test
    void whoJoinsLaterHearsWhatWasAnnouncedBefore() {
        Member first = Members.server("a");
        membership(first).announce(new Announcement(7, List.of(FLIGHTS)));

        Membership late = membership(Members.client("b"));

        await().until(() -> late.roster().isComplete());
        assertThat(late.roster().announcements().get(first.id()).version()).isEqualTo(7);
    }

    @Test
    void aLostAnnouncementHeals() {
        Membership a = membership(Members.server("a"));
        Member second = Members.server("b");
        Membership b = membership(second);
        await().until(() -> a.roster().isComplete() && b.roster().isComplete());

        mesh.lose(2);
        b.announce(new Announcement(1, List.of(FLIGHTS)));

        await().until(() -> a.roster().serving("flights").contains(second));
    }

    @Test
    void whoWasNotHeardIsAsked() {
        MembershipTimings neverRepeating =
                QUICK.announcing(Duration.ofHours(1), Duration.ofMillis(10));
        Membership a = membership(Members.server("a"), neverRepeating, new ArrayList<>());

        mesh.lose(3);
        Membership b = membership(Members.server("b"), neverRepeating, new ArrayList<>());

        await().until(() -> a.roster().isComplete() && b.roster().isComplete());
    }

    @Test
    void aRosterIsIncompleteWhileAServerIsSilent() {
        Membership a = membership(Members.server("a"));
        Member silent = Members.server("silent");
        Member client = Members.client("client");

        mesh.channel(client).connect(new SilentMember());
        mesh.channel(silent).connect(new SilentMember());

        await().until(() -> a.roster().members().size() == 3);
        assertThat(a.roster().isComplete()).isFalse();
        assertThat(a.roster().silentServers()).containsExactly(silent);
    }

    @Test
    void whoLeavesAndWhoDiesIsGoneWithItsAnnouncement() {
        Member first = Members.server("a");
        Membership a = membership(first);
        Membership leaving = membership(Members.server("b"));
        Member killed = Members.server("c");
        membership(killed);
        await().until(() -> a.roster().announcements().size() == 3);

        leaving.close();
        mesh.kill(killed.id());

        await().until(() -> a.roster().members().equals(List.of(first)));
        assertThat(a.roster().announcements()).containsOnlyKeys(first.id());
    }

    @Test
    void aMemberThatRestartsIsANewOne() {
        Membership a = membership(Members.server("a"));
        Member before = Members.again(42, "b", Member.Role.SERVER, 0);
        membership(before).announce(new Announcement(9, List.of(FLIGHTS)));
        await().until(() -> a.roster().serving("flights").contains(before));
        mesh.kill(before.id());

        Member after = Members.again(42, "b", Member.Role.SERVER, 0);
        membership(after);

        await().until(() -> a.roster().member(after.id()).isPresent() && a.roster().isComplete());
        assertThat(a.roster().member(before.id())).isEmpty();
        assertThat(a.roster().serving("flights")).isEmpty();
    }

    @Test
    void membersWithOtherSettingsShowInTheRoster() {
        Membership a = membership(Members.server("a"));
        a.announce(new Announcement(1, List.of(FLIGHTS)));
        Member odd = Members.server("odd");
        Offer fewer = new Offer("flights", 16, true, false, "a");

        membership(odd).announce(new Announcement(1, List.of(fewer)));

        await().until(() -> a.roster().offer(odd.id(), "flights").isPresent());
        assertThat(a.roster().offer(odd.id(), "flights")).contains(fewer);
    }

    @Test
    void twoHalvesOfASplitMeetAgain() {
        Member first = Members.server("a");
        Member second = Members.server("b");
        Membership a = membership(first);
        Membership b = membership(second);
        mesh.split(List.of(second.id()));
        await().until(() -> a.roster().members().equals(List.of(first)));
        b.announce(new Announcement(1, List.of(FLIGHTS)));

        mesh.heal();

        await().until(() -> a.roster().serving("flights").contains(second));
        await().until(() -> b.roster().isComplete() && b.roster().members().size() == 2);
    }

    @Test
    void garbageChangesNothing() {
        Membership a = membership(Members.server("a"));
        Member stranger = Members.server("stranger");
        ControlChannel channel = mesh.channel(stranger);
        channel.connect(new SilentMember());
        await().until(() -> a.roster().members().size() == 2);
        long number = a.roster().number();

        channel.sendToAll(new byte[] {2, 1, 0});
        channel.sendToAll(new byte[0]);
        channel.sendToAll(new ControlMessage.Announce(Announcement.NOTHING, false).encode());

        await().until(() -> a.roster().isComplete());
        assertThat(a.roster().number()).isEqualTo(number + 1);
    }

    @Test
    void anOlderAnnouncementIsRefusedAtHomeAndIgnoredElsewhere() {
        Membership a = membership(Members.server("a"));
        Member second = Members.server("b");
        ControlChannel channel = mesh.channel(second);
        channel.connect(new SilentMember());
        Announcement newer = new Announcement(5, List.of(FLIGHTS));
        channel.sendToAll(new ControlMessage.Announce(newer, false).encode());
        await().until(() -> a.roster().offer(second.id(), "flights").isPresent());

        Announcement older = new Announcement(4, List.of());
        channel.sendToAll(new ControlMessage.Announce(older, false).encode());
        a.announce(newer);

        await().until(() -> a.roster().serving("flights").size() == 2);
        assertThatThrownBy(() -> a.announce(newer)).hasMessageContaining("must be > 5");
    }

    @Test
    void aListenerThatThrowsHearsTheNextRosterToo() {
        List<Roster> heard = new CopyOnWriteArrayList<>();
        Membership a =
                new Membership(
                        mesh.channel(Members.server("a")),
                        QUICK,
                        Members.server("a"),
                        roster -> {
                            heard.add(roster);
                            throw new IllegalStateException("on purpose");
                        });
        open.add(a);
        a.join();
        int before = heard.size();

        membership(Members.server("b"));

        await().until(() -> heard.size() > before);
    }

    @Test
    void aListenerMayCloseItsMembership() {
        List<Membership> self = new CopyOnWriteArrayList<>();
        List<Roster> heard = new CopyOnWriteArrayList<>();
        Member first = Members.server("a");
        Membership a =
                new Membership(
                        mesh.channel(first),
                        QUICK,
                        first,
                        roster -> {
                            heard.add(roster);
                            if (roster.members().size() > 1) {
                                self.forEach(Membership::close);
                            }
                        });
        self.add(a);
        a.join();

        Membership b = membership(Members.server("b"));

        await().until(() -> b.roster().members().size() == 1);
        assertThat(heard).last().matches(roster -> roster.members().size() == 2);
    }

    private Membership membership(Member self) {
        return membership(self, new ArrayList<>());
    }

    private Membership membership(Member self, List<Roster> heard) {
        return membership(self, QUICK, heard);
    }

    private Membership membership(Member self, MembershipTimings timings, List<Roster> heard) {
        Membership membership = new Membership(mesh.channel(self), timings, self, heard::add);
        open.add(membership);
        membership.join();
        return membership;
    }
}
