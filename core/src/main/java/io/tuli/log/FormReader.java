package io.tuli.log;

import io.tuli.Payload;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads the parts of {@link EntryForm} in an array, up to a limit and never beyond. What is not of
 * that form is an {@link IllegalArgumentException}. One thread.
 */
class FormReader {

    private static final Payload.Format[] FORMATS = Payload.Format.values();

    byte[] bytes = {};
    int at;
    int limit;

    final void require(int count) {
        if (count > limit - at) {
            throw new IllegalArgumentException(
                    "the last field is cut off: needed=" + count + " left=" + (limit - at));
        }
    }

    final byte octet() {
        if (at >= limit) {
            require(1);
        }
        return bytes[at++];
    }

    final long fixedLong() {
        require(Long.BYTES);
        at += Long.BYTES;
        return (long) EntryForm.LONG.get(bytes, at - Long.BYTES);
    }

    final int fixedInt() {
        require(Integer.BYTES);
        at += Integer.BYTES;
        return (int) EntryForm.INT.get(bytes, at - Integer.BYTES);
    }

    /** A varint that is a non-negative int. */
    final int varInt() {
        byte first = octet();
        if (first >= 0) {
            return first;
        }
        long value = varLong(first);
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "a number is too large: " + Long.toUnsignedString(value));
        }
        return (int) value;
    }

    /** A varint of any 64 bits. */
    final long varLong() {
        byte first = octet();
        return first >= 0 ? first : varLong(first);
    }

    private long varLong(byte first) {
        long value = first & 0x7f;
        for (int shift = 7; shift < Long.SIZE; shift += 7) {
            byte next = octet();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                if (next == 0 || (shift == 63 && next > 1)) {
                    break;
                }
                return value;
            }
        }
        throw new IllegalArgumentException(
                "a number must be in its shortest form of at most 10 bytes");
    }

    /** A varint that is a non-negative long. */
    final long readOffset() {
        long value = varLong();
        if (value < 0) {
            throw new IllegalArgumentException(
                    "an offset is too large: " + Long.toUnsignedString(value));
        }
        return value;
    }

    /** How many items follow, none of which takes fewer than {@code bytesEach} bytes. */
    final int count(int bytesEach) {
        int count = varInt();
        if ((long) count * bytesEach > limit - at) {
            throw new IllegalArgumentException("more is counted than follows: count=" + count);
        }
        return count;
    }

    /** Length and format of a value, whose bytes are there; it comes next. */
    final int payloadTag() {
        int tag = varInt();
        int format = tag & 3;
        if (format >= FORMATS.length) {
            throw new IllegalArgumentException("unknown format of a value: number=" + format);
        }
        if (format == 0 && tag != 0) {
            throw new IllegalArgumentException("no value has no bytes: bytes=" + (tag >>> 2));
        }
        require(tag >>> 2);
        return tag;
    }

    final void skipPayload() {
        int tag = payloadTag();
        at += tag >>> 2;
    }

    final Payload payload() {
        int tag = payloadTag();
        at += tag >>> 2;
        return payload(tag, at - (tag >>> 2));
    }

    final Payload payload(int tag, int from) {
        if (tag == 0) {
            return Payload.NONE;
        }
        byte[] value = new byte[tag >>> 2];
        System.arraycopy(bytes, from, value, 0, value.length);
        return Payload.of(formatOf(tag), value);
    }

    static Payload.Format formatOf(int tag) {
        return FORMATS[tag & 3];
    }

    /** Text that need not be ASCII. */
    final String text(int from, int length) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, from, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("a text must be valid UTF-8: bytes=" + length);
        }
    }
}
