package io.tuli.log;

import io.tuli.Edit;
import io.tuli.Payload;
import io.tuli.bytes.MalformedException;
import java.nio.charset.StandardCharsets;

/**
 * A document with its key where it lies in an array of bytes, in an entry or in a snapshot. It
 * becomes objects where somebody asks for that. Used for one after the other. One thread.
 */
public abstract sealed class DocumentReader extends ValueReader permits ExtrasReader, StoredReader {

    /** Longest key of any member, in UTF-8, whatever its own limit is. */
    public static final int KEY_BYTES_MAX = 64 * 1024;

    long offset;
    long time;
    long until;
    int keyAt;
    int keyBytes;
    int valueTag;
    int valueAt;

    private boolean isAsciiKey;
    private int keyHash;
    private boolean isHashKnown;

    DocumentReader() {}

    /** A key of so many bytes; answers whether all of them are ASCII. */
    final boolean readKey(int length) {
        require(length);
        keyAt = at;
        keyBytes = length;
        isHashKnown = false;
        at += length;
        int all = 0;
        for (int i = keyAt; i < at; i++) {
            all |= bytes[i];
        }
        isAsciiKey = all >= 0;
        return isAsciiKey;
    }

    /** The value that comes next. */
    final void readValue() {
        valueTag = payloadTag();
        valueAt = at;
        at += valueTag >>> 2;
    }

    /** Of the entry that last changed the document. */
    public final long offset() {
        return offset;
    }

    /** Of that entry: hybrid logical clock. */
    public final long time() {
        return time;
    }

    /** When the document goes; {@link io.tuli.Edit#NEVER} where it stays. */
    public final long until() {
        return until;
    }

    /** A time that comes next. */
    final long readUntil() {
        long read = varOffset();
        if (read == Edit.NEVER || read > Edit.UNTIL_MAX) {
            throw new MalformedException("until is a time of 47 bits: " + read);
        }
        return read;
    }

    /** The array it lies in, never to be written to. */
    public final byte[] array() {
        return bytes;
    }

    /** The top-level key. */
    public final String key() {
        return new String(bytes, keyAt, keyBytes, StandardCharsets.UTF_8);
    }

    /** Where in the array the key begins. */
    public final int keyAt() {
        return keyAt;
    }

    /** In UTF-8. */
    public final int keyBytes() {
        return keyBytes;
    }

    /** The {@link String#hashCode} of the key. */
    public final int keyHash() {
        if (!isHashKnown) {
            keyHash(isAsciiKey ? asciiHash() : key().hashCode());
        }
        return keyHash;
    }

    private int asciiHash() {
        int hash = 0;
        for (int i = keyAt; i < keyAt + keyBytes; i++) {
            hash = 31 * hash + bytes[i];
        }
        return hash;
    }

    /** Somebody has looked at the key before. */
    final void keyHash(int known) {
        keyHash = known;
        isHashKnown = true;
    }

    /** The document. */
    public final Payload document() {
        return payload(valueTag, valueAt);
    }

    /** Where in the array the document begins. */
    public final int documentAt() {
        return valueAt;
    }

    public final int documentBytes() {
        return valueTag >>> 2;
    }

    public final Payload.Format format() {
        return formatOf(valueTag);
    }

    /** The document, as a replica holds it. */
    public final Stored stored() {
        return new Stored(document(), offset, time, until);
    }
}
