package io.tuli.document;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Payload;
import org.junit.jupiter.api.Test;

class ValueExcerptTest {

    @Test
    void aValueIsShownAsAPersonWouldReadIt() {
        assertThat(ValueExcerpt.of(Payload.json("{\"a\":1}"))).isEqualTo("{\"a\":1}");
        assertThat(ValueExcerpt.of(Payload.NONE)).isEqualTo("nothing");
        assertThat(ValueExcerpt.of(Payload.opaque(new byte[3]))).isEqualTo("3 bytes");
    }

    @Test
    void aLongValueIsCut() {
        assertThat(ValueExcerpt.of(Payload.json("x".repeat(101)))).isEqualTo("x".repeat(99) + "…");
        assertThat(ValueExcerpt.of(Payload.json("€".repeat(101)))).isEqualTo("€".repeat(99) + "…");
        assertThat(ValueExcerpt.of(Payload.json("€".repeat(9_999))))
                .isEqualTo("€".repeat(99) + "…");
    }
}
