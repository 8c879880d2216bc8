package io.tuli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SourcesTest {

    @Test
    void allFlightsAreReadInTheOrderOfTheFile() {
        List<Flight> flights = Sources.flights();

        assertThat(flights).hasSize(20_000);
        assertThat(flights.getFirst())
                .isEqualTo(new Flight(0, "2001/01/13 14:56", 32, 418, "SAN", "SJC"));
        assertThat(flights.getLast())
                .isEqualTo(new Flight(19_999, "2001/03/14 11:33", 0, 328, "ABQ", "PHX"));
    }

    @Test
    void everyOriginHasAName() {
        Map<String, String> names = Sources.airportNames();

        assertThat(names)
                .hasSize(3_376)
                .containsEntry("BTR", "Baton Rouge Metropolitan, Ryan, Baton Rouge");
        assertThat(Sources.flights()).extracting(Flight::origin).allMatch(names::containsKey);
    }

    @Test
    void quotedCellMayHoldCommasAndQuotes() {
        assertThat(Sources.cells("DBN,\"W. H. \"\"Bud\"\" Barron\",Dublin,\"a,b\""))
                .containsExactly("DBN", "W. H. \"Bud\" Barron", "Dublin", "a,b");
    }

    @Test
    void phoenixAddsUpToWhatTheFileSays() {
        Delays phoenix = Audit.recompute(Sources.flights()).get("PHX");

        assertThat(phoenix.flights()).isEqualTo(1302);
        assertThat(phoenix.delayed()).isEqualTo(316);
    }
}
