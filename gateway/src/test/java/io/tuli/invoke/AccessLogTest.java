package io.tuli.invoke;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A line of the access log is one line with its fields, whatever clients call themselves. */
class AccessLogTest {

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '|',
            value = {
                "/todos/:id,/todos/:id",
                "ada@shop.example,ada@shop.example",
                "'',%27%27",
                "a b=c,a%20b%3Dc",
                "ü,%C3%BC",
                "100%,100%25"
            })
    void whatIsNotPlainIsWrittenAsDigits(String text, String plain) {
        assertThat(AccessLog.plain(text)).isEqualTo(plain);
    }

    @Test
    void noTextMakesALineOrAFieldOrALongLine() {
        assertThat(AccessLog.plain("x\r\n127.0.0.1 GET / 200\u001b[31m\u202e user=root"))
                .matches("[A-Za-z0-9/_.~:@+%-]+")
                .startsWith("x%0D%0A127.0.0.1%20GET");
        assertThat(AccessLog.plain("/a".repeat(10_000))).hasSizeLessThan(110);
        assertThat(AccessLog.plain("")).isEqualTo("-");
    }
}
