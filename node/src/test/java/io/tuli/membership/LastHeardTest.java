package io.tuli.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jgroups.Address;
import org.jgroups.stack.IpAddress;
import org.junit.jupiter.api.Test;

class LastHeardTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Address one = at(1);
    private final Address other = at(2);
    private final LastHeard lastHeard = new LastHeard();

    private static Address at(int port) {
        return new IpAddress(InetAddress.getLoopbackAddress(), port);
    }

    @Test
    void whoIsNoMemberAndWasSilentIsToGo() {
        lastHeard.heard(one, 0);
        lastHeard.heard(other, 4 * SECOND);

        assertThat(lastHeard.silent(Set.of(one, other), Set.of(), 5 * SECOND)).containsExactly(one);
    }

    @Test
    void membersStayHoweverSilent() {
        assertThat(lastHeard.silent(Set.of(one), Set.of(one), 5 * SECOND)).isEmpty();
    }

    @Test
    void whoAsksToJoinOrLeavesHasJustBeenHeard() {
        lastHeard.heard(one, 4 * SECOND);

        assertThat(lastHeard.silent(Set.of(one), Set.of(other), 5 * SECOND)).isEmpty();
    }

    @Test
    void whomNoConnectionLeadsToIsForgotten() {
        lastHeard.heard(one, 4 * SECOND);
        lastHeard.silent(Set.of(other), Set.of(other), 5 * SECOND);

        assertThat(lastHeard.silent(Set.of(one), Set.of(), 5 * SECOND)).containsExactly(one);
    }
}
