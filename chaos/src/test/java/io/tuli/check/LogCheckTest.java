package io.tuli.check;

import static io.tuli.check.Histories.failed;
import static io.tuli.check.Histories.ok;
import static io.tuli.check.Histories.unknown;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LogCheckTest {

    private static final List<Added> APPENDED =
            List.of(
                    new Added("a", ok(0, 10)),
                    new Added("b", ok(5, 15)),
                    new Added("c", unknown(5, 15)),
                    new Added("d", failed(5, 15)),
                    new Added("e", ok(20, 30)));

    @Test
    void whatOverlappedMayStandInAnyOrder() {
        assertThat(check("a", "b", "e")).isEqualTo(Verdict.GOOD);
        assertThat(check("b", "a", "e")).isEqualTo(Verdict.GOOD);
    }

    @Test
    void whatIsUnknownMayComeLateOrNever() {
        assertThat(check("a", "b", "c", "e")).isEqualTo(Verdict.GOOD);
        assertThat(check("a", "b", "e", "c")).isEqualTo(Verdict.GOOD);
    }

    @Test
    void whatWasBegunAfterAnotherWasAcknowledgedStandsBehindIt() {
        assertThat(check("e", "a", "b").examples())
                .containsExactly(
                        "reordered: element a of log was acknowledged before e was begun,"
                                + " and yet stands behind it");
    }

    @Test
    void nothingIsLostDoubledOrInvented() {
        assertThat(check("a", "e").lost()).isEqualTo(1);
        assertThat(check("a", "b", "b", "e").duplicated()).isEqualTo(1);
        assertThat(check("a", "b", "z", "e").examples())
                .containsExactly("invented: element z in log");
        assertThat(check("a", "b", "d", "e").examples())
                .containsExactly("FAILED, but there: element d in log");
    }

    @Test
    void whatClocksCannotTellApartMayStandInAnyOrder() {
        assertThat(LogCheck.check("log", APPENDED, List.of("e", "a", "b"), 10))
                .isEqualTo(Verdict.GOOD);
        assertThat(LogCheck.check("log", APPENDED, List.of("e", "a", "b"), 9).violations())
                .isEqualTo(1);
    }

    private static Verdict check(String... found) {
        return LogCheck.check("log", APPENDED, List.of(found), 0);
    }
}
