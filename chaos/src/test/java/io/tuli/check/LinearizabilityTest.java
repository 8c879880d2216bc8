package io.tuli.check;

import static io.tuli.check.Histories.failed;
import static io.tuli.check.Histories.ok;
import static io.tuli.check.Histories.unknown;
import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.check.Linearizability.Answer;
import io.tuli.check.RegisterStep.Cas;
import io.tuli.check.RegisterStep.Read;
import io.tuli.check.RegisterStep.Write;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinearizabilityTest {

    private static final int SMALL_HISTORIES = 100_000;
    private static final int OPERATIONS_MAX = 6;

    private final long seed = Long.getLong("tuli.seed", System.nanoTime());

    @Test
    void agreesWithBruteForceOnSmallHistories() {
        Histories histories = new Histories(seed);
        int good = 0;
        for (int i = 0; i < SMALL_HISTORIES; i++) {
            List<RegisterOperation> history = histories.any(1 + i % OPERATIONS_MAX);
            boolean isGood = BruteForce.isLinearizable(history);
            assertThat(Linearizability.of(history) == Answer.LINEARIZABLE)
                    .as("-Dtuli.seed=%d history %d: %s", seed, i, history)
                    .isEqualTo(isGood);
            good += isGood ? 1 : 0;
        }
        System.out.printf(
                "%d small histories, %d of them linearizable, -Dtuli.seed=%d%n",
                SMALL_HISTORIES, good, seed);
        assertThat(good).isBetween(SMALL_HISTORIES / 20, SMALL_HISTORIES / 2);
    }

    @Test
    void whatARealRegisterDidIsLinearizable() {
        for (int i = 0; i < 200; i++) {
            List<RegisterOperation> history = new Histories(seed + i).real(120, 6);

            assertThat(Linearizability.of(history))
                    .as("-Dtuli.seed=%d", seed + i)
                    .isEqualTo(Answer.LINEARIZABLE);
        }
    }

    @Test
    void oneStaleReadIsFound() {
        int found = 0;
        for (int i = 0; i < 200; i++) {
            List<RegisterOperation> history =
                    Histories.withOneStaleRead(new Histories(seed + i).real(120, 6));
            found += Linearizability.of(history) == Answer.NOT_LINEARIZABLE ? 1 : 0;
        }

        assertThat(found).as("-Dtuli.seed=%d", seed).isGreaterThan(190);
    }

    @Test
    void aReadOfTheOldValueAfterAWriteIsNotLinearizable() {
        Verdict verdict =
                Linearizability.check(
                        "r1",
                        List.of(
                                operation(1, new Write(7), ok(0, 10)),
                                operation(2, new Read(0), ok(11, 12))));

        assertThat(verdict.violations()).isEqualTo(1);
        assertThat(verdict.examples().getFirst())
                .contains("r1", "after 1 operations the value is 7", "Read[seen=0]");
    }

    @Test
    void aReadDuringAWriteMaySeeEither() {
        RegisterOperation write = operation(1, new Write(7), ok(0, 10));

        assertThat(List.of(0L, 7L))
                .allMatch(
                        seen ->
                                Linearizability.of(
                                                List.of(
                                                        write,
                                                        operation(2, new Read(seen), ok(5, 6))))
                                        == Answer.LINEARIZABLE);
    }

    @Test
    void anUnknownWriteMayComeLateOrNever() {
        RegisterOperation write = operation(1, new Write(7), unknown(0, 10));
        RegisterOperation before = operation(2, new Read(0), ok(20, 21));
        RegisterOperation after = operation(3, new Read(7), ok(30, 31));
        RegisterOperation backwards = operation(4, new Read(0), ok(40, 41));

        assertThat(Linearizability.of(List.of(write, before))).isEqualTo(Answer.LINEARIZABLE);
        assertThat(Linearizability.of(List.of(write, before, after)))
                .isEqualTo(Answer.LINEARIZABLE);
        assertThat(Linearizability.of(List.of(write, after, backwards)))
                .isEqualTo(Answer.NOT_LINEARIZABLE);
    }

    @Test
    void aFailedWriteMustNeverBeSeen() {
        RegisterOperation write = operation(1, new Write(7), failed(0, 10));
        RegisterOperation read = operation(2, new Read(7), ok(5, 6));

        assertThat(Linearizability.of(List.of(write, read))).isEqualTo(Answer.NOT_LINEARIZABLE);
    }

    @Test
    void twoCompareAndSetsOverOneValueAreNotLinearizable() {
        RegisterOperation one = operation(1, new Cas(0, 7, 0), ok(0, 10));
        RegisterOperation two = operation(2, new Cas(0, 8, 0), ok(0, 10));
        RegisterOperation late = operation(3, new Cas(0, 8, 7), ok(0, 10));

        assertThat(Linearizability.of(List.of(one, two))).isEqualTo(Answer.NOT_LINEARIZABLE);
        assertThat(Linearizability.of(List.of(one, late))).isEqualTo(Answer.LINEARIZABLE);
    }

    private static RegisterOperation operation(long number, RegisterStep step, Span span) {
        return new RegisterOperation(number, step, span);
    }
}
