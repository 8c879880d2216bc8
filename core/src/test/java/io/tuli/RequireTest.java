package io.tuli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RequireTest {

    private static final String PAIR = "\uD83D\uDE00";

    @Test
    void aShortFactIsShownAsItIs() {
        assertThat(Require.shown("x" + PAIR)).isEqualTo("x" + PAIR);
        assertThat(Require.shown("x".repeat(100))).isEqualTo("x".repeat(100));
    }

    @Test
    void aLongFactIsCutButNeverInsideOfAPair() {
        assertThat(Require.shown("x".repeat(101))).isEqualTo("x".repeat(100) + "…");
        assertThat(Require.shown("x".repeat(99) + PAIR + "y")).isEqualTo("x".repeat(99) + "…");
        assertThat(Require.shown(PAIR.repeat(60))).isEqualTo(PAIR.repeat(50) + "…");
    }

    @Test
    void halfAPairIsShownAsAReplacement() {
        assertThat(Require.shown("a\uD800")).isEqualTo("a\uFFFD");
        assertThat(Require.shown("\uDC00\uD800b")).isEqualTo("\uFFFD\uFFFDb");
        assertThat(Require.shown("\uD800".repeat(200))).isEqualTo("\uFFFD".repeat(99) + "…");
    }

    @Test
    void textHasNoHalfOfAPair() {
        assertThat(Require.isText("ä" + PAIR)).isTrue();
        assertThat(Require.isText("\uD800")).isFalse();
        assertThat(Require.isText("\uDE00\uD83D")).isFalse();
    }

    @Test
    void anErrorShowsTheRuleAndACutFact() {
        assertThatThrownBy(() -> Require.argument(false, "rule", "f".repeat(1_000)))
                .hasMessage("rule: " + "f".repeat(100) + "…");
    }
}
