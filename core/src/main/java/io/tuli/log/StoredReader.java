package io.tuli.log;

import io.tuli.Edit;
import io.tuli.bytes.MalformedException;

/**
 * One document of a {@link StoredRun} where it lies. Every sequence of bytes is a document of
 * exactly one form or an {@link MalformedException}. One thread.
 */
public final class StoredReader extends DocumentReader {

    /** Fewest bytes of a document: an empty key, no value, offset, time. */
    public static final int BYTES_MIN = 1 + 1 + 1 + Long.BYTES;

    /** Reads the document that begins at an index of an array; answers the index after it. */
    int read(byte[] in, int start, int end) {
        begin(in, start, end);
        int length = varInt();
        if (length > KEY_BYTES_MAX) {
            throw new MalformedException(
                    "a key has at most " + KEY_BYTES_MAX + " bytes: bytes=" + length);
        }
        if (!readKey(length)) {
            textAt(keyAt, keyBytes);
        }
        readTimedValue();
        offset = varOffset();
        time = fixedLong();
        return at;
    }

    private void readTimedValue() {
        until = Edit.NEVER;
        int start = at;
        int tag = varInt();
        if ((tag & StoredWriter.MORE) != StoredWriter.MORE) {
            at = start;
            readValue();
            return;
        }
        int format = octet();
        if (format < 1 || format > 2) {
            throw new MalformedException("unknown format of a document that goes: " + format);
        }
        until = readUntil();
        require(tag >>> 2);
        valueTag = (tag & ~StoredWriter.MORE) | format;
        valueAt = at;
        at += tag >>> 2;
    }

    /** Whether it only says that the key was removed. */
    public boolean isRemoval() {
        return valueTag == 0;
    }
}
