package io.tuli.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Edit;
import io.tuli.Key;
import io.tuli.Limits;
import io.tuli.Payload;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("FE-02")
class JsonDocumentsTest {
    private final JsonDocuments documents = new JsonDocuments();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                // an object's fields
                "{}                    | k.a   | 1     | {`a`:1}",
                "{`a`:1}               | k.a   | 2     | {`a`:2}",
                "{`a`:1}               | k.b   | 2     | {`a`:1,`b`:2}",
                "{`a`:1,`b`:2}         | k.a   | []    | {`a`:[],`b`:2}",
                "{`a`:{`b`:1}}         | k.a.b | `x`   | {`a`:{`b`:`x`}}",
                "{`a`:{}}              | k.a.b.c | 1   | {`a`:{`b`:{`c`:1}}}",
                "{ `a` : 1 , `b` : 2 } | k.b   | 3     | { `a` : 1 , `b` : 3 }",
                "{`a`:`}]`,`b`:1}      | k.b   | 3     | {`a`:`}]`,`b`:3}",
                "{`a`:1,`a`:2}         | k.a   | 3     | {`a`:1,`a`:3}",
                // an array's elements
                "[1,2]                 | k.0   | 9     | [9,2]",
                "[1,2]                 | k.1   | 9     | [1,9]",
                "[1,2]                 | k.2   | 9     | [1,2,9]",
                "[]                    | k.0   | 9     | [9]",
                "[[1]]                 | k.0.1 | 9     | [[1,9]]",
                "[]                    | k.0.a | 9     | [{`a`:9}]",
                // what does not fit is replaced
                "[1,2]                 | k.3   | 9     | {`3`:9}",
                "[1,2]                 | k.01  | 9     | {`01`:9}",
                "[1,2]                 | k.-1  | 9     | {`-1`:9}",
                "[1,2]                 | k.x   | 9     | {`x`:9}",
                "{`a`:5}               | k.a.b | 9     | {`a`:{`b`:9}}",
                "{`a`:null}            | k.a.0 | 9     | {`a`:{`0`:9}}",
                "`text`                | k.a   | 9     | {`a`:9}",
                "{`a`                  | k.a   | 9     | {`a`:9}",
                "{`a` 1}               | k.a   | 9     | {`a`:9}",
                "[1}                   | k.7   | 9     | {`7`:9}",
                "[1,]                  | k.5   | 9     | {`5`:9}",
            })
    void updateSetsTheValueAtTheKey(String before, String key, String value, String after) {
        assertThat(applied(before, Edit.update(Key.parse(key), quoted(value))))
                .isEqualTo(quoted(after));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "[1,2]      | k.0   | [9,1,2]",
                "[1,2]      | k.1   | [1,9,2]",
                "[1,2]      | k.2   | [1,2,9]",
                "[[],[1]]   | k.1.0 | [[],[9,1]]",
                "{`a`:1}    | k.b   | {`a`:1,`b`:9}",
                "{`a`:1}    | k.a   | {`a`:9}",
            })
    void addInsertsIntoArrays(String before, String key, String after) {
        assertThat(applied(before, Edit.add(Key.parse(key), Payload.json("9"))))
                .isEqualTo(quoted(after));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{`a`:1}                 | k.a   | {}",
                "{`a`:1,`b`:2,`c`:3}     | k.a   | {`b`:2,`c`:3}",
                "{`a`:1,`b`:2,`c`:3}     | k.b   | {`a`:1,`c`:3}",
                "{`a`:1,`b`:2,`c`:3}     | k.c   | {`a`:1,`b`:2}",
                "{ `a` : 1 , `b` : 2 }   | k.a   | { `b` : 2 }",
                "{ `a` : 1 , `b` : 2 }   | k.b   | { `a` : 1  }",
                "{`a`:1,`b`:2,`a`:3}     | k.a   | {`b`:2}",
                "[1,2,3]                 | k.0   | [2,3]",
                "[1,1,1]                 | k.1   | [1,1]",
                "[1,2,3]                 | k.2   | [1,2]",
                "[1]                     | k.0   | []",
                "{`a`:[{`b`:1}]}         | k.a.0.b | {`a`:[{}]}",
                // what is not there stays not there
                "[1]                     | k.1   | [1]",
                "{`a`:1}                 | k.b   | {`a`:1}",
                "{`a`:1}                 | k.a.b | {`a`:1}",
                "7                       | k.a   | 7",
                "{`a                     | k.a   | {`a",
            })
    void removeTakesOut(String before, String key, String after) {
        assertThat(applied(before, Edit.remove(Key.parse(key)))).isEqualTo(quoted(after));
    }

    @Test
    void wholeDocumentIsReplacedByTheVeryValue() {
        Payload value = Payload.opaque(new byte[] {1, 2});

        assertThat(documents.apply(Payload.NULL, Edit.update(Key.parse("k"), value)))
                .isSameAs(value);
        assertThat(documents.read(value, Key.parse("k"))).isSameAs(value);
    }

    @Test
    void removedDocumentIsNone() {
        assertThat(documents.apply(Payload.json("1"), Edit.remove(Key.parse("k"))))
                .isEqualTo(Payload.NONE);
    }

    @Test
    void deepEditOfNothingOrOfBytesMakesObjects() {
        Edit edit = Edit.update(Key.parse("k.a.0"), Payload.json("1"));

        assertThat(documents.apply(Payload.NONE, edit)).hasToString("{\"a\":{\"0\":1}}");
        assertThat(documents.apply(Payload.opaque(new byte[9]), edit))
                .hasToString("{\"a\":{\"0\":1}}");
    }

    @Test
    void bytesInsideOfADocumentBecomeBase64() {
        Edit edit = Edit.update(Key.parse("k.a"), Payload.opaque(new byte[] {1, 2, 3}));

        assertThat(documents.apply(Payload.NONE, edit)).hasToString("{\"a\":\"AQID\"}");
    }

    @Test
    void removingFromBytesChangesNothing() {
        Payload bytes = Payload.opaque(new byte[] {'{', '}'});

        assertThat(documents.apply(bytes, Edit.remove(Key.parse("k.a")))).isSameAs(bytes);
    }

    @Test
    void fieldIsFoundUnderAnySpellingOfItsName() {
        Payload document = Payload.json("{\"\\u00e4\\\\ \\ud83d\\ude00\":1}");
        Key key = Key.of("k", "ä\\ 😀");

        assertThat(documents.read(document, key)).hasToString("1");
        assertThat(documents.apply(document, Edit.remove(key))).hasToString("{}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ä", "a.b", "\"", "\\", "\n", "😀", "\0", "/", "\u2028"})
    @Tag("FE-07")
    void anyTextCanNameAField(String name) {
        Key key = Key.of("k", name);

        Payload document = documents.apply(Payload.NONE, Edit.update(key, Payload.json("1")));

        assertThat(documents.read(document, key)).hasToString("1");
        assertThat(documents.fields(document)).containsOnlyKeys(name);
    }

    @Test
    @Tag("FE-07")
    void numbersKeepTheirSpelling() {
        Payload document = Payload.json("{\"a\":1.10,\"b\":1e400,\"c\":12345678901234567890}");

        Payload edited = applied(document, Edit.update(Key.parse("k.d"), Payload.json("-0.0E-7")));

        assertThat(edited)
                .hasToString("{\"a\":1.10,\"b\":1e400,\"c\":12345678901234567890,\"d\":-0.0E-7}");
        assertThat(documents.read(edited, Key.parse("k.b"))).hasToString("1e400");
    }

    @Test
    void lengthCountsElements() {
        assertThat(documents.length(Payload.json(" [1,[2,3],{\"a\":[]} ] "))).isEqualTo(3);
        assertThat(documents.length(Payload.json("[]"))).isZero();
        assertThat(List.of("{}", "1", "", "[1", "[1 2]"))
                .allMatch(text -> documents.length(Payload.json(text)) == -1);
        assertThat(documents.length(Payload.NONE)).isEqualTo(-1);
    }

    @Test
    void fieldsComeInTheirOrder() {
        assertThat(documents.fields(Payload.json("{\"z\":1,\"a\": {\"b\":2} ,\"\":\"\"}")))
                .containsExactly(
                        java.util.Map.entry("z", Payload.json("1")),
                        java.util.Map.entry("a", Payload.json("{\"b\":2}")),
                        java.util.Map.entry("", Payload.json("\"\"")));
        assertThat(documents.fields(Payload.json("[1]"))).isEmpty();
    }

    @Test
    void textIsTheStringElseTheJson() {
        assertThat(documents.text(Payload.json("\"a\\nb\""))).isEqualTo("a\nb");
        assertThat(documents.text(Payload.json("{\"a\":1}"))).isEqualTo("{\"a\":1}");
        assertThat(documents.text(Payload.NONE)).isEmpty();
        assertThat(documents.text(documents.string("\ud800\"\0"))).isEqualTo("\ud800\"\0");
    }

    @Test
    void stringIsWrittenAsTheCodecWritesIt() {
        JsonCodec codec = new JsonCodec(Limits.defaults());
        StringBuilder all = new StringBuilder();
        for (int c = 0; c <= 0xffff; c += c < 0x300 ? 1 : 97) {
            all.append((char) c);
        }
        String text = all.toString();

        assertThat(documents.string(text)).isEqualTo(codec.encode(text));
        assertThat(codec.encode(List.of(text)).bytes())
                .isEqualTo(("[" + documents.string(text) + "]").getBytes(StandardCharsets.UTF_8));
    }

    private Payload applied(String before, Edit edit) {
        return applied(quoted(before), edit);
    }

    private Payload applied(Payload before, Edit edit) {
        return documents.apply(before, edit);
    }

    /** JSON whose quotes are written as backquotes, to be legible in a table. */
    private static Payload quoted(String text) {
        return Payload.json(text.replace('`', '"'));
    }
}
