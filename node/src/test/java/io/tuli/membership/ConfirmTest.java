package io.tuli.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tuli.Member;
import io.tuli.agreement.Announcement;
import io.tuli.agreement.Offer;
import io.tuli.agreement.Roster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An announcement is confirmed by those who have heard it. */
class ConfirmTest {

    private static final Offer FLIGHTS = new Offer("flights", 256, true, false, "a");
    private static final Announcement SERVING = new Announcement(1, List.of(FLIGHTS));
    private static final MembershipTimings PATIENT =
            MembershipTimings.defaults()
                    .announcing(Duration.ofMillis(100), Duration.ofMillis(10))
                    .confirming(Duration.ofSeconds(60));

    private final FakeMesh mesh = new FakeMesh();
    private final List<Membership> open = new ArrayList<>();
    private final Map<Member, List<Roster>> heard = new LinkedHashMap<>();

    @AfterEach
    void closeAll() {
        open.forEach(Membership::close);
    }

    @Test
    void aloneNothingIsWaitedFor() {
        Member self = Members.server("a");

        joined(self).announce(SERVING);

        await().until(() -> isServing(self));
        assertThat(begun(self).confirmed()).isEqualTo(1);
        assertThat(heard.get(self))
                .filteredOn(roster -> !roster.serving("flights").isEmpty())
                .allMatch(roster -> roster.confirmed() == 1);
    }

    @Test
    void whoIsHeldUpDelaysTheConfirmation() {
        Member first = Members.server("a");
        Membership a = joined(first);
        Membership b = joined(Members.server("b"));
        joined(Members.client("client"));
        awaitComplete();

        mesh.hold();
        a.announce(SERVING);
        await().until(() -> a.roster().serving("flights").contains(first));
        assertThat(a.roster().confirmed()).isZero();
        mesh.release();

        await().until(() -> a.roster().confirmed() == 1);
        assertThat(b.roster().serving("flights")).containsExactly(first);
    }

    @Test
    void aLostConfirmationIsGivenAgain() {
        Membership a = joined(Members.server("a"));
        joined(Members.server("b"));
        awaitComplete();

        mesh.lose(3);
        a.announce(SERVING);

        await().until(() -> a.roster().confirmed() == 1);
    }

    @Test
    void whoNeverConfirmsIsNotWaitedForLongerThanSaid() {
        Membership a = joined(Members.server("a"), PATIENT.confirming(Duration.ofMillis(100)));
        ControlChannel mute = mesh.channel(Members.server("mute"));
        mute.connect(new SilentMember());
        mute.sendToAll(new ControlMessage.Announce(Announcement.NOTHING, false).encode());
        awaitComplete();

        a.announce(SERVING);

        await().until(() -> a.roster().confirmed() == 1);
    }

    @Test
    void whoDiesIsNotWaitedFor() {
        Membership a = joined(Members.server("a"));
        Member mute = Members.server("mute");
        ControlChannel channel = mesh.channel(mute);
        channel.connect(new SilentMember());
        channel.sendToAll(new ControlMessage.Announce(Announcement.NOTHING, false).encode());
        awaitComplete();

        a.announce(SERVING);
        mesh.kill(mute.id());

        await().until(() -> a.roster().confirmed() == 1);
    }

    @Test
    void ofTwoThatBeginAtOnceOneBeginsKnowingTheOther() {
        long seed = Long.getLong("tuli.seed", 42);
        Random random = new Random(seed);
        for (int round = 0; round < 20; round++) {
            List<Member> servers = new ArrayList<>();
            for (int i = 0; i < 2 + round % 4; i++) {
                servers.add(Members.server("s" + i));
            }
            beginAtOnce(servers, random);

            assertThat(strangers(servers)).as("-Dtuli.seed=%d", seed).isEmpty();

            closeAll();
            open.clear();
        }
    }

    /** Messages arrive in any order, and some not at all. */
    private void beginAtOnce(List<Member> servers, Random random) {
        List<Membership> memberships = servers.stream().map(this::joined).toList();
        awaitComplete();
        mesh.hold();
        int begun = 0;
        while (begun < memberships.size() || !servers.stream().allMatch(this::hasBegun)) {
            if (begun < memberships.size() && random.nextInt(4) == 0) {
                memberships.get(begun++).announce(SERVING);
            }
            mesh.lose(random.nextInt(50) == 0 ? 1 : 0);
            if (!mesh.arrive(random)) {
                Thread.onSpinWait();
            }
        }
        mesh.release();
    }

    private List<String> strangers(List<Member> servers) {
        List<String> strangers = new ArrayList<>();
        for (Member one : servers) {
            for (Member other : servers) {
                if (!begun(one).serving("flights").contains(other)
                        && !begun(other).serving("flights").contains(one)) {
                    strangers.add(one + " and " + other);
                }
            }
        }
        return strangers;
    }

    private boolean hasBegun(Member member) {
        return heard.get(member).stream().anyMatch(roster -> roster.confirmed() >= 1);
    }

    /** What it knew when it was free to act. */
    private Roster begun(Member member) {
        return heard.get(member).stream()
                .filter(roster -> roster.confirmed() >= 1)
                .findFirst()
                .orElseThrow();
    }

    private boolean isServing(Member member) {
        return heard.get(member).stream()
                .anyMatch(roster -> roster.serving("flights").contains(member));
    }

    private void awaitComplete() {
        await().pollInterval(Duration.ofMillis(2))
                .until(() -> open.stream().map(Membership::roster).allMatch(this::isComplete));
    }

    private boolean isComplete(Roster roster) {
        return roster.isComplete() && roster.members().size() == mesh.size();
    }

    private Membership joined(Member self) {
        return joined(self, PATIENT);
    }

    private Membership joined(Member self, MembershipTimings timings) {
        List<Roster> rosters = new CopyOnWriteArrayList<>();
        heard.put(self, rosters);
        Membership membership = mesh.membership(self, timings, rosters::add);
        open.add(membership);
        membership.join();
        return membership;
    }
}
