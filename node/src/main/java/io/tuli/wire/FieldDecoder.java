package io.tuli.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Reads the fields of one frame after another and never beyond a frame's end. Whatever is counted
 * is compared with the bytes that are left before anything is allocated for it. One thread.
 */
final class FieldDecoder {

    private static final int SCRATCH_BYTES = 1024;

    private final NameCache names = new NameCache();
    private final byte[] scratch = new byte[SCRATCH_BYTES];
    private final CharsetDecoder utf8 =
            StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT);
    private ByteBuf in = Unpooled.EMPTY_BUFFER;
    private int end;

    /** Begins with a frame that ends at the index {@code end}. */
    void begin(ByteBuf buffer, int end) {
        this.in = buffer;
        this.end = end;
    }

    /** Ends with the frame, of which nothing may be left. */
    void finish() {
        int left = left();
        in = Unpooled.EMPTY_BUFFER;
        if (left != 0) {
            throw new WireException("a frame must end with its last field: bytes left=" + left);
        }
    }

    private int left() {
        return end - in.readerIndex();
    }

    private void require(int bytes) {
        if (bytes > left()) {
            throw new WireException("a frame ended early: needed=" + bytes + " left=" + left());
        }
    }

    byte octet() {
        require(1);
        return in.readByte();
    }

    /** A byte that numbers one of {@code count} values. */
    int ordinal(int count, String what) {
        int value = octet() & 0xff;
        if (value >= count) {
            throw new WireException("unknown " + what + ": number=" + value);
        }
        return value;
    }

    boolean flag() {
        return ordinal(2, "flag") == 1;
    }

    int fixedInt() {
        require(Integer.BYTES);
        return in.readInt();
    }

    long fixedLong() {
        require(Long.BYTES);
        return in.readLong();
    }

    /** A varint that is a non-negative int. */
    int varInt() {
        byte first = octet();
        if (first >= 0) {
            return first;
        }
        long value = varLong(first);
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw new WireException("a number is too large: " + Long.toUnsignedString(value));
        }
        return (int) value;
    }

    /** A varint of any 64 bits. */
    long varLong() {
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
        throw new WireException("a number must be in its shortest form of at most 10 bytes");
    }

    /** A varint that is a non-negative long. */
    long offset() {
        long value = varLong();
        if (value < 0) {
            throw new WireException("an offset is too large: " + Long.toUnsignedString(value));
        }
        return value;
    }

    /** How many items follow, none of which takes fewer than {@code bytesEach} bytes. */
    int count(int bytesEach) {
        int count = varInt();
        if ((long) count * bytesEach > left()) {
            throw new WireException("more is counted than follows: count=" + count);
        }
        return count;
    }

    byte[] bytes(int length) {
        require(length);
        byte[] bytes = new byte[length];
        in.readBytes(bytes);
        return bytes;
    }

    void skip(int length) {
        require(length);
        in.skipBytes(length);
    }

    /** A string of at most so many bytes. */
    String text(int bytesMax) {
        int length = textLength(bytesMax);
        byte[] bytes = length <= SCRATCH_BYTES ? scratch : new byte[length];
        in.readBytes(bytes, 0, length);
        return isAscii(bytes, length) ? ascii(bytes, length) : decoded(bytes, length);
    }

    /** A string that is likely to come again. */
    String name(int bytesMax) {
        int length = textLength(bytesMax);
        byte[] bytes = length <= SCRATCH_BYTES ? scratch : new byte[length];
        in.readBytes(bytes, 0, length);
        if (!isAscii(bytes, length)) {
            return decoded(bytes, length);
        }
        return length <= NameCache.NAME_BYTES_MAX ? names.of(bytes, length) : ascii(bytes, length);
    }

    private int textLength(int bytesMax) {
        int length = varInt();
        if (length > bytesMax) {
            throw new WireException("a text is too long: bytes=" + length + " max=" + bytesMax);
        }
        require(length);
        return length;
    }

    private static boolean isAscii(byte[] bytes, int length) {
        for (int i = 0; i < length; i++) {
            if (bytes[i] < 0) {
                return false;
            }
        }
        return true;
    }

    private static String ascii(byte[] bytes, int length) {
        return length == 0 ? "" : new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    }

    private String decoded(byte[] bytes, int length) {
        try {
            return utf8.decode(ByteBuffer.wrap(bytes, 0, length)).toString();
        } catch (CharacterCodingException e) {
            throw new WireException("a text must be valid UTF-8: bytes=" + length);
        }
    }
}
