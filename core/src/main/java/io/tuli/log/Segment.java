package io.tuli.log;

import io.tuli.Epoch;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Packed entries of one epoch, one after another. One thread. */
final class Segment {

    /** A segment is this large, but for a first small one and for one entry that is larger. */
    static final int BYTES = 32 * 1024;

    private static final int FIRST_BYTES = 512;
    private static final int FIRST_ENTRIES = 16;

    final Epoch epoch;
    final long first;
    private byte[] bytes;
    private int[] ends = new int[FIRST_ENTRIES];
    private int count;

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
        int used = usedBytes();
        int needed = used + Packing.sizeAtMost(entry);
        boolean isFull = needed > BYTES && count > 0;
        if (isFull || !epoch.equals(entry.epoch())) {
            return false;
        }
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(needed, Math.min(BYTES, 4 * bytes.length)));
        }
        if (count == ends.length) {
            ends = Arrays.copyOf(ends, 2 * count);
        }
        ends[count++] = Packing.pack(entry, bytes, used);
        return true;
    }

    Entry at(long offset) {
        return Packing.unpack(epoch, offset, bytes, startOf(offset));
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

    /** Its bytes for another segment, if they are of the usual size: this one is used no more. */
    byte @Nullable [] spare() {
        return bytes.length == BYTES ? bytes : null;
    }
}
