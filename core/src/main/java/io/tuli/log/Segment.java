package io.tuli.log;

import io.tuli.Edit;
import io.tuli.Epoch;
import io.tuli.Key;
import io.tuli.Payload;
import io.tuli.RequestId;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Entries of one epoch, one after another. Bytes that a range was made of are never written again:
 * others may be reading them. One thread.
 */
final class Segment {

    /** A segment is this large, but for a first small one and for one entry that is larger. */
    static final int BYTES = 16 * 1024;

    private static final int FIRST_BYTES = 512;

    /** Of the processor's cache. */
    private static final int LINE_BYTES = 64;

    private static final int EXPECTED_BYTES = 4 * LINE_BYTES;
    private static final int FIRST_ENTRIES = 16;

    final Epoch epoch;
    final long first;
    private byte[] bytes;
    private int[] ends = new int[FIRST_ENTRIES];

    /** Of each that replaces a document, the key's; of others anything. */
    private int[] keyHashes = new int[FIRST_ENTRIES];

    private int count;
    private boolean isGivenAway;

    /** Behind the last entry that is not one edit. */
    private int singlesFrom;

    /**
     * @param spare the bytes of a full-sized segment that is needed no more; null to begin small
     */
    Segment(Epoch epoch, long first, byte @Nullable [] spare) {
        this.epoch = epoch;
        this.first = first;
        this.bytes = spare == null ? new byte[FIRST_BYTES] : spare;
    }

    /** The offset after its last entry. */
    long end() {
        return first + count;
    }

    /** Appends an entry; false if it is full, or of another epoch. */
    boolean add(Entry entry) {
        if (!hasRoom(entry.epoch(), EntryForm.sizeAtMost(entry))) {
            return false;
        }
        ends[count] = EntryForm.write(entry, bytes, usedBytes());
        List<Edit> edits = entry.edits();
        boolean isSingle = edits.size() == 1;
        keyHashes[count] = isSingle ? edits.get(0).key().top().hashCode() : 0;
        added(isSingle);
        return true;
    }

    /** Appends an entry that only replaces a document; false if it is full. */
    boolean replace(long time, RequestId id, long digest, long caller, Key key, Payload value) {
        if (!hasRoom(epoch, EntryForm.replacementAtMost(key, value))) {
            return false;
        }
        int at = EntryForm.writePlace(epoch, end(), time, bytes, usedBytes());
        at = EntryForm.writeSent(id, digest, caller, bytes, at);
        ends[count] = EntryForm.writeReplacement(key, value, bytes, at);
        keyHashes[count] = key.top().hashCode();
        added(true);
        return true;
    }

    /** Appends the entry that a reader is at; false if it is full, or of another epoch. */
    boolean add(EntryReader entry) {
        int size = entry.sizeBytes();
        if (!hasRoom(entry.epoch(), size)) {
            return false;
        }
        int used = usedBytes();
        System.arraycopy(entry.array(), entry.from(), bytes, used, size);
        ends[count] = used + size;
        keyHashes[count] = entry.isReplacement() ? entry.keyHash() : 0;
        added(entry.isSingle());
        return true;
    }

    private void added(boolean isSingle) {
        count++;
        if (!isSingle) {
            singlesFrom = count;
        }
    }

    /** Reads a little where the next entries will be written. */
    int prefetch() {
        int used = usedBytes();
        int read = 0;
        for (int i = 0; i < EXPECTED_BYTES; i += LINE_BYTES) {
            read += bytes[Math.min(used + i, bytes.length - 1)];
        }
        return read;
    }

    private boolean hasRoom(Epoch of, int size) {
        int needed = usedBytes() + size;
        boolean isFull = needed > BYTES && count > 0;
        if (isFull || !epoch.equals(of)) {
            return false;
        }
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(needed, Math.min(BYTES, 4 * bytes.length)));
            isGivenAway = false;
        }
        if (count == ends.length) {
            ends = Arrays.copyOf(ends, 2 * count);
            keyHashes = Arrays.copyOf(keyHashes, 2 * count);
        }
        return true;
    }

    /** Points a reader at an entry. */
    void read(long offset, EntryReader reader) {
        int index = (int) (offset - first);
        reader.read(bytes, startOf(offset), ends[index]);
        if (reader.isReplacement()) {
            reader.keyHash(keyHashes[index]);
        }
    }

    int keyHash(long offset) {
        return keyHashes[(int) (offset - first)];
    }

    /** The entries of a range, which is not empty, for now: the next change may write to them. */
    Entries glance(long from, long until) {
        int index = (int) (from - first);
        return new Entries(bytes, startOf(from), ends, index, (int) (until - from), keyHashes);
    }

    /** The entries of a range, which is not empty, where they lie. */
    Entries range(long from, long until) {
        isGivenAway = true;
        return glance(from, until);
    }

    /** A copy of a range, if all that follows its first entry here is one edit each; or nothing. */
    Entries singles(long from, long until) {
        int index = (int) (from - first);
        if (index < singlesFrom) {
            return Entries.NONE;
        }
        int start = startOf(from);
        int[] copied = Arrays.copyOfRange(ends, index, (int) (until - first));
        byte[] content = Arrays.copyOfRange(bytes, start, copied[copied.length - 1]);
        for (int i = 0; i < copied.length; i++) {
            copied[i] -= start;
        }
        return new Entries(content, 0, copied, 0, copied.length);
    }

    /** What the entry occupies. */
    int sizeBytes(long offset) {
        return sizeBytesOf(offset, offset + 1);
    }

    /** What the entries of a range, which is not empty, occupy. */
    int sizeBytesOf(long from, long until) {
        return ends[(int) (until - 1 - first)] - startOf(from);
    }

    private int startOf(long offset) {
        int index = (int) (offset - first);
        return index == 0 ? 0 : ends[index - 1];
    }

    int usedBytes() {
        return count == 0 ? 0 : ends[count - 1];
    }

    /** Drops the entries from an offset on, but not all. */
    void truncateTo(long offset) {
        count = (int) (offset - first);
        bytes = Arrays.copyOf(bytes, usedBytes());
        ends = Arrays.copyOf(ends, count);
        keyHashes = Arrays.copyOf(keyHashes, count);
        isGivenAway = false;
        singlesFrom = Math.min(singlesFrom, count);
    }

    /** Copies the bytes of a range, which is not empty; answers the index after them. */
    int copy(long from, long until, byte[] into, int at) {
        int size = sizeBytesOf(from, until);
        System.arraycopy(bytes, startOf(from), into, at, size);
        return at + size;
    }

    /** Its bytes for another segment, if they are of the usual size: this one is used no more. */
    byte @Nullable [] spare() {
        return bytes.length == BYTES && !isGivenAway ? bytes : null;
    }
}
