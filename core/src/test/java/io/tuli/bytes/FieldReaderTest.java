package io.tuli.bytes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers and texts as bytes: each has one form, and nothing beyond the limit is read. */
class FieldReaderTest {

    private static final class Fields extends FieldReader {

        Fields of(byte[] bytes) {
            begin(bytes, 0, bytes.length);
            return this;
        }

        Fields of(String hex) {
            return of(HexFormat.of().parseHex(hex));
        }

        String text() {
            return textAt(at, left());
        }
    }

    private final Fields fields = new Fields();

    @Test
    void aNumberIsReadAsItWasWrittenInAsFewBytesAsItNeeds() {
        Random random = new Random(7);
        byte[] bytes = new byte[Varint.LONG_BYTES_MAX];
        for (int i = 0; i < 10_000; i++) {
            long value = random.nextLong() >>> random.nextInt(Long.SIZE);
            int end = Varint.write(bytes, 0, value);
            int bits = Long.SIZE - Long.numberOfLeadingZeros(value | 1);

            assertThat(end).isEqualTo((bits + 6) / 7);
            assertThat(fields.of(Arrays.copyOf(bytes, end)).varLong()).isEqualTo(value);
        }
    }

    @Test
    void aFixedNumberIsWrittenWithItsHighestByteFirst() {
        byte[] bytes = new byte[12];
        int end = BigEndian.writeLong(bytes, BigEndian.writeInt(bytes, 0, -2), 0x0102030405060708L);

        assertThat(HexFormat.of().formatHex(bytes, 0, end)).isEqualTo("fffffffe0102030405060708");
        assertThat(fields.of(bytes).fixedInt()).isEqualTo(-2);
        assertThat(fields.fixedLong()).isEqualTo(0x0102030405060708L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"8000", "808000", "ffffffffffffffffff02", "ffffffffffffffffffff01"})
    void aNumberInALongerFormThanItNeedsIsRefused(String hex) {
        assertThatThrownBy(() -> fields.of(hex).varLong())
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("shortest form");
    }

    @Test
    void aNumberOutOfItsRangeIsRefused() {
        assertThatThrownBy(() -> fields.of("8080808008").varInt())
                .hasMessageContaining("2147483648");
        assertThatThrownBy(() -> fields.of("ffffffffffffffffff01").varOffset())
                .hasMessageContaining("18446744073709551615");
        assertThatThrownBy(() -> Varint.writeNatural(new byte[10], 0, -1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void nothingIsReadBeyondTheLimit() {
        assertThatThrownBy(() -> fields.of("").octet()).isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> fields.of("ff").varLong()).isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> fields.of("000000").fixedInt())
                .hasMessage("the last field is cut off: needed=4 left=3");
        assertThatThrownBy(() -> fields.of("00").bytes(2)).isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> fields.of("00").skip(2)).isInstanceOf(MalformedException.class);
    }

    @Test
    void moreThanCanFollowIsNotCounted() {
        assertThat(fields.of("0200000000").count(2)).isEqualTo(2);
        assertThatThrownBy(() -> fields.of("02000000").count(2))
                .hasMessage("more is counted than follows: count=2");
    }

    @Test
    void aTextIsUtf8() {
        for (String text : new String[] {"", "plain", "é", "☃ 𝄞"}) {
            assertThat(fields.of(text.getBytes(StandardCharsets.UTF_8)).text()).isEqualTo(text);
        }
        assertThatThrownBy(() -> fields.of("61ff").text())
                .isInstanceOf(MalformedException.class)
                .hasMessage("a text must be valid UTF-8: bytes=2");
    }
}
