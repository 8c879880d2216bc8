package io.tuli.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tuli.Failure;
import io.tuli.Payload;
import io.tuli.TuliException;
import io.tuli.terminal.Terminal;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("FE-28")
class ValueTextTest {

    @TempDir private Path directory;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\": [1]} | {\"a\":[1]}",
                "7 | 7",
                "-7.50 | -7.50",
                "null | null",
                "\"quoted\" | \"quoted\"",
                "text | \"text\"",
                "07 | \"07\"",
                "@ | \"@\"",
            })
    void valueIsJsonElseText(String argument, String json) {
        assertThat(ValueText.parse(argument, terminal(""))).isEqualTo(Payload.json(json));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"name\":", "{broken", " [1,", "\"open", "{\"a\":1}}", "[1] 2"})
    void whatBeginsLikeJsonAndIsNoneIsRefused(String argument) {
        TuliException refused =
                catchThrowableOfType(
                        TuliException.class, () -> ValueText.parse(argument, terminal("")));

        assertThat(refused.failure()).isEqualTo(Failure.BAD_REQUEST);
        assertThat(refused).hasMessageContaining("must be one valid JSON text");
    }

    @Test
    void emptyTextIsText() {
        assertThat(ValueText.parse("", terminal(""))).isEqualTo(Payload.json("\"\""));
    }

    @Test
    void dashReadsStandardInputWithoutItsLastLineBreak() {
        assertThat(ValueText.parse("-", terminal("two\nlines\n")))
                .isEqualTo(Payload.json("\"two\\nlines\""));
    }

    @Test
    void atReadsAFile() throws IOException {
        Path file = directory.resolve("value.json");
        Files.writeString(file, "{\"a\":1}\r\n");

        assertThat(ValueText.parse("@" + file, terminal(""))).isEqualTo(Payload.json("{\"a\":1}"));
    }

    private static Terminal terminal(String input) {
        InputStream in = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
        return new Terminal(in, System.out, System.err, false, Map.of());
    }
}
