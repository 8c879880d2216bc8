package io.tuli.codec;

import io.tuli.Payload;
import io.tuli.Payload.Format;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Sums of JSON numbers, exact in decimal: the same to the byte everywhere. */
final class Numbers {

    /** Longer numbers, and larger exponents, are no numbers to calculate with. */
    private static final Pattern NUMBER =
            Pattern.compile("-?(0|[1-9][0-9]{0,60})(\\.[0-9]{1,60})?([eE][+-]?[0-9]{1,2})?");

    private Numbers() {}

    static boolean isNumber(Payload value) {
        return value.format() == Format.JSON
                && value.sizeBytes() <= 160
                && NUMBER.matcher(text(value)).matches();
    }

    /** What is no number counts as 0. */
    static Payload sum(Payload a, Payload b) {
        BigDecimal sum = number(a).add(number(b));
        return Payload.json(sum.signum() == 0 ? "0" : sum.toPlainString());
    }

    private static BigDecimal number(Payload value) {
        return isNumber(value) ? new BigDecimal(text(value)) : BigDecimal.ZERO;
    }

    private static String text(Payload value) {
        return new String(value.bytes(), StandardCharsets.US_ASCII).strip();
    }
}
