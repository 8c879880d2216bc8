package io.tuli.document;

import io.tuli.Payload;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;

/** The numbers that can be counted with: integers of 64 bits, in JSON. */
final class WholeNumber {

    /** Longer texts are no such numbers. */
    private static final int CHARS_MAX = 20;

    private WholeNumber() {}

    /**
     * The number a value is; empty if it is none, has a fraction or an exponent, or is too large.
     */
    static OptionalLong of(Payload value) {
        if (value.format() != Payload.Format.JSON || value.sizeBytes() > CHARS_MAX) {
            return OptionalLong.empty();
        }
        String text = new String(value.bytes(), StandardCharsets.US_ASCII).strip();
        if (!isInteger(text)) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseLong(text));
        } catch (NumberFormatException beyond64Bits) {
            return OptionalLong.empty();
        }
    }

    private static boolean isInteger(String text) {
        int from = text.startsWith("-") ? 1 : 0;
        if (from == text.length()) {
            return false;
        }
        for (int i = from; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }
}
