package io.tuli.store;

import io.tuli.log.Stored;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Documents one behind the other in arrays of bytes. One thread writes; others read what they were
 * given a reference to.
 *
 * <p>A document never changes in its place: a new version is written elsewhere. An array is never
 * used twice, so whoever still reads it after its documents have moved reads what was true. A
 * reference is the number of a chunk and a place in it, in units of eight bytes; it is never 0 nor
 * -1.
 */
final class Chunks {

    private static final int CHUNK_BYTES = 32 * 1024;
    private static final int FIRST_BYTES = 256;
    private static final int PLACE_BITS = 13;
    private static final int UNIT_BITS = 3;

    /** Of all bytes, so many for each byte in use; and then some, for the small. */
    private static final double MOST_PER_LIVE = 1.6;

    private static final VarHandle CHUNK = MethodHandles.arrayElementVarHandle(byte[][].class);

    @SuppressWarnings("NullAway") // chunks that are not there are null, and checked
    private volatile byte[][] chunks = new byte[4][];

    private int[] live = new int[4];
    private int[] used = new int[4];
    private int count;
    private int current = -1;
    private int dropped = -1;
    private long liveBytes;
    private long allBytes;

    /** The array a reference points into; null if it is out of use. Any thread. */
    byte @Nullable [] chunkOf(int reference) {
        byte[][] all = chunks;
        int number = reference >>> PLACE_BITS;
        return number < all.length ? (byte[]) CHUNK.getAcquire(all, number) : null;
    }

    /** Where in its array a reference points. */
    static int placeOf(int reference) {
        return (reference & ((1 << PLACE_BITS) - 1)) << UNIT_BITS;
    }

    /** Writes a document; answers its reference. */
    int add(String key, Stored stored, long hash) {
        int keyBytes = Packed.utf8Bytes(key);
        int size = Packed.sizeBytes(keyBytes, stored.document().sizeBytes());
        int at = room(size);
        Packed.write(chunks[current], at, key, keyBytes, stored, hash);
        return reference(at);
    }

    /** Copies a document to where the newest are; answers its new reference. */
    int move(byte[] from, int place) {
        int size = Packed.sizeBytes(from, place);
        int at = room(size);
        System.arraycopy(from, place, chunks[current], at, size);
        return reference(at);
    }

    private int reference(int at) {
        return (current << PLACE_BITS) | (at >>> UNIT_BITS);
    }

    private int room(int size) {
        if (current < 0 || used[current] + size > chunks[current].length) {
            begin(size);
        }
        int at = used[current];
        used[current] += size;
        live[current] += size;
        liveBytes += size;
        return at;
    }

    private void begin(int size) {
        int usual = (int) Math.max(FIRST_BYTES, Math.min(CHUNK_BYTES, allBytes / 2));
        byte[] chunk = new byte[Math.max(usual & -8, size + (1 << UNIT_BITS))];
        current = freeNumber();
        used[current] = 1 << UNIT_BITS;
        live[current] = 0;
        allBytes += chunk.length;
        CHUNK.setRelease(chunks, current, chunk);
    }

    private int freeNumber() {
        for (int i = 0; i < count; i++) {
            if (chunks[i] == null) {
                return i;
            }
        }
        if (count == chunks.length) {
            live = Arrays.copyOf(live, 2 * count);
            used = Arrays.copyOf(used, 2 * count);
            chunks = Arrays.copyOf(chunks, 2 * count);
        }
        return count++;
    }

    /** The document is needed no more. */
    void free(int reference) {
        int number = reference >>> PLACE_BITS;
        int size = Packed.sizeBytes(chunks[number], placeOf(reference));
        live[number] -= size;
        liveBytes -= size;
        if (live[number] == 0 && number != current) {
            drop(number);
        }
    }

    @SuppressWarnings("NullAway") // a number out of use has no chunk
    private void drop(int number) {
        allBytes -= chunks[number].length;
        CHUNK.setRelease(chunks, number, null);
        dropped = number;
    }

    /** Whether so much is out of use that the emptiest chunk should be cleared. */
    boolean isWasteful() {
        return allBytes > MOST_PER_LIVE * liveBytes + 2 * CHUNK_BYTES;
    }

    /** Moves the documents still in use out of the emptiest chunk. */
    void clearEmptiest(Mover mover) {
        int emptiest = -1;
        for (int i = 0; i < count; i++) {
            if (i != current && chunks[i] != null && (emptiest < 0 || live[i] < live[emptiest])) {
                emptiest = i;
            }
        }
        if (emptiest >= 0) {
            byte[] chunk = chunks[emptiest];
            int end = used[emptiest];
            int at = 1 << UNIT_BITS;
            dropped = -1;
            while (at < end && dropped != emptiest) {
                mover.move((emptiest << PLACE_BITS) | (at >>> UNIT_BITS), chunk, at);
                at += Packed.sizeBytes(chunk, at);
            }
        }
    }

    /** Moves a document if it is still in use, and frees its old place. */
    @FunctionalInterface
    interface Mover {
        void move(int reference, byte[] chunk, int place);
    }
}
