package io.tuli.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.LogPosition;
import io.tuli.Outcome;
import io.tuli.Payload;
import org.junit.jupiter.api.Test;

class DetailTest {

    private static final String FOX = "\uD83E\uDD8A";

    @Test
    void aTextThatFitsStaysAsItIs() {
        String text = "grüße " + FOX;

        assertThat(Detail.of(text)).isSameAs(text);
        assertThat(Detail.of("")).isEmpty();
        assertThat(Detail.of("x".repeat(1_000))).hasSize(1_000).doesNotContain("...");
    }

    @Test
    void aLongTextIsCutBetweenCharacters() {
        for (int before = 990; before < 1_000; before++) {
            String detail = Detail.of("x".repeat(before) + FOX.repeat(20));

            assertThat(detail).hasSizeLessThanOrEqualTo(1_000).endsWith("...");
            assertThat(detail).doesNotContain("\uFFFD");
            assertThat(isWhole(detail)).as("cut after %d", before).isTrue();
        }
    }

    @Test
    void halvesOfPairsBecomeReadable() {
        assertThat(Detail.of("a\uD83Eb")).isEqualTo("a\uFFFDb");
        assertThat(Detail.of("\uDD8A")).isEqualTo("\uFFFD");
        assertThat(Detail.of("\uD83E")).isEqualTo("\uFFFD");
        assertThat(Detail.of("\uDD8A\uD83E" + FOX)).isEqualTo("\uFFFD\uFFFD" + FOX);
        assertThat(Detail.of("\uD83E" + FOX)).isEqualTo("\uFFFD" + FOX);
    }

    @Test
    void aFactIsShownInShort() {
        assertThat(Detail.shown(Payload.json("\"" + "x".repeat(5_000) + "\""))).hasSize(100);
        assertThat(Detail.shown("x".repeat(96) + FOX + "yyy")).isEqualTo("x".repeat(96) + "...");
        assertThat(Detail.shown(5)).isEqualTo("5");
    }

    @Test
    void whateverAnAnswerIsMadeWithItsDetailCanBeSent() {
        String text = "\uD83E" + "x".repeat(100_000);

        Frame.Result result =
                new Frame.Result(
                        1,
                        Outcome.FAILED,
                        io.tuli.Failure.CONFLICT,
                        text,
                        LogPosition.START,
                        0,
                        false,
                        Payload.NONE);
        Frame.End end = new Frame.End(1, 0, io.tuli.Failure.CONFLICT, text);

        assertThat(result.detail()).startsWith("\uFFFDxx").hasSize(1_000);
        assertThat(end.detail()).isEqualTo(result.detail());
    }

    private static boolean isWhole(String text) {
        return java.nio.charset.StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }
}
