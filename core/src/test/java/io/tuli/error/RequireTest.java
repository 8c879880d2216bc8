package io.tuli.error;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RequireTest {

    @Test
    void anErrorShowsTheRuleAndACutFact() {
        assertThatThrownBy(() -> Require.argument(false, "rule", "f".repeat(1_000)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("rule: " + "f".repeat(99) + "…");
    }

    @Test
    void aBrokenInvariantIsNoInput() {
        assertThatThrownBy(() -> Require.invariant(false, "rule", 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("invariant broken, rule: 1");
    }
}
