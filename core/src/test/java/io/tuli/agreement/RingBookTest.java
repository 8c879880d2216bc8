package io.tuli.agreement;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Member;
import io.tuli.MemberId;
import io.tuli.Partitioner;
import io.tuli.protocol.ServiceSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Of which rings the loops of a member are told. */
class RingBookTest {

    private static final Offer SERVED = new Offer("things", 8, true, false, "");

    private final Member me = Members.client("me");
    private final Member other = Members.server("other");
    private final Member third = Members.server("third");
    private final Agreement agreement = new Agreement(me.id());
    private final RingBook rings = new RingBook(agreement);
    private final ServiceSpec things = spec();

    @BeforeEach
    void oneServes() {
        heard(other);
    }

    @Test
    void theLoopsAreToldOfARingOnce() {
        assertThat(rings.renew(things)).isNotNull();
        assertThat(rings.renew(things)).isNull();

        heard(other, third);
        assertThat(rings.renew(things)).isNotNull();
    }

    @Test
    void whoBeginsAnewIsToldAgain() {
        assertThat(rings.renew(things)).isNotNull();
        rings.forget(things.number());

        assertThat(rings.renew(things)).isNotNull();
    }

    @Test
    void aServiceGivenUpIsNobodysUntilThereIsAnotherRing() {
        assertThat(rings.nobody(things).servers()).isEmpty();

        assertThat(rings.renew(things)).isNotNull();
    }

    private void heard(Member... servers) {
        Map<MemberId, Announcement> said = new LinkedHashMap<>();
        for (Member server : servers) {
            said.put(server.id(), new Announcement(1, List.of(SERVED)));
        }
        agreement.heard(new Roster(1, List.of(servers), said, 1));
    }

    private static ServiceSpec spec() {
        int number = ServiceSpec.numberOf("things");
        return new ServiceSpec(number, "things", 8, false, Partitioner.TOP_LEVEL);
    }
}
