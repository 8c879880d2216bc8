package io.tuli.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which versions a text of versions means. */
class VersionRangeTest {

    @ParameterizedTest
    @Tag("NC-13")
    @CsvSource(
            delimiter = '|',
            value = {
                "2.x          | 2 2.0 2.10.3           | 1 20 3.2 2.0-rc1 green",
                "2            | 2 02.7                 | 12 2x",
                "2.*          | 2 2.7                  | 3",
                "2.1          | 2.1 2.1.0 2.1.9        | 2 2.10 2.11.1",
                "2.0          | 2 2.0.5                | 2.1",
                ">=2.1        | 2.1 2.1.0 2.2 3 10     | 2 2.0.9 1.9 green",
                ">2.1         | 2.1.1 2.2 3            | 2.1 2.1.0 2",
                "<3           | 0 2.9 2.99.99          | 3 3.0.0 4",
                "<=2.9        | 2.9 2.9.0 1            | 2.9.1 3",
                ">=2.1 <3     | 2.1 2.9                | 2 3",
                "=2.1         | 2.1 2.1.0              | 2.1.1 2.1-rc1",
                "=2.1-rc1     | 2.1-rc1                | 2.1 2.1-rc2",
                "=green       | green                  | Green blue 1",
            })
    void aTextMatchesTheseVersionsAndNotThose(String range, String matched, String others) {
        VersionRange versions = VersionRange.of(range);

        assertThat(matched.split(" ")).allMatch(text -> versions.matches(Version.of(text)));
        assertThat(others.split(" ")).noneMatch(text -> versions.matches(Version.of(text)));
        assertThat(versions.matches(Version.UNSAID)).isFalse();
        assertThat(versions).hasToString(range);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "  ",
                "x",
                "2.",
                ".2",
                "2..1",
                "v2",
                "2,1",
                ">=",
                ">=2.x",
                "=",
                ">= 2",
                "^2.1",
                "2-3",
                "2\n",
                "1234567890",
                "1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1",
                "=\ud800",
                "11111111111111111111111111111111.1111111111111111111111111111111.2"
            })
    void whatIsNoTextOfVersionsSaysTheRule(String text) {
        assertThatThrownBy(() -> VersionRange.of(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("versions are said as 2.x, 2.1, >=2.1");
    }

    @Test
    void whateverIsAnnouncedIsAVersion() {
        VersionRange any = VersionRange.of(">=0");

        assertThat(any.matches(Version.of("999999999.999999999"))).isTrue();
        assertThat(any.matches(Version.of("9999999999"))).as("more than a number").isFalse();
        assertThat(VersionRange.of("=9999999999").matches(Version.of("9999999999"))).isTrue();
        assertThat(any.matches(Version.of("\u0000.\uffff"))).isFalse();
    }
}
