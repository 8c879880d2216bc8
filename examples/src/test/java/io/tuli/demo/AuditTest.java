package io.tuli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class AuditTest {

    private static final List<Flight> FILE =
            List.of(
                    new Flight(0, "2001/01/01 08:00", 20, 300, "SAN", "SJC"),
                    new Flight(1, "2001/01/01 09:00", -5, 300, "SAN", "SJC"),
                    new Flight(2, "2001/01/01 10:00", 90, 500, "PHX", "SAN"));
    private static final Map<String, Map<String, Long>> EQUAL_DIGESTS =
            Map.of(
                    "flights", Map.of("a", 7L, "b", 7L, "c", 7L),
                    "airports", Map.of("a", 9L, "b", 9L, "c", 9L));

    @Test
    void equalAndCompleteCopiesAreClean() {
        Audit audit = audit(view("a"), view("b"), view("c"));

        assertThat(audit).isEqualTo(new Audit(0, 0, 0, 0, List.of()));
        assertThat(audit.isClean()).isTrue();
    }

    @Test
    void acknowledgedFlightMissingOnOneMemberIsLost() {
        ReplicaView poor = view("b");
        poor.flights().put("PHX-SAN", List.of());

        Audit audit = audit(view("a"), poor, view("c"));

        assertThat(audit.lost()).isEqualTo(1);
        assertThat(audit.divergentReplicas()).isEqualTo(1);
        assertThat(audit.remarks()).first().asString().startsWith("b: lost acknowledged Flight");
    }

    @Test
    void flightThatWasNotAcknowledgedMayBeMissing() {
        BitSet acknowledged = new BitSet();
        acknowledged.set(0, 2);
        ReplicaView only = view("a");
        only.flights().remove("PHX-SAN");

        Audit audit = Audit.of(FILE, acknowledged, List.of(only), EQUAL_DIGESTS);

        assertThat(audit.lost()).isZero();
    }

    @Test
    void flightAppliedTwiceIsDuplicated() {
        ReplicaView rich = view("c");
        rich.flights().put("PHX-SAN", List.of(FILE.get(2), FILE.get(2)));

        Audit audit = audit(view("a"), view("b"), rich);

        assertThat(audit.duplicated()).isEqualTo(1);
    }

    @Test
    void alteredFlightIsBothLostAndNeverSent() {
        ReplicaView altered = view("a");
        altered.flights()
                .put("PHX-SAN", List.of(new Flight(2, "2001/01/01 10:00", 91, 500, "PHX", "SAN")));

        Audit audit = audit(altered, view("b"), view("c"));

        assertThat(audit.lost()).isEqualTo(1);
        assertThat(audit.duplicated()).isEqualTo(1);
    }

    @Test
    void sumThatDiffersOnOneMemberMakesItsAirportWrong() {
        ReplicaView wrong = view("b");
        wrong.airports().put("SAN", new Delays(2, 1, 16, 20));

        Audit audit = audit(view("a"), wrong, view("c"));

        assertThat(audit.airportsWrong()).isEqualTo(1);
        assertThat(audit.divergentReplicas()).isEqualTo(1);
    }

    @Test
    void anotherOrderDiverges() {
        ReplicaView turned = view("b");
        turned.flights().put("SAN-SJC", List.of(FILE.get(1), FILE.get(0)));

        Audit audit = audit(view("a"), turned, view("c"));

        assertThat(audit.divergentReplicas()).isEqualTo(1);
        assertThat(audit.lost()).isZero();
    }

    @Test
    void anotherDigestOrNoneDiverges() {
        Map<String, Map<String, Long>> digests = new HashMap<>(EQUAL_DIGESTS);
        digests.put("flights", Map.of("a", 7L, "b", 8L, "c", 7L));
        digests.put("airports", Map.of("a", 9L, "b", 9L));

        Audit audit =
                Audit.of(
                        FILE, allAcknowledged(), List.of(view("a"), view("b"), view("c")), digests);

        assertThat(audit.divergentReplicas()).isEqualTo(2);
    }

    private static Audit audit(ReplicaView... views) {
        return Audit.of(FILE, allAcknowledged(), List.of(views), EQUAL_DIGESTS);
    }

    private static BitSet allAcknowledged() {
        BitSet all = new BitSet();
        all.set(0, FILE.size());
        return all;
    }

    private static ReplicaView view(String member) {
        Map<String, List<Flight>> routes = new TreeMap<>();
        FILE.forEach(f -> routes.computeIfAbsent(f.route(), r -> new ArrayList<>()).add(f));
        return new ReplicaView(member, routes, Audit.recompute(FILE));
    }
}
