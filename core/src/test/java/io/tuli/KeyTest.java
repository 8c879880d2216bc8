package io.tuli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("FE-02")
class KeyTest {

    @Test
    void dotsSeparateSegments() {
        Key key = Key.parse("u42.address.city");

        assertThat(key.top()).isEqualTo("u42");
        assertThat(key.below()).containsExactly("address", "city");
        assertThat(key.isTop()).isFalse();
    }

    @Test
    void anEscapedDotBelongsToItsSegment() {
        Key key = Key.parse("10\\.0\\.0\\.1.port");

        assertThat(key.top()).isEqualTo("10.0.0.1");
        assertThat(key.below()).containsExactly("port");
        assertThat(Key.parse(key.toString())).isEqualTo(key);
    }

    @Test
    void anySegmentsSurviveTheirTextForm() {
        Key key = Key.of("a.b\\c", "\\", "..", "grüße ☃");

        assertThat(Key.parse(key.toString())).isEqualTo(key);
        assertThat(Key.parse(key.toString()).below()).isEqualTo(key.below());
    }

    @Test
    void noSegmentIsEmpty() {
        assertThatThrownBy(() -> Key.parse("a..b")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Key.parse("a.")).isInstanceOf(IllegalArgumentException.class);
        assertThat(Key.parse("").isNone()).isTrue();
    }

    @Test
    void noSegmentHasHalfOfASurrogatePair() {
        for (String half : new String[] {"\ud83d", "a\ude00", "\ude00\ud83d", "x\ud83dy"}) {
            assertThatThrownBy(() -> Key.parse(half)).hasMessageContaining("surrogate");
            assertThatThrownBy(() -> Key.parse("a." + half)).hasMessageContaining("surrogate");
            assertThatThrownBy(() -> Key.of("a", half)).hasMessageContaining("surrogate");
            assertThatThrownBy(() -> Key.of("a").child(half)).hasMessageContaining("surrogate");
        }
        assertThat(Key.parse("😀.b").top()).isEqualTo("😀");
        assertThat(Key.of("a").child("😀")).isEqualTo(Key.parse("a.😀"));
    }

    @Test
    void aChildIsOneSegmentDeeper() {
        assertThat(Key.parse("a").child("b.c")).isEqualTo(Key.of("a", "b.c"));
    }
}
