package io.tuli.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuli.Key;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("FE-05")
class KeyPatternTest {

    @ParameterizedTest
    @CsvSource({
        "eu, eu, true",
        "eu, eux, false",
        "eu, eu.it, false",
        "*, eu, true",
        "*, eu.it.rome, true",
        "eu.*, eu, false",
        "eu.*, eu.it, true",
        "eu.*, eu.it.rome, true",
        "eu.*, us.ny, false",
        "a.*.c, a.b.c, true",
        "a.*.c, a.c, false",
        "a.*.c, a.b.b.c, false",
        "a.*.c, a.b.c.d, false",
        "*.name, u1.name, true",
        "*.name, u1.age, false",
        "*.*, u1, false",
        "*.*, u1.a.b, true",
        "JFK-*, JFK-LAX, true",
        "JFK-*, LAX-JFK, false",
        "JFK-*, JFK-LAX.delay, false",
        "*-LAX, JFK-LAX, true",
        "a*b*c, abc, true",
        "a*b*c, axbxc, true",
        "a*b*c, axcxb, false",
        "a*a, a, false",
    })
    void matchesKeysSegmentBySegment(String pattern, String key, boolean expected) {
        assertThat(KeyPattern.parse(pattern).matches(Key.parse(key))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "u1.city, u1, true",
        "u1.city, u1.city, true",
        "u1.city, u1.name, false",
        "u1.city, u1.city.part, false",
        "u1.city, u2, false",
        "*.city, u1, true",
        "*.city, u1.name, false",
        "u1.*.x, u1, true",
        "u1.*.x, u1.a, true",
        "u1.*.x, u1.a.x, true",
        "u1.*.x, u1.a.y, false",
        "eu.*, eu, true",
        "*.*, u1, true",
    })
    void changesAboveConcernWhatLiesBelow(String pattern, String key, boolean expected) {
        assertThat(KeyPattern.parse(pattern).concerns(Key.parse(key))).isEqualTo(expected);
    }

    @Test
    void backslashMakesStarAndDotLiteral() {
        assertThat(KeyPattern.parse("a\\*").matches(Key.of("a*"))).isTrue();
        assertThat(KeyPattern.parse("a\\*").matches(Key.of("ab"))).isFalse();
        assertThat(KeyPattern.parse("a\\.b").matches(Key.of("a.b"))).isTrue();
        assertThat(KeyPattern.parse("a\\.b").matches(Key.of("a", "b"))).isFalse();
    }

    @Test
    void aLiteralKeyIsItsOwnPattern() {
        Key key = Key.of("a.b", "c\\d");

        assertThat(KeyPattern.parse(key.toString()).matches(key)).isTrue();
    }

    @Test
    void noPatternMatchesTheKeyOfNothing() {
        assertThat(KeyPattern.parse("*").matches(Key.NONE)).isFalse();
    }

    @Test
    void reachesTheDocumentsInWhichMatchingKeysMayBe() {
        assertThat(KeyPattern.parse("eu.*.name").reaches("eu")).isTrue();
        assertThat(KeyPattern.parse("eu.*.name").reaches("us")).isFalse();
        assertThat(KeyPattern.parse("*").reaches("us")).isTrue();
    }

    @Test
    void anEmptySegmentIsRefused() {
        assertThatThrownBy(() -> KeyPattern.parse("a..b"))
                .hasMessage("a key pattern has no empty segment: a..b");
        assertThatThrownBy(() -> KeyPattern.parse("")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void isWrittenAsItWasRead() {
        assertThat(KeyPattern.parse("a.*.c")).hasToString("a.*.c");
    }
}
