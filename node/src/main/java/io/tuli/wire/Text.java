package io.tuli.wire;

import io.tuli.Failure;
import io.tuli.TuliException;
import io.tuli.bytes.Varint;

/** Strings on the wire: their length in UTF-8 as a varint, then UTF-8. */
final class Text {

    /** Bytes that one char of a string takes at most. */
    private static final int UTF8_BYTES_MAX = 3;

    private Text() {}

    /**
     * Bytes of a string in UTF-8, without its length.
     *
     * @throws TuliException BAD_REQUEST when it is no Unicode text: half a surrogate pair would
     *     arrive as another character, and so as another key
     */
    static int utf8Bytes(String text) {
        int length = text.length();
        int size = length;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= 0x800) {
                size += 2;
                if (Character.isSurrogate(c)) {
                    i++;
                    requirePair(c, i < length ? text.charAt(i) : 'x', i);
                }
            } else if (c >= 0x80) {
                size++;
            }
        }
        return size;
    }

    private static void requirePair(char high, char low, int at) {
        if (!Character.isSurrogatePair(high, low)) {
            throw new TuliException(
                    Failure.BAD_REQUEST,
                    "text must be valid Unicode: a surrogate stands alone before index=" + at);
        }
    }

    /** Upper bound of bytes with length, known without a look at the text. */
    static int roomFor(String text) {
        return Varint.INT_BYTES_MAX + UTF8_BYTES_MAX * text.length();
    }

    /** Bytes with length, at most. */
    static int sizeAtMost(String text) {
        return Varint.INT_BYTES_MAX + utf8Bytes(text);
    }
}
