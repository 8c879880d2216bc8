package io.tuli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JsonLayoutTest {

    @Test
    void shortContainersStayOnOneLine() {
        assertThat(JsonLayout.of("{\"a\":1,\"b\":[true,null],\"c\":{}}", Palette.PLAIN))
                .isEqualTo("{\"a\": 1, \"b\": [true, null], \"c\": {}}");
    }

    @Test
    void longContainersHaveALineForEachField() {
        String name = "x".repeat(60);

        assertThat(JsonLayout.of("{\"name\":\"" + name + "\",\"tags\":[1,2]}", Palette.PLAIN))
                .isEqualTo("{\n  \"name\": \"" + name + "\",\n  \"tags\": [1, 2]\n}");
    }

    @Test
    void bracketsInsideTextsAreText() {
        assertThat(JsonLayout.of("[\"}{][\",\"\\\"\"]", Palette.PLAIN))
                .isEqualTo("[\"}{][\", \"\\\"\"]");
    }

    @Test
    void scalarsAreThemselves() {
        assertThat(JsonLayout.of("\"ann@b.org\"", Palette.PLAIN)).isEqualTo("\"ann@b.org\"");
        assertThat(JsonLayout.of("-1.5e9", Palette.PLAIN)).isEqualTo("-1.5e9");
    }

    @Test
    void namesTextsAndNumbersHaveColours() {
        assertThat(JsonLayout.of("{\"a\":1}", Palette.COLOURED))
                .isEqualTo("{\033[36m\"a\"\033[0m: \033[33m1\033[0m}");
    }
}
