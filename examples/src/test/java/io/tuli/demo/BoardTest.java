package io.tuli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.demo.Scene.MemberRow;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BoardTest {

    private final Board board = new Board(Ink.plain(), Sources.airportNames());

    @Test
    void tableShowsMembersAndMostDelayedAirportsInEightyColumns() {
        List<String> lines = board.table(scene());

        assertThat(lines).allMatch(line -> line.length() <= 80);
        assertThat(String.join("\n", lines))
                .isEqualTo(
                        """
                        title
                        █████████████░░░░░░░░░░░░░   10,000 flights   1,600/s   \
                        longest gap     14 ms

                        MEMBER         PID  STATE      OWNED F + A  FOLLOWED  COMMITS   \
                        LAG  DIGEST
                        member-1      1234  ready          86 + 85       341   12,331     \
                        4  9f31ac02
                        member-2      1235  killed\s\s\s

                        MOST DELAYED AIRPORTS                 FLIGHTS    LATE AVERAGE \
                        LONGEST  MINUTES
                        PHX  Phoenix Sky Harbor Internationa…   1,302  24.3 %     9.4     \
                        509   12,239
                        SAN  San Diego International-Lindber…      10  10.0 %     3.0      \
                        60       30
                        * 6.0 s: member-2 was killed with -9""");
    }

    @Test
    void mostDelayedComesFirst() {
        List<String> lines = board.table(scene());

        assertThat(lines)
                .filteredOn(line -> line.startsWith("PHX") || line.startsWith("SAN"))
                .extracting(line -> line.substring(0, 3))
                .containsExactly("PHX", "SAN");
    }

    @Test
    void pipedLineNamesThroughputAndPartitions() {
        assertThat(board.line(scene(), 7))
                .isEqualTo(
                        "  7 s  10,000 flights  1,600/s   owned: member-1 86"
                                + "   most delayed PHX 12,239 min");
    }

    private static Scene scene() {
        return new Scene(
                "title",
                0.5,
                10_000,
                1_600,
                14,
                List.of(
                        new MemberRow(
                                "member-1",
                                1234,
                                "ready",
                                true,
                                86,
                                85,
                                341,
                                12_331,
                                4,
                                0x9f31ac0200000000L),
                        new MemberRow("member-2", 1235, "killed", false, 0, 0, 0, 0, 0, 0)),
                Map.of(
                        "SAN", new Delays(10, 1, 30, 60),
                        "PHX", new Delays(1302, 316, 12_239, 509)),
                List.of("6.0 s: member-2 was killed with -9"));
    }
}
