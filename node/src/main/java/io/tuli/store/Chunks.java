package io.tuli.store;

import io.tuli.error.Require;
import io.tuli.log.DocumentReader;
import io.tuli.log.Stored;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Documents one behind the other in arrays of bytes. One thread writes; others read what they were
 * given a reference to.
 *
 * <p>A document never changes in its place: a new version is written elsewhere. An array is never
 * used twice, so whoever still reads it after its documents have moved reads what was true. A
 * reference is the number of a chunk and a place in it; it is never 0 nor -1.
 */
final class Chunks {

    private static final int PLACE_BITS = 15;
    private static final int CHUNKS_MOST = 1 << (Integer.SIZE - PLACE_BITS);
    private static final int CHUNK_BYTES = 16 * 1024;
    private static final int FIRST_BYTES = 1024;

    /** The first document's place: before it is what is common to all of a chunk. */
    private static final int FIRST_PLACE = Long.BYTES;

    /** A chunk is this part of all there is, so that its empty end is a small part of it too. */
    private static final int CHUNKS_USUALLY = 8;

    /** Of all bytes, so many for each two in use; and then some, for the small. */
    private static final int MOST_PER_TWO_LIVE = 3;

    private static final int SLACK_BYTES = 2 * CHUNK_BYTES;

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

    /** The same for the writer, who has no reference to what is out of use. */
    byte[] required(int reference) {
        return chunks[reference >>> PLACE_BITS];
    }

    /** Where in its array a reference points. */
    static int placeOf(int reference) {
        return reference & ((1 << PLACE_BITS) - 1);
    }

    /** Writes a document; answers its reference. */
    int add(String key, Stored stored) {
        int most = Packed.HEAD_BYTES_MOST + stored.document().sizeBytes();
        int at = room(most + key.length(), stored.time());
        int end = Packed.write(chunks[current], at, key, stored);
        if (end < 0) {
            byte[] text = key.getBytes(StandardCharsets.UTF_8);
            at = room(most + text.length, stored.time());
            end = Packed.write(chunks[current], at, text, stored);
        }
        return added(at, end);
    }

    /** Writes a document as it lies in other bytes; answers its reference. */
    int add(DocumentReader document) {
        int most = Packed.HEAD_BYTES_MOST + document.documentBytes() + document.keyBytes();
        int at = room(most, document.time());
        return added(at, Packed.write(chunks[current], at, document));
    }

    /** Copies a document to where the newest are; answers its new reference. */
    int move(byte[] from, int place) {
        int most = Packed.HEAD_BYTES_MOST + Packed.sizeBytes(from, place);
        int at = room(most, Packed.time(from, place));
        return added(at, Packed.copy(from, place, chunks[current], at));
    }

    /** So many chunks there are, or have been at a time. */
    int size() {
        return count;
    }

    /** Reads a little where the next document will be written. */
    int prefetch() {
        if (current < 0) {
            return 0;
        }
        byte[] chunk = chunks[current];
        return live[current] + chunk[0] + Packed.touch(chunk, used[current]);
    }

    private int added(int at, int end) {
        used[current] = end;
        live[current] += end - at;
        liveBytes += end - at;
        return reference(current, at);
    }

    private static int reference(int number, int at) {
        return (number << PLACE_BITS) | at;
    }

    /** A place in the current chunk with room for so many bytes, be it a new one. */
    private int room(int size, long time) {
        if (current < 0 || used[current] + size > chunks[current].length - Packed.SPARE_BYTES) {
            begin(size, time);
        }
        return used[current];
    }

    private void begin(int size, long time) {
        long usual = Math.max(FIRST_BYTES, Math.min(CHUNK_BYTES, allBytes / CHUNKS_USUALLY));
        int least = FIRST_PLACE + size + Packed.SPARE_BYTES;
        byte[] chunk = new byte[(int) Math.max(usual, least)];
        Packed.begin(chunk, time);
        current = freeNumber();
        used[current] = FIRST_PLACE;
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
        Require.invariant(count < CHUNKS_MOST, "a partition's documents have a limit", count);
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
        return 2 * (allBytes - SLACK_BYTES) > MOST_PER_TWO_LIVE * liveBytes;
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
            int at = FIRST_PLACE;
            dropped = -1;
            while (at < end && dropped != emptiest) {
                mover.move(reference(emptiest, at), chunk, at);
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
