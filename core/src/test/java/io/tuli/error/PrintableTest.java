package io.tuli.error;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTest {

    @Test
    void textWithoutOrdersIsItself() {
        String text = "key \u00fc \u2603 \uD83D\uDC69\u200D\uD83D\uDE80 a\tb\nc";

        assertThat(Printable.of(text)).isSameAs(text);
    }

    @Test
    void ordersBecomeWhatStandsForThemInJson() {
        assertThat(Printable.of("\u001b[2J\u0007\r\b\u0000"))
                .isEqualTo("\\u001b[2J\\u0007\\u000d\\u0008\\u0000");
        assertThat(Printable.of("\u007f\u009b2J\u0085")).isEqualTo("\\u007f\\u009b2J\\u0085");
        assertThat(Printable.of("\u202egnp.exe\u2066\u200f\u061c\u2028"))
                .isEqualTo("\\u202egnp.exe\\u2066\\u200f\\u061c\\u2028");
    }

    @Test
    void aLineHasNoBreaks() {
        assertThat(Printable.line("a\nERROR\tb")).isEqualTo("a\\u000aERROR\\u0009b");
    }

    @Test
    void whatIsPrintableStaysAsItIs() {
        String once = Printable.line("a\u001b[2J\nb");

        assertThat(Printable.isLine(once)).isTrue();
        assertThat(Printable.isLine("a\nb")).isFalse();
        assertThat(Printable.line(once)).isSameAs(once);
    }
}
