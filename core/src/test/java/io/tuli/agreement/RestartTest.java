package io.tuli.agreement;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Member;
import io.tuli.MemberId;
import io.tuli.Partitioner;
import io.tuli.ServiceConfig.MergePolicy;
import io.tuli.agreement.RestartRule.Need;
import io.tuli.protocol.ServiceSpec;
import io.tuli.ring.Ring;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Who may begin after a restart of all: by the rings that those who are here have kept. Seen from
 * one member that comes back; the others only announce.
 */
@Tag("D7")
class RestartTest {

    private static final Offer SERVED = new Offer("things", 8, true, false, "");
    private static final long SECOND = 1_000_000_000L;

    private final Member me = Members.server("me");
    private final Member b = Members.server("b");
    private final Member c = Members.server("c");
    private final Map<MemberId, Announcement> said = new LinkedHashMap<>();
    private final List<KeptRing> written = new ArrayList<>();
    private Agreement agreement = agreement(RestartRule.DEFAULT);
    private RingBook rings = new RingBook(agreement);
    private long now;

    private Agreement agreement(RestartRule rule) {
        return new Agreement(
                me.id(), new Restarts(me.id(), 5, rule, (service, ring) -> written.add(ring)));
    }

    // ---- what is written -----------------------------------------------------------------------

    @Test
    void aRingIsActedOnOnceItIsWritten() {
        comesBack(KeptRing.NONE);

        assertThat(ring()).isNull();
        assertThat(written).containsExactly(kept(1, me));
        assertThat(ring()).as("it is under way").isNull();
        assertThat(written).hasSize(1);

        agreement.kept("things", written.get(0));
        assertThat(ring()).isNotNull();
        assertThat(life()).isEqualTo(life(5, kept(1, me), true));
        assertThat(agreement.news()).isNull();
    }

    @Test
    void whatOthersHaveWrittenIsTakenOverAsItIs() {
        says(b, life(5, kept(7, me, b), true));
        comesBack(before(3, me, b), b);

        assertThat(ring()).isNull();

        assertThat(written).containsExactly(kept(7, me, b));
    }

    @Test
    void aRingThatOthersHaveNotWrittenComesAfterAllThatWere() {
        says(b, life(5, kept(7, b, c), true));
        comesBack(before(3, me, b, c), b);

        assertThat(ring()).isNull();

        assertThat(written).containsExactly(kept(8, me, b));
    }

    @Test
    void aRingThatHasChangedMeanwhileIsWrittenAnew() {
        comesBack(KeptRing.NONE);
        assertThat(ring()).isNull();
        says(b, life(5, KeptRing.NONE, false));
        heard(me, b);

        agreement.kept("things", written.get(0));
        assertThat(ring()).as("that of both").isNull();
        assertThat(written.get(1)).isEqualTo(kept(2, me, b));
        assertThat(agreement.news()).as("not before all is written").isNull();

        agreement.kept("things", written.get(1));
        assertThat(ring()).isNotNull();
    }

    @Test
    void whoIsOnItsWayOutIsWrittenToo() {
        says(b, SERVED.leaving(true).living(life(5, KeptRing.NONE, true)));
        comesBack(KeptRing.NONE, b);

        assertThat(ring()).isNull();

        assertThat(written).containsExactly(kept(1, me, b));
    }

    @Test
    void whoOnlyUsesAServiceWritesNothing() {
        says(b, life(5, kept(7, b), true));
        said.put(me.id(), agreement.offer(new Offer("things", 8, false, false, "")));
        heard(b, me);

        assertThat(ring()).isNotNull();
        assertThat(written).isEmpty();
    }

    // ---- whom it waits for ---------------------------------------------------------------------

    @Test
    void itGoesOnWithThoseWhoRunIt() {
        says(b, life(5, kept(9, b), true));
        comesBack(before(3, me, b, c), b);

        assertThat(may()).isTrue();
    }

    @Test
    void whenAllAreBackTheyGoOnAtOnce() {
        says(b, life(5, before(3, me, b), false));
        says(c, life(5, KeptRing.NONE, false));
        comesBack(before(3, me, b), b, c);

        assertThat(may()).as("a third one is nobody's answer and in nobody's way").isTrue();
    }

    @Test
    void theLatestRingThatAnybodyHasKeptCounts() {
        says(b, life(5, before(4, me, b, c), false));
        comesBack(before(3, me, b), b);

        assertThat(may()).isFalse();
        assertThat(text()).contains(hex(c)).doesNotContain(hex(b));
    }

    @Test
    void ofTwoSidesAllAreWaitedFor() {
        says(b, life(5, kept(4, b), false));
        comesBack(before(4, me, c), b);

        assertThat(may()).isFalse();
        assertThat(text()).contains(hex(c));
    }

    @Test
    void whoHasNothingAndHasHeardOfOthersDoesNotBeginWithoutThem() {
        says(b, life(5, kept(4, b, c), false));
        comesBack(KeptRing.NONE, b);
        assertThat(written).as("it would know after a restart").containsExactly(kept(4, b, c));

        heard(me);

        waits(100);
        assertThat(agreement.ring("things", 8)).isNull();
        assertThat(text()).contains(hex(b)).contains(hex(c));
    }

    @Test
    void norWhereTheyRanItAndWentBeforeItHadJoinedThem() {
        says(b, life(5, kept(4, b, c), true));
        comesBack(KeptRing.NONE, b);
        assertThat(written).as("the next is that with itself").isEmpty();

        heard(me);

        waits(100);
        assertThat(agreement.ring("things", 8)).isNull();
        assertThat(written).containsExactly(kept(4, b, c));
        assertThat(text()).contains(hex(b)).contains(hex(c));
    }

    @Test
    void whoHasSomethingSaysSoBeforeItServesIt() {
        Restarts restarts = new Restarts(me.id(), 5, RestartRule.DEFAULT, RingKeeper.NONE);
        agreement = new Agreement(me.id(), restarts, Map.of("things", before(4, me, b)));

        Announcement first = agreement.begin();

        Offer had = Offer.kept("things", life(5, before(4, me, b), false));
        assertThat(first).isEqualTo(new Announcement(1, List.of(had)));
        assertThat(agreement.offer(SERVED).offers())
                .extracting(Offer::serving)
                .containsExactly(true);
        assertThat(new Agreement(me.id()).begin()).isNull();
    }

    @Test
    void whatOneHasWhoDoesNotServeItYetIsWaitedFor() {
        says(b, Offer.kept("things", life(5, kept(4, b), false)));
        comesBack(KeptRing.NONE, b);

        assertThat(agreement.ring("things", 8)).isNull();
        assertThat(text()).contains(hex(b));

        says(b, life(5, kept(4, b), false));
        heard(me, b);
        assertThat(agreement.ring("things", 8)).isNotNull();
    }

    @Test
    void whatAClientSaysThatItHasCountsForNothing() {
        Member client = new Member(b.id(), "b", Member.Role.CLIENT, "127.0.0.1", 0);
        says(client, Offer.kept("things", life(5, kept(4, b), false)));
        comesBack(KeptRing.NONE, client);

        assertThat(agreement.ring("things", 8)).isNotNull();
    }

    @Test
    void whoWaitsWritesBothSidesOfASplit() {
        says(b, life(5, kept(4, b), false));
        comesBack(before(4, me, c), b);

        List<KeptRing.Server> both = List.of(at(b, 5), at(c, 5), at(again(me), 4));
        assertThat(written).containsExactly(new KeptRing(4, both, ""));
        agreement.kept("things", written.get(0));
        heard(me, b);

        assertThat(written).hasSize(1);
        assertThat(life()).isEqualTo(life(5, written.get(0), false));
    }

    @Test
    void whatAnOldCopySaysIsNotRemembered() {
        says(b, life(3, kept(9, b, me), false));
        says(c, life(5, new KeptRing(4, List.of(at(again(b), 5), at(c, 5)), ""), false));
        comesBack(KeptRing.NONE, b, c);

        assertThat(written).noneMatch(ring -> ring.generation() == 9);
    }

    @Test
    void withoutOneOfSeveralItGoesOnAfterAWhile() {
        says(b, life(5, before(3, me, b, c), false));
        comesBack(before(3, me, b, c), b);

        waits(29);
        assertThat(may()).isFalse();
        waits(2);
        assertThat(may()).isTrue();
    }

    @Test
    void withoutTwoItWaitsForEver() {
        comesBack(before(3, me, b, c));

        waits(10_000);

        assertThat(may()).isFalse();
        assertThat(text()).contains(hex(b), hex(c), "here=1");
    }

    @Test
    void aTimeForAnotherOneIsNotCounted() {
        says(b, life(5, before(3, me, b, c), false));
        comesBack(before(3, me, b, c), b);
        waits(29);
        said.remove(b.id());
        says(c, life(5, before(3, me, b, c), false));
        heard(me, c);

        assertThat(may()).isFalse();
        waits(29);
        assertThat(may()).isFalse();
        waits(3);
        assertThat(may()).isTrue();
    }

    @Test
    void aTimeInWhichTheProcessStoodStillIsNotCounted() {
        says(b, life(5, before(3, me, b, c), false));
        comesBack(before(3, me, b, c), b);
        waits(5);

        now += 3_600 * SECOND;
        agreement.tick(now);

        assertThat(may()).isFalse();
    }

    @Test
    void whoNeedsAllWaitsForTheLast() {
        says(b, life(5, before(3, me, b, c), false));
        with(new RestartRule(Need.ALL, 0, 1));
        comesBack(before(3, me, b, c), b);

        waits(10_000);

        assertThat(may()).isFalse();
    }

    @Test
    void whoNeedsNobodyGoesOnAlone() {
        with(new RestartRule(Need.ANY, 0, 1));
        comesBack(before(3, me, b, c));

        assertThat(may()).isTrue();
    }

    @Test
    void whatNobodyEverHadBeginsWithAsManyAsAreExpected() {
        with(new RestartRule(Need.SAFE, 0, 2));
        comesBack(KeptRing.NONE);

        waits(10_000);
        assertThat(may()).isFalse();
        assertThat(text()).contains("expected=2 here=1");

        says(b, life(1, KeptRing.NONE, false));
        heard(me, b);
        assertThat(may()).isTrue();
    }

    @Test
    void anOperatorGivesUpWhoIsLost() {
        comesBack(before(3, me, b, c).without(Set.of(b.id().node(), c.id().node()), "both burnt"));

        assertThat(may()).isTrue();
        assertThat(written).containsExactly(kept(5, me));
    }

    @Test
    void aServiceOfWhichSomethingIsDamagedIsNotHere() {
        says(b, new Offer("things", 8, true, false, "").living(damaged()));
        comesBack(before(3, me, b), b);

        assertThat(may()).isFalse();
        assertThat(text()).contains(hex(b));
        waits(31);
        assertThat(may()).isTrue();
        assertThat(written).containsExactly(kept(4, me));
    }

    private Life damaged() {
        return new Life(5, before(3, me, b), false, true);
    }

    // ---- copies of directories -----------------------------------------------------------------

    @Test
    void aLaterLifeOfADirectoryTakesTheEarlierOnesPlace() {
        Member earlier = again(me);
        says(earlier, life(4, before(3, me), true));
        comesBack(before(3, me), earlier);

        assertThat(may()).isTrue();
        assertThat(written).containsExactly(kept(4, me));
    }

    @Test
    void twoCopiesOfADirectoryAreBothRefused() {
        Member copy = again(me);
        says(copy, life(5, before(3, me), false));
        comesBack(before(3, me), copy);

        assertThat(may()).isFalse();
        assertThat(agreement.restart("things")).isInstanceOf(Restart.Refused.class);
        assertThat(text()).contains("" + me.id(), "" + copy.id());
    }

    @Test
    void aCopyOfADirectoryThatIsInUseIsRefused() {
        Member copy = again(me);
        says(copy, life(5, kept(3, copy), true));
        comesBack(before(3, me), copy);

        assertThat(agreement.restart("things")).isInstanceOf(Restart.Refused.class);
        assertThat(ring()).isNotNull();
        assertThat(written).as("it is in no ring").isEmpty();
    }

    @Test
    void anOldCopyOfADirectoryIsRefusedByThoseWhoKnewALaterLife() {
        Member later = again(me);
        says(b, life(5, new KeptRing(9, List.of(at(later, 5), at(b, 5)), ""), false));
        comesBack(before(20, me), b);

        assertThat(agreement.restart("things")).isInstanceOf(Restart.Refused.class);
        assertThat(text()).contains("old copy", "" + me.id(), "" + later.id());
        assertThat(may()).isFalse();
    }

    @Test
    void anOldCopyStaysOneWhenNobodyHasKeptAnyMoreThatThereWasALaterLife() {
        Member later = again(me);
        says(b, life(5, new KeptRing(9, List.of(at(later, 5), at(b, 5)), ""), false));
        comesBack(kept(20, me), b);
        assertThat(life().isDamaged()).as("it says so itself").isTrue();

        says(b, life(5, new KeptRing(21, List.of(at(b, 5)), ""), true));
        heard(b, me);

        assertThat(text()).contains("old copy");
        assertThat(ring()).isNotNull();
        assertThat(written).as("it is in no ring").isEmpty();
    }

    // ---- what happens --------------------------------------------------------------------------

    private void with(RestartRule rule) {
        agreement = agreement(rule);
        rings = new RingBook(agreement);
    }

    private void comesBack(KeptRing last, Member... others) {
        agreement.recovered("things", last, false);
        said.put(me.id(), agreement.offer(SERVED));
        List<Member> all = new ArrayList<>(List.of(others));
        all.add(me);
        heard(all.toArray(Member[]::new));
    }

    private void says(Member member, Life life) {
        says(member, SERVED.living(life));
    }

    private void says(Member member, Offer offer) {
        said.put(member.id(), new Announcement(1, List.of(offer)));
    }

    private void heard(Member... members) {
        agreement.heard(new Roster(1, List.of(members), said, 100));
        agreement.tick(now);
    }

    private void waits(int seconds) {
        for (int i = 0; i < seconds; i++) {
            now += SECOND;
            agreement.tick(now);
        }
    }

    private boolean may() {
        return agreement.ring("things", 8) != null && ring() == null && !written.isEmpty();
    }

    private @Nullable Ring ring() {
        return rings.renew(
                new ServiceSpec(
                        ServiceSpec.numberOf("things"),
                        "things",
                        8,
                        true,
                        Partitioner.TOP_LEVEL,
                        MergePolicy.LAST_WRITE_WINS,
                        false,
                        false,
                        0,
                        0));
    }

    private Life life() {
        Announcement news = agreement.news();
        assertThat(news).isNotNull();
        Life life = news.offers().get(0).life();
        assertThat(life).isNotNull();
        return life;
    }

    private static Life life(long boot, KeptRing ring, boolean isRunning) {
        return new Life(boot, ring, isRunning, false);
    }

    private String text() {
        return agreement.restart("things").text();
    }

    private static String hex(Member member) {
        return "%016x".formatted(member.id().node());
    }

    /** Another process with the same directory. */
    private static Member again(Member member) {
        MemberId other = new MemberId(member.id().node(), member.id().incarnation() + 1_000_000);
        return new Member(other, "again", Member.Role.SERVER, "127.0.0.1", 0);
    }

    /** A ring with the lives that all have now. */
    private static KeptRing kept(long generation, Member... members) {
        List<KeptRing.Server> servers = new ArrayList<>();
        for (Member member : members) {
            servers.add(at(member, 5));
        }
        return new KeptRing(generation, servers, "");
    }

    /** A ring with the life that this member had before. */
    private KeptRing before(long generation, Member... members) {
        List<KeptRing.Server> servers = new ArrayList<>();
        for (Member member : members) {
            servers.add(member.equals(me) ? at(again(me), 4) : at(member, 5));
        }
        return new KeptRing(generation, servers, "");
    }

    private static KeptRing.Server at(Member member, long boot) {
        return new KeptRing.Server(member.id(), boot);
    }
}
