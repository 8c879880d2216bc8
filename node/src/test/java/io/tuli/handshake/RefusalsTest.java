package io.tuli.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who is refused is counted, and told while that is news to somebody. */
class RefusalsTest {

    private static final InetSocketAddress HERE = InetSocketAddress.createUnresolved("here", 1);

    private final List<String> told = new ArrayList<>();
    private final Refusals refusals = new Refusals((address, refusal, why) -> told.add(why));

    @Test
    void aReasonIsToldOnceAMinuteForEachAddress() {
        refusals.count(HERE, Refusal.SECRET, "one");
        refusals.count(HERE, Refusal.SECRET, "two");
        refusals.count(HERE, Refusal.TOKEN, "three");
        assertThat(told).containsExactly("one", "three");
        assertThat(refusals.counts()).containsEntry(Refusal.SECRET, 2L);
    }

    @Test
    void aMemberThatClosesTellsOfNoConnectionThatItEnds() {
        refusals.closing();
        refusals.count(HERE, Refusal.NOT_TULI, "TLS 1.3 failed");
        assertThat(told).isEmpty();
        assertThat(refusals.lines()).isZero();
        assertThat(refusals.counts()).containsEntry(Refusal.NOT_TULI, 1L);
    }
}
