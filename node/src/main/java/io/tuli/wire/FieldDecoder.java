package io.tuli.wire;

import io.tuli.Key;
import io.tuli.bytes.MalformedException;
import io.tuli.log.Entries;
import io.tuli.log.EntryReader;
import io.tuli.log.StoredReader;
import io.tuli.log.StoredRun;
import io.tuli.log.ValueReader;

/** Reads the fields of one frame after another, and never beyond a frame's end. One thread. */
final class FieldDecoder extends ValueReader {

    private final NameCache names = new NameCache();
    private final EntryReader reader = new EntryReader();

    /** Begins with what lies there of a frame. */
    void frame(byte[] array, int from, int until) {
        begin(array, from, until);
    }

    /** Ends with the frame, of which nothing may be left. */
    void finish() {
        int left = left();
        if (left != 0) {
            throw new MalformedException(
                    "a frame must end with its last field: bytes left=" + left);
        }
    }

    /** How many bytes of the frame are left. */
    int leftBytes() {
        return left();
    }

    /** How many will be left after so many that come next, which are there. */
    int leftAfter(int bytes) {
        require(bytes);
        return left() - bytes;
    }

    /** A byte that numbers one of {@code count} values. */
    int ordinal(int count, String what) {
        int value = octet() & 0xff;
        if (value >= count) {
            throw new MalformedException("unknown " + what + ": number=" + value);
        }
        return value;
    }

    boolean flag() {
        return ordinal(2, "flag") == 1;
    }

    /**
     * Entries of a changelog: looked at, and taken as they are; they become objects where somebody
     * looks into them.
     */
    Entries entries() {
        int count = count(EntryReader.BYTES_MIN);
        try {
            Entries entries = Entries.read(bytes, at, limit, count, reader);
            at += entries.sizeBytes();
            return entries;
        } catch (MalformedException | IllegalArgumentException e) {
            throw new MalformedException("an entry breaks its rule: " + e.getMessage());
        }
    }

    /** Documents of a state: looked at, and taken as they are. */
    StoredRun documents() {
        int count = count(StoredReader.BYTES_MIN);
        try {
            StoredRun documents = StoredRun.read(bytes, at, limit, count);
            at += documents.sizeBytes();
            return documents;
        } catch (MalformedException | IllegalArgumentException e) {
            throw new MalformedException("a document breaks its rule: " + e.getMessage());
        }
    }

    Key key() {
        return parsed(text(WireLimits.KEY_BYTES_MAX));
    }

    /** A string of at most so many bytes. */
    String text(int bytesMax) {
        int length = textLength(bytesMax);
        int from = at;
        at += length;
        return textAt(from, length);
    }

    /** A string that is likely to come again. */
    String name(int bytesMax) {
        int length = textLength(bytesMax);
        int from = at;
        at += length;
        return length <= NameCache.NAME_BYTES_MAX && isAscii(from, length)
                ? names.of(bytes, from, length)
                : textAt(from, length);
    }

    private int textLength(int bytesMax) {
        int length = varInt();
        if (length > bytesMax) {
            throw new MalformedException(
                    "a text is too long: bytes=" + length + " max=" + bytesMax);
        }
        require(length);
        return length;
    }
}
