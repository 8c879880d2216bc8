package io.tuli.store;

import io.tuli.Edit;
import io.tuli.Payload;
import io.tuli.log.DocumentReader;
import io.tuli.log.StateHash;
import io.tuli.log.Stored;
import io.tuli.log.StoredWriter;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One document with its key as bytes in a chunk: a byte of widths, lengths of key and value,
 * offset, time, where it goes by itself its format and when, key, value. Numbers take the fewest
 * bytes of a few; the time is kept as the difference to that of the chunk's first document, which
 * its first eight bytes hold. Stateless.
 *
 * <p>Numbers are read and written eight bytes at a time and cut, so behind the last document of a
 * chunk there must be {@value #SPARE_BYTES} bytes.
 */
final class Packed {

    /** More than widths, lengths, offset and time ever take. */
    static final int HEAD_BYTES_MOST = 1 + 2 * Integer.BYTES + 2 * Long.BYTES + 7;

    /** In the place of a format: it follows the time, and so does when the document goes. */
    private static final int MORE = 3;

    private static final int UNTIL_BYTES = 6;
    private static final int MORE_BYTES = 1 + UNTIL_BYTES;

    static final int SPARE_BYTES = Long.BYTES;

    /** Most documents lie in two or three lines of the processor's cache. */
    private static final int TOUCHED_BYTES = 96;

    private static final int FORMAT = 3;
    private static final int WIDE_KEY = 1 << 2;
    private static final int WIDE_VALUE = 1 << 3;
    private static final int OFFSET_SHIFT = 4;
    private static final int TIME_SHIFT = 6;
    private static final int NARROW_MOST = 0xff;

    /** The widths a number may have, a byte each. */
    private static final int OFFSET_WIDTHS = 0x08_04_03_02;

    private static final int TIME_WIDTHS = 0x08_06_04_03;

    /** For each number of bytes needed, from 0, which of the widths: two bits each. */
    private static final int OFFSET_CODES = 0b11_11_11_11_10_01_00_00_00;

    private static final int TIME_CODES = 0b11_11_10_10_01_00_00_00_00;

    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final Payload.Format[] FORMATS = Payload.Format.values();

    private Packed() {}

    // ---- writing -------------------------------------------------------------------------------

    /** The time of a chunk whose documents are to come. */
    static void begin(byte[] chunk, long time) {
        LONG.set(chunk, 0, time);
    }

    /** Writes a document; answers the place after it, or -1 if the key is not plain ASCII. */
    static int write(byte[] chunk, int at, String key, Stored stored) {
        int length = key.length();
        int keyAt = writeHead(chunk, at, length, stored);
        for (int i = 0; i < length; i++) {
            char c = key.charAt(i);
            if (c >= 0x80) {
                return -1;
            }
            chunk[keyAt + i] = (byte) c;
        }
        return writeValue(chunk, keyAt + length, stored.document());
    }

    /** The same with a key in UTF-8. */
    static int write(byte[] chunk, int at, byte[] key, Stored stored) {
        int keyAt = writeHead(chunk, at, key.length, stored);
        System.arraycopy(key, 0, chunk, keyAt, key.length);
        return writeValue(chunk, keyAt + key.length, stored.document());
    }

    /** The same as it lies in other bytes. */
    static int write(byte[] chunk, int at, DocumentReader document) {
        int keyBytes = document.keyBytes();
        int bytes = document.documentBytes();
        int value = (bytes << 2) | document.format().ordinal();
        int headEnd = writeHead(chunk, at, keyBytes, value, document.offset(), document.time());
        int keyAt = writeUntil(chunk, at, headEnd, document.until());
        System.arraycopy(document.array(), document.keyAt(), chunk, keyAt, keyBytes);
        int valueAt = keyAt + keyBytes;
        System.arraycopy(document.array(), document.documentAt(), chunk, valueAt, bytes);
        return valueAt + bytes;
    }

    private static int writeHead(byte[] chunk, int at, int keyBytes, Stored stored) {
        Payload document = stored.document();
        int value = (document.sizeBytes() << 2) | document.format().ordinal();
        int headEnd = writeHead(chunk, at, keyBytes, value, stored.offset(), stored.time());
        return writeUntil(chunk, at, headEnd, stored.until());
    }

    /** Behind the head of a document that goes by itself; answers where the key is. */
    private static int writeUntil(byte[] chunk, int at, int headEnd, long until) {
        if (until == Edit.NEVER) {
            return headEnd;
        }
        chunk[headEnd] = (byte) (chunk[at] & FORMAT);
        LONG.set(chunk, headEnd + 1, until);
        chunk[at] |= MORE;
        return headEnd + MORE_BYTES;
    }

    private static int writeHead(
            byte[] chunk, int at, int keyBytes, int valueBytesAndFormat, long offset, long time) {
        int valueBytes = valueBytesAndFormat >>> 2;
        long since = time - timeOf(chunk);
        int offsetCode = codeOf(offset, OFFSET_CODES);
        int timeCode = codeOf(since, TIME_CODES);
        chunk[at] =
                (byte)
                        ((valueBytesAndFormat & FORMAT)
                                | (keyBytes > NARROW_MOST ? WIDE_KEY : 0)
                                | (valueBytes > NARROW_MOST ? WIDE_VALUE : 0)
                                | (offsetCode << OFFSET_SHIFT)
                                | (timeCode << TIME_SHIFT));
        int next = writeLength(chunk, at + 1, keyBytes);
        next = writeLength(chunk, next, valueBytes);
        LONG.set(chunk, next, offset);
        next += width(OFFSET_WIDTHS, offsetCode);
        LONG.set(chunk, next, since);
        return next + width(TIME_WIDTHS, timeCode);
    }

    private static int writeLength(byte[] chunk, int at, int length) {
        if (length <= NARROW_MOST) {
            chunk[at] = (byte) length;
            return at + 1;
        }
        INT.set(chunk, at, length);
        return at + Integer.BYTES;
    }

    private static int writeValue(byte[] chunk, int at, Payload document) {
        byte[] value = document.bytes();
        System.arraycopy(value, 0, chunk, at, value.length);
        return at + value.length;
    }

    /** Writes a document that is in another chunk; answers the place after it. */
    static int copy(byte[] from, int place, byte[] chunk, int at) {
        int keyBytes = keyBytes(from, place);
        int valueBytes = valueBytes(from, place);
        int value = (valueBytes << 2) | format(from, place).ordinal();
        int headEnd = writeHead(chunk, at, keyBytes, value, offset(from, place), time(from, place));
        int keyAt = writeUntil(chunk, at, headEnd, until(from, place));
        System.arraycopy(from, keyAt(from, place), chunk, keyAt, keyBytes + valueBytes);
        return keyAt + keyBytes + valueBytes;
    }

    // ---- reading -------------------------------------------------------------------------------

    static int sizeBytes(byte[] chunk, int at) {
        return keyAt(chunk, at) - at + keyBytes(chunk, at) + valueBytes(chunk, at);
    }

    static boolean hasKey(byte[] chunk, int at, String key) {
        int length = keyBytes(chunk, at);
        if (length != key.length()) {
            return length > key.length() && key(chunk, at).equals(key);
        }
        int keyAt = keyAt(chunk, at);
        for (int i = 0; i < length; i++) {
            if (chunk[keyAt + i] != key.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Whether the key begins with these bytes of UTF-8. */
    static boolean hasPrefix(byte[] chunk, int at, byte[] prefix) {
        int from = keyAt(chunk, at);
        return keyBytes(chunk, at) >= prefix.length
                && Arrays.equals(chunk, from, from + prefix.length, prefix, 0, prefix.length);
    }

    /** Reads a little where head and key lie, so that they are at hand soon. */
    static int touch(byte[] chunk, int at) {
        return chunk[at];
    }

    /** The same of the whole document, if it is not large; and if it is there at all. */
    static int touchWhole(byte[] chunk, int at) {
        int last = chunk.length - 1;
        return chunk[Math.min(at, last)] + chunk[Math.min(at + TOUCHED_BYTES, last)];
    }

    /** Whether two documents have the same key. */
    static boolean hasSameKey(byte[] chunk, int at, byte[] other, int otherAt) {
        int length = keyBytes(chunk, at);
        int keyAt = keyAt(chunk, at);
        int otherKeyAt = keyAt(other, otherAt);
        return length == keyBytes(other, otherAt)
                && Arrays.equals(
                        chunk, keyAt, keyAt + length, other, otherKeyAt, otherKeyAt + length);
    }

    static String key(byte[] chunk, int at) {
        int keyAt = keyAt(chunk, at);
        return new String(chunk, keyAt, keyBytes(chunk, at), StandardCharsets.UTF_8);
    }

    /** The {@link String#hashCode} of the key. */
    static int keyHash(byte[] chunk, int at) {
        int from = keyAt(chunk, at);
        int end = from + keyBytes(chunk, at);
        int hash = 0;
        for (int i = from; i < end; i++) {
            if (chunk[i] < 0) {
                return key(chunk, at).hashCode();
            }
            hash = 31 * hash + chunk[i];
        }
        return hash;
    }

    static Stored read(byte[] chunk, int at) {
        int from = keyAt(chunk, at) + keyBytes(chunk, at);
        byte[] value = new byte[valueBytes(chunk, at)];
        System.arraycopy(chunk, from, value, 0, value.length);
        Payload document = Payload.of(format(chunk, at), value);
        return new Stored(document, offset(chunk, at), time(chunk, at), until(chunk, at));
    }

    /** Writes it to where a snapshot is made. */
    static void writeTo(StoredWriter writer, byte[] chunk, int at) {
        int keyAt = keyAt(chunk, at);
        int keyBytes = keyBytes(chunk, at);
        int valueBytes = valueBytes(chunk, at);
        writer.begin(chunk, keyAt, keyBytes, valueBytes);
        writer.until(until(chunk, at));
        writer.document(format(chunk, at), chunk, keyAt + keyBytes, valueBytes);
        writer.end(offset(chunk, at), time(chunk, at));
    }

    /** What it adds to the digest. */
    static long contentHash(byte[] chunk, int at) {
        int keyBytes = keyBytes(chunk, at);
        int keyAt = keyAt(chunk, at);
        long hash = StateHash.of(chunk, keyAt, keyBytes, valueBytes(chunk, at), format(chunk, at));
        return StateHash.until(hash, until(chunk, at));
    }

    // ---- the parts -----------------------------------------------------------------------------

    private static Payload.Format format(byte[] chunk, int at) {
        int code = chunk[at] & FORMAT;
        return FORMATS[code == MORE ? chunk[moreAt(chunk, at)] : code];
    }

    /** Whether it goes by itself. */
    static boolean expires(byte[] chunk, int at) {
        return (chunk[at] & FORMAT) == MORE;
    }

    /** When it goes; NEVER where it stays. */
    static long until(byte[] chunk, int at) {
        return expires(chunk, at) ? number(chunk, moreAt(chunk, at) + 1, UNTIL_BYTES) : Edit.NEVER;
    }

    private static int moreAt(byte[] chunk, int at) {
        return offsetAt(chunk, at)
                + width(OFFSET_WIDTHS, offsetCode(chunk, at))
                + width(TIME_WIDTHS, timeCode(chunk, at));
    }

    static int keyBytes(byte[] chunk, int at) {
        return (chunk[at] & WIDE_KEY) == 0
                ? chunk[at + 1] & NARROW_MOST
                : (int) INT.get(chunk, at + 1);
    }

    private static int valueBytes(byte[] chunk, int at) {
        int lengthAt = at + 1 + lengthWidth(chunk[at] & WIDE_KEY);
        return (chunk[at] & WIDE_VALUE) == 0
                ? chunk[lengthAt] & NARROW_MOST
                : (int) INT.get(chunk, lengthAt);
    }

    private static long offset(byte[] chunk, int at) {
        int width = width(OFFSET_WIDTHS, offsetCode(chunk, at));
        return number(chunk, offsetAt(chunk, at), width);
    }

    static long time(byte[] chunk, int at) {
        int timeAt = offsetAt(chunk, at) + width(OFFSET_WIDTHS, offsetCode(chunk, at));
        return timeOf(chunk) + number(chunk, timeAt, width(TIME_WIDTHS, timeCode(chunk, at)));
    }

    private static long timeOf(byte[] chunk) {
        return (long) LONG.get(chunk, 0);
    }

    static int keyAt(byte[] chunk, int at) {
        int more = moreAt(chunk, at);
        return expires(chunk, at) ? more + MORE_BYTES : more;
    }

    private static int offsetAt(byte[] chunk, int at) {
        int widths = chunk[at];
        return at + 1 + lengthWidth(widths & WIDE_KEY) + lengthWidth(widths & WIDE_VALUE);
    }

    private static int offsetCode(byte[] chunk, int at) {
        return (chunk[at] >>> OFFSET_SHIFT) & 3;
    }

    private static int timeCode(byte[] chunk, int at) {
        return (chunk[at] >>> TIME_SHIFT) & 3;
    }

    private static int lengthWidth(int isWide) {
        return isWide == 0 ? 1 : Integer.BYTES;
    }

    private static int width(int widths, int code) {
        return (widths >>> (code * Byte.SIZE)) & 0xff;
    }

    /** The narrowest width that holds the number and its sign, as two bits. */
    private static int codeOf(long number, int codes) {
        int bits = Long.SIZE + 1 - Long.numberOfLeadingZeros(number ^ (number >> (Long.SIZE - 1)));
        return (codes >>> (((bits + 7) >>> 3) << 1)) & 3;
    }

    private static long number(byte[] chunk, int at, int width) {
        int unused = Long.SIZE - width * Byte.SIZE;
        return (long) LONG.get(chunk, at) << unused >> unused;
    }
}
