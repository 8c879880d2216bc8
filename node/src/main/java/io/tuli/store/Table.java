package io.tuli.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The slots of one size of table: a slot is the hash of a key and a reference into {@link Chunks},
 * or 0. Open addressing, one slot after the other. A larger or cleaner table is another table.
 *
 * <p>A length need not be a power of two: a hash is scaled to it. So a table can grow by a part of
 * itself and be full but for a fifth to a third.
 */
final class Table {

    /** In place of a reference: the document was removed. */
    static final int REMOVED = -1;

    private static final int FIRST_SLOTS = 8;
    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] slots;
    private final Chunks chunks;
    private final KeyHash keyHash;

    private Table(int length, Chunks chunks, KeyHash keyHash) {
        this.slots = new long[length];
        this.chunks = chunks;
        this.keyHash = keyHash;
    }

    /** A new table for so many keys, and some more. */
    static Table of(int keys, Chunks chunks) {
        return of(keys, chunks, KeyHash.PLAIN);
    }

    private static Table of(int keys, Chunks chunks, KeyHash keyHash) {
        return new Table((int) Math.max(FIRST_SLOTS, keys * 25L / 16), chunks, keyHash);
    }

    /** How it hashes keys. */
    KeyHash keyHash() {
        return keyHash;
    }

    /** Where the documents are. */
    Chunks chunks() {
        return chunks;
    }

    /** The array that a slot, which is not empty, refers to; null if there is none any more. */
    byte @Nullable [] chunkOf(long slot) {
        int reference = referenceOf(slot);
        return reference == REMOVED ? null : chunks.chunkOf(reference);
    }

    /** Whether so many slots that are not empty make it too full. */
    boolean isFull(int taken) {
        return taken * 5L > slots.length * 4L;
    }

    static int hashOf(long slot) {
        return (int) (slot >>> Integer.SIZE);
    }

    static int referenceOf(long slot) {
        return (int) slot;
    }

    int length() {
        return slots.length;
    }

    /** Where the search for a hash begins. */
    int home(int hash) {
        return (int) (((hash & 0xffff_ffffL) * slots.length) >>> Integer.SIZE);
    }

    /** How many slots a search for a hash has passed that is at a slot. */
    int passed(int hash, int i) {
        int passed = i - home(hash);
        return passed < 0 ? passed + slots.length : passed;
    }

    int next(int i) {
        return i + 1 == slots.length ? 0 : i + 1;
    }

    /** Any thread. */
    long at(int i) {
        return (long) SLOT.getAcquire(slots, i);
    }

    /** The writer. */
    void point(int i, int hash, int reference) {
        SLOT.setRelease(slots, i, slot(hash, reference));
    }

    /** A table for so many keys with all slots but the removed ones. */
    Table renewed(int keys) {
        Table next = of(keys, chunks, keyHash);
        for (long slot : slots) {
            if (slot != 0 && referenceOf(slot) != REMOVED) {
                next.take(hashOf(slot), referenceOf(slot));
            }
        }
        return next;
    }

    /** The same, with keys hashed in a way that nobody has foreseen. */
    Table rekeyed(int keys, LongSupplier numbers) {
        Table next = of(keys, chunks, KeyHash.drawn(numbers));
        for (long slot : slots) {
            byte[] chunk = slot == 0 ? null : chunkOf(slot);
            if (chunk != null) {
                int reference = referenceOf(slot);
                next.take(next.keyHash.of(chunk, Chunks.placeOf(reference)), reference);
            }
        }
        return next;
    }

    /** A key that is not here yet, while nobody else knows the table. */
    private void take(int hash, int reference) {
        int i = home(hash);
        while (slots[i] != 0) {
            i = next(i);
        }
        slots[i] = slot(hash, reference);
    }

    private static long slot(int hash, int reference) {
        return ((long) hash << Integer.SIZE) | (reference & 0xffff_ffffL);
    }

    /** How far the key that is farthest from its home is from there. */
    int longestSearch() {
        int longest = 0;
        for (int i = 0; i < slots.length; i++) {
            if (slots[i] != 0) {
                int from = home(hashOf(slots[i]));
                longest = Math.max(longest, Math.floorMod(i - from, slots.length));
            }
        }
        return longest;
    }
}
