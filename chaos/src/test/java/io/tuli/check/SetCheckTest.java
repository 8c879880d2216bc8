package io.tuli.check;

import static io.tuli.check.Histories.failed;
import static io.tuli.check.Histories.ok;
import static io.tuli.check.Histories.unknown;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SetCheckTest {

    private static final List<Added> ADDED =
            List.of(
                    new Added("a", ok(0, 1)),
                    new Added("b", unknown(0, 1)),
                    new Added("c", failed(0, 1)));

    @Test
    void unknownElementsMayBeThereOrNot() {
        assertThat(SetCheck.check("m1", ADDED, Map.of("a", 1L))).isEqualTo(Verdict.GOOD);
        assertThat(SetCheck.check("m1", ADDED, Map.of("a", 1L, "b", 1L))).isEqualTo(Verdict.GOOD);
    }

    @Test
    void anAcknowledgedElementThatIsMissingIsLost() {
        Verdict verdict = SetCheck.check("m1", ADDED, Map.of("b", 1L));

        assertThat(verdict).isEqualTo(new Verdict(1, 0, 1, List.of("lost: element a on m1")));
    }

    @Test
    void anElementAddedTwiceIsDuplicated() {
        assertThat(SetCheck.check("m1", ADDED, Map.of("a", 2L)).duplicated()).isEqualTo(1);
        assertThat(SetCheck.check("m1", ADDED, Map.of("a", 1L, "b", 2L)).duplicated()).isEqualTo(1);
    }

    @Test
    void whatFailedOrWasNeverAddedMustNotBeThere() {
        assertThat(SetCheck.check("m1", ADDED, Map.of("a", 1L, "c", 1L)).examples())
                .containsExactly("FAILED, but there: element c on m1");
        assertThat(SetCheck.check("m1", ADDED, Map.of("a", 1L, "z", 1L)).examples())
                .containsExactly("invented: element z on m1");
    }
}
