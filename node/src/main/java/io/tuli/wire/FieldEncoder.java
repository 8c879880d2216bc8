package io.tuli.wire;

import io.tuli.bytes.BigEndian;
import io.tuli.bytes.Varint;

/**
 * Writes the fields of a frame, one after another, into an array that has room for them. The
 * inverse of {@link FieldDecoder}. One thread.
 */
final class FieldEncoder {

    /** Longest text whose length takes one byte. */
    private static final int SHORT_TEXT = 0x7f;

    private byte[] out = {};
    private int at;

    /** Goes on in this array, mostly the one it was in, from that index. */
    @SuppressWarnings("ReferenceEquality") // to write the same again would cost a fence with G1
    void begin(byte[] array, int from) {
        if (out != array) {
            out = array;
        }
        at = from;
    }

    /** The array that is written into. */
    byte[] array() {
        return out;
    }

    /** The index after what was written. */
    int end() {
        return at;
    }

    /** Somebody else has written into the array, up to there. */
    void end(int index) {
        at = index;
    }

    /** Writes a byte at an index that has been passed. */
    void octetAt(int index, int value) {
        out[index] = (byte) value;
    }

    /** Writes a length at an index that has been passed. */
    void lengthAt(int index, int length) {
        BigEndian.writeInt(out, index, length);
    }

    void octet(int value) {
        out[at++] = (byte) value;
    }

    void flag(boolean value) {
        octet(value ? 1 : 0);
    }

    void fixedInt(int value) {
        at = BigEndian.writeInt(out, at, value);
    }

    void fixedLong(long value) {
        at = BigEndian.writeLong(out, at, value);
    }

    /** A count, length, index or other number that is never negative, as a varint. */
    void varInt(int value) {
        if (value >>> 7 == 0) {
            out[at++] = (byte) value;
        } else {
            offset(value);
        }
    }

    /** An offset or other long that is never negative, as a varint. */
    void offset(long value) {
        at = Varint.writeNatural(out, at, value);
    }

    /** Any 64 bits, as a varint. */
    void varLong(long value) {
        at = Varint.write(out, at, value);
    }

    void bytes(byte[] bytes) {
        bytes(bytes, 0, bytes.length);
    }

    void bytes(byte[] bytes, int from, int length) {
        System.arraycopy(bytes, from, out, at, length);
        at += length;
    }

    /**
     * A string: its length in UTF-8 as a varint, then UTF-8.
     *
     * @throws io.tuli.TuliException BAD_REQUEST when it is no Unicode text
     */
    void text(String text) {
        int length = text.length();
        if (length > SHORT_TEXT || !isWrittenAsAscii(text, length)) {
            varInt(Text.utf8Bytes(text));
            for (int i = 0; i < length; i++) {
                int point = text.codePointAt(i);
                i += point >>> 16 == 0 ? 0 : 1;
                utf8(point);
            }
        }
    }

    private void utf8(int point) {
        if (point < 0x80) {
            octet(point);
        } else if (point < 0x800) {
            octet(0xc0 | point >> 6);
            octet(0x80 | (point & 0x3f));
        } else if (point < 0x10000) {
            octet(0xe0 | point >> 12);
            octet(0x80 | (point >> 6 & 0x3f));
            octet(0x80 | (point & 0x3f));
        } else {
            octet(0xf0 | point >> 18);
            octet(0x80 | (point >> 12 & 0x3f));
            octet(0x80 | (point >> 6 & 0x3f));
            octet(0x80 | (point & 0x3f));
        }
    }

    private boolean isWrittenAsAscii(String text, int length) {
        byte[] to = out;
        int first = at + 1;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                return false;
            }
            to[first + i] = (byte) c;
        }
        to[at] = (byte) length;
        at = first + length;
        return true;
    }
}
