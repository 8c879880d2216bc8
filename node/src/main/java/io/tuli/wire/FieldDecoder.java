package io.tuli.wire;

import io.tuli.log.Entries;
import io.tuli.log.EntryReader;
import io.tuli.log.StoredReader;
import io.tuli.log.StoredRun;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads the fields of one frame after another and never beyond a frame's end. Whatever is counted
 * is compared with the bytes that are left before anything is allocated for it. One thread.
 */
final class FieldDecoder {

    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final NameCache names = new NameCache();
    private final CharsetDecoder utf8 =
            StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT);

    private byte[] in = {};
    private int at;
    private int end;

    /** Four bytes as a number. */
    static int intAt(byte[] bytes, int index) {
        return (int) INT.get(bytes, index);
    }

    /** Begins with what lies there of a frame; in the array of the one before, mostly. */
    @SuppressWarnings("ReferenceEquality") // to write the same again would cost a fence with G1
    void begin(byte[] bytes, int from, int until) {
        if (in != bytes) {
            in = bytes;
        }
        at = from;
        end = until;
    }

    /** Ends with the frame, of which nothing may be left. */
    void finish() {
        int left = left();
        if (left != 0) {
            throw new WireException("a frame must end with its last field: bytes left=" + left);
        }
    }

    private int left() {
        return end - at;
    }

    private void require(int bytes) {
        if (bytes > left()) {
            throw new WireException("a frame ended early: needed=" + bytes + " left=" + left());
        }
    }

    byte octet() {
        require(1);
        return in[at++];
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
        at += Integer.BYTES;
        return (int) INT.get(in, at - Integer.BYTES);
    }

    long fixedLong() {
        require(Long.BYTES);
        at += Long.BYTES;
        return (long) LONG.get(in, at - Long.BYTES);
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

    /** Entries of a changelog: looked at by the reader, and taken as they are. */
    Entries entries(EntryReader reader) {
        int count = count(EntryReader.BYTES_MIN);
        try {
            Entries entries = Entries.read(in, at, end, count, reader);
            at += entries.sizeBytes();
            return entries;
        } catch (IllegalArgumentException e) {
            throw new WireException("an entry breaks its rule: " + e.getMessage());
        }
    }

    /** Documents of a state: looked at, and taken as they are. */
    StoredRun documents() {
        int count = count(StoredReader.BYTES_MIN);
        try {
            StoredRun documents = StoredRun.read(in, at, end, count);
            at += documents.sizeBytes();
            return documents;
        } catch (IllegalArgumentException e) {
            throw new WireException("a document breaks its rule: " + e.getMessage());
        }
    }

    byte[] bytes(int length) {
        require(length);
        at += length;
        return Arrays.copyOfRange(in, at - length, at);
    }

    void skip(int length) {
        require(length);
        at += length;
    }

    /** A string of at most so many bytes. */
    String text(int bytesMax) {
        int length = textLength(bytesMax);
        int from = at;
        at += length;
        return isAscii(from, length) ? ascii(from, length) : decoded(from, length);
    }

    /** A string that is likely to come again. */
    String name(int bytesMax) {
        int length = textLength(bytesMax);
        int from = at;
        at += length;
        if (!isAscii(from, length)) {
            return decoded(from, length);
        }
        return length <= NameCache.NAME_BYTES_MAX
                ? names.of(in, from, length)
                : ascii(from, length);
    }

    private int textLength(int bytesMax) {
        int length = varInt();
        if (length > bytesMax) {
            throw new WireException("a text is too long: bytes=" + length + " max=" + bytesMax);
        }
        require(length);
        return length;
    }

    private boolean isAscii(int from, int length) {
        for (int i = from; i < from + length; i++) {
            if (in[i] < 0) {
                return false;
            }
        }
        return true;
    }

    private String ascii(int from, int length) {
        return length == 0 ? "" : new String(in, from, length, StandardCharsets.ISO_8859_1);
    }

    private String decoded(int from, int length) {
        try {
            return utf8.decode(ByteBuffer.wrap(in, from, length)).toString();
        } catch (CharacterCodingException e) {
            throw new WireException("a text must be valid UTF-8: bytes=" + length);
        }
    }
}
