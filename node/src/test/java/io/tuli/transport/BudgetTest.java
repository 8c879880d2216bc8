package io.tuli.transport;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("U5")
class BudgetTest {
    private static final int STEP = Budget.STEP_BYTES;

    private final Budget budget = new Budget(4L * STEP);

    @Test
    void smallChangesAreNotWorthTelling() {
        long reported = budget.report(0, STEP - 1);

        assertThat(reported).isZero();
        assertThat(budget.usedBytes()).isZero();
    }

    @Test
    void linksTogetherSpendIt() {
        long one = budget.report(0, 3L * STEP);
        long other = budget.report(0, 2L * STEP);
        assertThat(budget.isSpent()).isTrue();
        assertThat(budget.isOverspent()).isFalse();

        other = budget.report(other, 5L * STEP);
        assertThat(budget.isOverspent()).isTrue();

        budget.report(one, 0);
        budget.report(other, 0);
        assertThat(budget.usedBytes()).isZero();
    }
}
