package io.tuli.bytes;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads one field after another in an array, up to a limit and never beyond. Whatever is counted is
 * compared with the bytes that are left before anything is allocated for it; what is not of its one
 * form is a {@link MalformedException}. One thread.
 *
 * <p>Not to be called by name: whoever reads something extends it, so that nothing is between its
 * fields and the array.
 */
public abstract class FieldReader {

    protected byte[] bytes = {};
    protected int at;
    protected int limit;

    /** Made for the first text that is not ASCII. */
    private @Nullable CharsetDecoder utf8;

    /** Begins with what lies there of an array; in the one before, mostly. */
    @SuppressWarnings("ReferenceEquality") // to write the same again would cost a fence with G1
    protected final void begin(byte[] array, int from, int until) {
        if (bytes != array) {
            bytes = array;
        }
        at = from;
        limit = until;
    }

    protected final int left() {
        return limit - at;
    }

    protected final void require(int count) {
        if (count > limit - at) {
            throw new MalformedException(
                    "the last field is cut off: needed=" + count + " left=" + (limit - at));
        }
    }

    // ---- numbers -------------------------------------------------------------------------------

    public final byte octet() {
        if (at >= limit) {
            require(1);
        }
        return bytes[at++];
    }

    public final int fixedInt() {
        require(Integer.BYTES);
        at += Integer.BYTES;
        return BigEndian.intAt(bytes, at - Integer.BYTES);
    }

    public final long fixedLong() {
        require(Long.BYTES);
        at += Long.BYTES;
        return BigEndian.longAt(bytes, at - Long.BYTES);
    }

    /** A varint that is a non-negative int. */
    public final int varInt() {
        byte first = octet();
        if (first >= 0) {
            return first;
        }
        long value = varLong(first);
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw new MalformedException("a number is too large: " + Long.toUnsignedString(value));
        }
        return (int) value;
    }

    /** A varint of any 64 bits. */
    public final long varLong() {
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
        throw new MalformedException("a number must be in its shortest form of at most 10 bytes");
    }

    /** A varint that is a non-negative long. */
    public final long varOffset() {
        long value = varLong();
        if (value < 0) {
            throw new MalformedException("an offset is too large: " + Long.toUnsignedString(value));
        }
        return value;
    }

    /** How many items follow, none of which takes fewer than {@code bytesEach} bytes. */
    public final int count(int bytesEach) {
        int count = varInt();
        if ((long) count * bytesEach > limit - at) {
            throw new MalformedException("more is counted than follows: count=" + count);
        }
        return count;
    }

    // ---- bytes and texts -----------------------------------------------------------------------

    public final byte[] bytes(int length) {
        require(length);
        at += length;
        return Arrays.copyOfRange(bytes, at - length, at);
    }

    public final void skip(int length) {
        require(length);
        at += length;
    }

    /** UTF-8 that lies there in the array. */
    protected final String textAt(int from, int length) {
        return isAscii(from, length) ? ascii(from, length) : decoded(from, length);
    }

    protected final boolean isAscii(int from, int length) {
        for (int i = from; i < from + length; i++) {
            if (bytes[i] < 0) {
                return false;
            }
        }
        return true;
    }

    private String ascii(int from, int length) {
        return length == 0 ? "" : new String(bytes, from, length, StandardCharsets.ISO_8859_1);
    }

    private String decoded(int from, int length) {
        CharsetDecoder decoder = utf8;
        if (decoder == null) {
            decoder =
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .onMalformedInput(CodingErrorAction.REPORT)
                            .onUnmappableCharacter(CodingErrorAction.REPORT);
            utf8 = decoder;
        }
        try {
            return decoder.decode(ByteBuffer.wrap(bytes, from, length)).toString();
        } catch (CharacterCodingException e) {
            throw new MalformedException("a text must be valid UTF-8: bytes=" + length);
        }
    }
}
