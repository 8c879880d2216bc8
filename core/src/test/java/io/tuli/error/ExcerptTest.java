package io.tuli.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ExcerptTest {

    private static final String FOX = "\uD83E\uDD8A";

    @Test
    void aTextThatFitsStaysAsItIs() {
        String text = "grüße " + FOX;

        assertThat(Excerpt.detail(text)).isSameAs(text);
        assertThat(Excerpt.detail("")).isEmpty();
        assertThat(Excerpt.detail("x".repeat(1_000))).hasSize(1_000).doesNotContain("…");
    }

    @Test
    void aLongTextIsCutBetweenCharacters() {
        for (int before = 990; before < 1_000; before++) {
            String detail = Excerpt.detail("x".repeat(before) + FOX.repeat(20));

            assertThat(detail).hasSizeLessThanOrEqualTo(1_000).endsWith("…");
            assertThat(detail).doesNotContain("\uFFFD");
            assertThat(canBeSent(detail)).as("cut after %d", before).isTrue();
        }
    }

    @Test
    void halvesOfPairsBecomeReadable() {
        assertThat(Excerpt.detail("a\uD83Eb")).isEqualTo("a\uFFFDb");
        assertThat(Excerpt.detail("\uDD8A")).isEqualTo("\uFFFD");
        assertThat(Excerpt.detail("\uD83E")).isEqualTo("\uFFFD");
        assertThat(Excerpt.detail("\uDD8A\uD83E" + FOX)).isEqualTo("\uFFFD\uFFFD" + FOX);
        assertThat(Excerpt.detail("\uD83E" + FOX)).isEqualTo("\uFFFD" + FOX);
        assertThat(Excerpt.of("\uD800".repeat(200))).isEqualTo("\uFFFD".repeat(99) + "…");
    }

    @Test
    void aFactIsShownInShort() {
        assertThat(Excerpt.of("x".repeat(100))).isEqualTo("x".repeat(100));
        assertThat(Excerpt.of("x".repeat(5_000))).isEqualTo("x".repeat(99) + "…");
        assertThat(Excerpt.of("x".repeat(98) + FOX + "y")).isEqualTo("x".repeat(98) + "…");
        assertThat(Excerpt.of(FOX.repeat(60))).isEqualTo(FOX.repeat(49) + "…");
        assertThat(Excerpt.of(5)).isEqualTo("5");
    }

    @Test
    void aWholeTextHasNoHalfOfAPair() {
        assertThat(Excerpt.isWhole("ä" + FOX)).isTrue();
        assertThat(Excerpt.isWhole("\uD800")).isFalse();
        assertThat(Excerpt.isWhole("\uDE00\uD83D")).isFalse();
    }

    private static boolean canBeSent(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }
}
