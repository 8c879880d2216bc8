package io.tuli.agreement;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Member;
import io.tuli.MemberId;
import io.tuli.ring.Ring;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** When a member acts on a ring, and when it gives way. */
class AgreementTest {

    private static final Offer SERVED = new Offer("things", 8, true, false, "");
    private static final Offer OTHERWISE = new Offer("things", 16, true, false, "");

    private final Member me = Members.server("me");
    private final Member other = Members.server("other");
    private final Agreement agreement = new Agreement(me.id());
    private final Map<MemberId, Announcement> said = new LinkedHashMap<>();

    @Test
    void aRingWaitsForWhoHasSaidNothing() {
        said.put(me.id(), agreement.offer(SERVED));

        heard(1, me, other);

        assertThat(agreement.ring("things", 8)).isNull();
    }

    @Test
    void aRingWithThisMemberWaitsForConfirmations() {
        said.put(other.id(), says(SERVED));
        said.put(me.id(), agreement.offer(SERVED));

        heard(0, other, me);
        assertThat(agreement.ring("things", 8)).isNull();

        heard(1, other, me);
        assertThat(ring().servers()).containsExactlyInAnyOrder(me.id(), other.id());
    }

    @Test
    void aRingWithoutThisMemberWaitsForNoConfirmation() {
        said.put(other.id(), says(SERVED));
        said.put(me.id(), says());

        heard(0, other, me);

        assertThat(ring().servers()).containsExactly(other.id());
    }

    @Test
    void whoLeavesOwnsNothingAndIsAsked() {
        said.put(other.id(), says(SERVED));
        agreement.offer(SERVED);
        said.put(me.id(), agreement.leave());

        heard(2, other, me);

        assertThat(ring().servers()).containsExactly(other.id());
        assertThat(ring().leaving()).containsExactly(me.id());
    }

    @Test
    void aClientOwnsNothingWhateverItAnnounces() {
        Member client = Members.client("client");
        said.put(client.id(), says(OTHERWISE));
        said.put(me.id(), agreement.offer(SERVED));

        heard(1, me, client);

        assertThat(ring().servers()).containsExactly(me.id());
        assertThat(agreement.late()).isEmpty();
        assertThat(agreement.conflict(SERVED)).isNull();
    }

    @Test
    void whoCameLaterGivesWay() {
        said.put(other.id(), says(OTHERWISE));
        said.put(me.id(), agreement.offer(SERVED));

        heard(1, other, me);
        assertThat(agreement.late()).containsExactly(new Agreement.Late(SERVED, OTHERWISE));

        agreement.withdraw("things");
        assertThat(agreement.late()).isEmpty();
    }

    @Test
    void whoWasFirstDoesNotGiveWay() {
        said.put(other.id(), says(OTHERWISE));
        said.put(me.id(), agreement.offer(SERVED));

        heard(1, me, other);

        assertThat(agreement.late()).isEmpty();
        assertThat(ring().servers()).containsExactly(me.id());
    }

    @Test
    void anOfferThatAgreesStandsBesideOthers() {
        said.put(other.id(), says(SERVED));
        heard(0, other, me);

        assertThat(agreement.conflict(SERVED)).isNull();
        assertThat(agreement.conflict(new Offer("notes", 16, true, false, ""))).isNull();
        assertThat(agreement.conflict(OTHERWISE)).isEqualTo(new Agreement.Conflict(other, SERVED));
    }

    @Test
    void whatOneKeptForItselfIsForAllOnceItIsShared() {
        agreement.keep("things");
        assertThat(ring().servers()).containsExactly(me.id());

        agreement.share("things");
        said.put(me.id(), agreement.offer(SERVED));
        said.put(other.id(), says(SERVED));
        heard(1, me, other);

        assertThat(ring().servers()).containsExactlyInAnyOrder(me.id(), other.id());
    }

    private Ring ring() {
        return Objects.requireNonNull(agreement.ring("things", 8));
    }

    private static Announcement says(Offer... offers) {
        return new Announcement(1, List.of(offers));
    }

    private void heard(long confirmed, Member... members) {
        agreement.heard(new Roster(1, List.of(members), said, confirmed));
    }
}
