package io.tuli.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

class JsonCheckTest {
    private static final long SEED = Long.getLong("tuli.seed", 20_260_101L);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-0",
                "1.10",
                "1e400",
                "-1.5E+7",
                "12345678901234567890",
                "true",
                "false",
                "null",
                "\"\"",
                "\"\\u00e4\\/\\b\"",
                "\"ä😀\u2028\"",
                "[]",
                "{}",
                " [ 1 , 2 ] ",
                "{\"\":{\"a\":[[],{}]}}",
                "\t\n\r 1 "
            })
    void jsonIsJson(String text) {
        assertThat(verdict(text).isJson()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "NaN",
                "Infinity",
                "-",
                "+1",
                "01",
                "1.",
                ".5",
                "1e",
                "1e+",
                "0x1",
                "tru",
                "nul",
                "True",
                "'a'",
                "\"",
                "\"\\x\"",
                "\"\\u12g4\"",
                "\"\\",
                "\"a\nb\"",
                "[1,]",
                "[,1]",
                "[1 2]",
                "[",
                "]",
                "{",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":1,}",
                "{a:1}",
                "{\"a\":1",
                "[1}",
                "{\"a\":1]",
                "1 2",
                "[]]",
                "\uFEFF1",
                "//1",
                "{\"a\" 1}"
            })
    void otherTextIsNot(String text) {
        assertThat(verdict(text).kind()).isEqualTo(JsonCheck.Verdict.Kind.NOT_JSON);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'a':1,'a':2}              | NAME_REPEATED",
                "{'a':1,'b':2,'\\u0061':2}  | NAME_REPEATED",
                "{'ä':1,'\\u00e4':2}        | NAME_REPEATED",
                "{'':1,'':2}                | NAME_REPEATED",
                "[{'b':{'a':1,'a':{}}}]     | NAME_REPEATED",
                "{'\\ud800':1}              | NAME_HALVED",
                "{'\\udc00\\ud800':1}       | NAME_HALVED",
                "[{'a\\uD83Db':1}]          | NAME_HALVED",
                "1e99999999999              | NUMBER_TOO_LONG",
                "[-1.5E+10000]              | NUMBER_TOO_LONG",
                "{'a':1e-0010000}           | NUMBER_TOO_LONG",
                // and what is none of these
                "{'a':{'a':1},'b':[{'a':1}]}| JSON",
                "{'\\ud83d\\ude00':1}       | JSON",
                "['\\ud800']                | JSON",
                "[1e9999,1e-0009999,0e0000] | JSON",
                "{'a':1,'A':1,'a ':1,'':1}  | JSON",
            })
    void whatNobodyCouldReadBackIsNotAccepted(String text, JsonCheck.Verdict.Kind kind) {
        assertThat(verdict(text.replace('\'', '"')).kind()).isEqualTo(kind);
    }

    @Test
    void numbersHaveALongestLength() {
        String longest = "1".repeat(JsonCheck.NUMBER_CHARS_MAX);

        assertThat(verdict(longest).isJson()).isTrue();
        assertThat(verdict("[" + longest + "1]"))
                .isEqualTo(new JsonCheck.Verdict(JsonCheck.Verdict.Kind.NUMBER_TOO_LONG, 1, false));
        assertThat(verdict("0." + longest).isJson()).isFalse();
    }

    @Test
    void manyNamesAreToldApartWhateverTheirHashes() {
        StringBuilder object = new StringBuilder("{");
        for (int i = 0; i < 1 << 16; i++) {
            object.append(i == 0 ? "\"" : ",\"");
            for (int bit = 0; bit < 16; bit++) {
                object.append((i >> bit & 1) == 0 ? "Aa" : "BB"); // equal by String.hashCode
            }
            object.append("\":1");
        }

        assertThat(verdict(object + "}").isJson()).isTrue();
        assertThat(verdict(object + ",\"" + "Aa".repeat(16) + "\":1}").kind())
                .isEqualTo(JsonCheck.Verdict.Kind.NAME_REPEATED);
    }

    @Test
    void brokenUtf8IsNotJson() {
        byte[][] broken = {
            {'"', (byte) 0xc3, '"'},
            {'"', (byte) 0x80, '"'},
            {'"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"'},
            {'"', (byte) 0xc0, (byte) 0x80, '"'}
        };

        assertThat(List.of(broken)).noneMatch(json -> JsonCheck.of(json, 64).isJson());
    }

    @Test
    void depthIsCountedExactly() {
        assertThat(verdict("[".repeat(64) + "]".repeat(64)).isJson()).isTrue();
        assertThat(verdict("[".repeat(65) + "]".repeat(65)).kind())
                .isEqualTo(JsonCheck.Verdict.Kind.TOO_DEEP);
        assertThat(verdict("[".repeat(1_000_000)).kind())
                .isEqualTo(JsonCheck.Verdict.Kind.TOO_DEEP);
        assertThat(verdict("[" + "{\"a\":[]},".repeat(100) + "1]").isJson()).isTrue();
    }

    @Test
    void compactLeavesStringsAlone() {
        byte[] json = bytes(" { \"a b\" : [ 1 ,\n\t\" \\\" \" ] } ");

        assertThat(new String(JsonCheck.compact(json), StandardCharsets.UTF_8))
                .isEqualTo("{\"a b\":[1,\" \\\" \"]}");
    }

    /** A second opinion on texts that are nearly JSON. */
    @Test
    void agreesWithJackson() {
        ObjectMapper jackson =
                JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
        String[] parts = {
            "{", "}", "[", "]", ",", ":", "\"a\"", "\"", "1", "0", "-", ".", "e", "true", "null",
            " ", "\\", "{\"a\":", "[1", "ä"
        };
        Random random = new Random(SEED);
        for (int round = 0; round < 50_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(8); i >= 0; i--) {
                text.append(parts[random.nextInt(parts.length)]);
            }
            String json = text.toString();
            assertThat(verdict(json).isJson())
                    .as("-Dtuli.seed=%d: %s", SEED, json)
                    .isEqualTo(isJson(jackson, json));
        }
    }

    private static boolean isJson(ObjectMapper jackson, String text) {
        try {
            return !jackson.readTree(bytes(text)).isMissingNode();
        } catch (JacksonException refused) {
            return false;
        }
    }

    private static JsonCheck.Verdict verdict(String text) {
        return JsonCheck.of(bytes(text), 64);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
