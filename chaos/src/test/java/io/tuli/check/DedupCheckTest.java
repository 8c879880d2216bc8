package io.tuli.check;

import static io.tuli.check.Histories.failed;
import static io.tuli.check.Histories.ok;
import static io.tuli.check.Histories.unknown;
import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.check.DedupCheck.Attempt;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DedupCheckTest {

    @Test
    void repeatsGetTheFirstReplyAndTakeEffectOnce() {
        List<Attempt> attempts =
                List.of(
                        new Attempt("a", "x", ok(0, 1)),
                        new Attempt("a", "x", ok(2, 3)),
                        new Attempt("b", "", unknown(0, 1)),
                        new Attempt("c", "", failed(0, 1)));

        assertThat(DedupCheck.check("m1", attempts, Map.of("a", 1L))).isEqualTo(Verdict.GOOD);
        assertThat(DedupCheck.check("m1", attempts, Map.of("a", 1L, "b", 1L)))
                .isEqualTo(Verdict.GOOD);
    }

    @Test
    void twoEffectsAreADuplicateAlsoOfWhatIsUnknown() {
        List<Attempt> attempts = List.of(new Attempt("b", "", unknown(0, 1)));

        assertThat(DedupCheck.check("m1", attempts, Map.of("b", 2L)).duplicated()).isEqualTo(1);
    }

    @Test
    void anAcknowledgedRequestWithoutEffectIsLost() {
        List<Attempt> attempts = List.of(new Attempt("a", "x", ok(0, 1)));

        assertThat(DedupCheck.check("m1", attempts, Map.of()).lost()).isEqualTo(1);
    }

    @Test
    void twoRepliesToOneRequestAreFound() {
        List<Attempt> attempts =
                List.of(new Attempt("a", "x", ok(0, 1)), new Attempt("a", "y", ok(2, 3)));

        assertThat(DedupCheck.check("m1", attempts, Map.of("a", 1L)).examples())
                .singleElement()
                .asString()
                .contains("different replies");
    }

    @Test
    void anEffectOfWhatFailedOrWasNeverSentIsFound() {
        List<Attempt> attempts = List.of(new Attempt("c", "", failed(0, 1)));

        assertThat(DedupCheck.check("m1", attempts, Map.of("c", 1L)).violations()).isEqualTo(1);
        assertThat(DedupCheck.check("m1", attempts, Map.of("z", 1L)).violations()).isEqualTo(1);
    }
}
