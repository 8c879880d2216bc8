package io.tuli.store;

import io.tuli.log.PartitionState;
import io.tuli.log.StateHash;
import io.tuli.log.Stored;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The documents of one partition in memory, as bytes: millions of them are a few arrays to the
 * garbage collector. One thread writes - the partition's loop - and any thread reads without
 * waiting.
 *
 * <p>An open-addressed table points into {@link Chunks}; a slot is the key's hash and a reference.
 * A reader that has fetched the bytes looks at its slot once more: while it and the table are the
 * same, the bytes were those of that slot. Slots of removed documents are used again when the table
 * is made anew, which a partition's share of the keys makes short.
 *
 * <p>The digest is kept as documents come and go, so asking for it costs nothing.
 */
public final class SharedState implements PartitionState {

    private static final int FIRST_SLOTS = 8;
    private static final int REMOVED = -1;

    private final AtomicLong digest = new AtomicLong();
    private volatile Table table = new Table(FIRST_SLOTS);
    private volatile Chunks chunks = new Chunks();
    private volatile int size;

    /** Slots that are not empty, the removed ones among them. */
    private int taken;

    // ---- read by any thread --------------------------------------------------------------------

    @Override
    public @Nullable Stored get(String topLevelKey) {
        int hash = spread(topLevelKey);
        while (true) {
            Table now = table;
            long slot;
            boolean isSteady = true;
            for (int i = hash; isSteady && (slot = now.at(i)) != 0; i++) {
                byte[] chunk = hashOf(slot) == hash ? chunkOf(slot) : null;
                isSteady = hashOf(slot) != hash || isSteady(now, i, slot, chunk);
                if (isSteady && chunk != null && hasKey(chunk, slot, topLevelKey)) {
                    return Packed.read(chunk, Chunks.placeOf((int) slot));
                }
            }
            if (isSteady && now == table) {
                return null;
            }
        }
    }

    private static int hashOf(long slot) {
        return (int) (slot >>> Integer.SIZE);
    }

    private byte @Nullable [] chunkOf(long slot) {
        return (int) slot == REMOVED ? null : chunks.chunkOf((int) slot);
    }

    /** Whether the chunk was the one the slot refers to. */
    private boolean isSteady(Table now, int i, long slot, byte @Nullable [] chunk) {
        boolean isThere = chunk != null || (int) slot == REMOVED;
        return isThere && now.at(i) == slot && now == table;
    }

    private static boolean hasKey(byte[] chunk, long slot, String key) {
        return Packed.hasKey(chunk, Chunks.placeOf((int) slot), key);
    }

    @Override
    public void forEach(BiConsumer<String, Stored> visitor) {
        Map<String, Stored> documents = new LinkedHashMap<>();
        while (!collect(table, documents)) {
            documents.clear();
        }
        documents.forEach(visitor);
    }

    private boolean collect(Table now, Map<String, Stored> documents) {
        int i = 0;
        while (i < now.slots.length && now == table) {
            long slot = now.at(i);
            byte[] chunk = slot == 0 ? null : chunkOf(slot);
            if (slot == 0 || isSteady(now, i, slot, chunk)) {
                if (chunk != null) {
                    int place = Chunks.placeOf((int) slot);
                    documents.put(Packed.key(chunk, place), Packed.read(chunk, place));
                }
                i++;
            }
        }
        return now == table;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public long digest() {
        return digest.getAcquire();
    }

    // ---- written by one ------------------------------------------------------------------------

    @Override
    public void put(String topLevelKey, @Nullable Stored stored) {
        int hash = spread(topLevelKey);
        int at = find(topLevelKey, hash);
        long before = table.slots[at];
        long change = before == 0 ? 0 : -hashIn(before);
        if (stored != null) {
            long content = StateHash.of(topLevelKey, stored.document());
            change += content;
            point(at, hash, chunks.add(topLevelKey, stored, content));
        } else if (before != 0) {
            point(at, hash, REMOVED);
        }
        count(before != 0, stored != null);
        digest.setRelease(digest.getPlain() + change);
        if (before != 0) {
            chunks.free((int) before);
            tidy();
        }
    }

    private void count(boolean wasThere, boolean isThere) {
        int now = size;
        if (wasThere != isThere) {
            size = isThere ? now + 1 : now - 1;
        }
        if (!wasThere && isThere && ++taken * 10L > table.slots.length * 7L) {
            renew();
        }
    }

    /** The slot of the key, or the empty one where it belongs. */
    private int find(String key, int hash) {
        long[] slots = table.slots;
        int i = hash & (slots.length - 1);
        while (slots[i] != 0) {
            long slot = slots[i];
            byte[] chunk = hashOf(slot) == hash ? chunkOf(slot) : null;
            if (chunk != null && hasKey(chunk, slot, key)) {
                return i;
            }
            i = (i + 1) & (slots.length - 1);
        }
        return i;
    }

    private void point(int at, int hash, int reference) {
        Table.SLOT.setRelease(
                table.slots, at, ((long) hash << Integer.SIZE) | (reference & 0xffff_ffffL));
    }

    private long hashIn(long slot) {
        byte[] chunk = chunkOf(slot);
        return chunk == null ? 0 : Packed.hash(chunk, Chunks.placeOf((int) slot));
    }

    /** Makes the table anew, without the slots of what was removed. */
    private void renew() {
        int length = FIRST_SLOTS;
        while (size * 2L > length) {
            length *= 2;
        }
        Table next = new Table(length);
        for (long slot : table.slots) {
            if (slot != 0 && (int) slot != REMOVED) {
                int i = hashOf(slot) & (length - 1);
                while (next.slots[i] != 0) {
                    i = (i + 1) & (length - 1);
                }
                next.slots[i] = slot;
            }
        }
        taken = size;
        table = next;
    }

    private void tidy() {
        if (chunks.isWasteful()) {
            chunks.clearEmptiest(this::move);
        }
    }

    private void move(int reference, byte[] chunk, int place) {
        String key = Packed.key(chunk, place);
        int hash = spread(key);
        int at = find(key, hash);
        if ((int) table.slots[at] == reference) {
            point(at, hash, chunks.move(chunk, place));
            chunks.free(reference);
        }
    }

    @Override
    public void clear() {
        table = new Table(FIRST_SLOTS);
        chunks = new Chunks();
        taken = 0;
        size = 0;
        digest.setRelease(0);
    }

    private static int spread(String key) {
        int hash = key.hashCode() * 0x9e3779b9;
        return hash ^ (hash >>> 16);
    }

    /** The slots of one size of table; a larger or cleaner one is another table. */
    private static final class Table {

        static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(long[].class);

        final long[] slots;

        Table(int length) {
            slots = new long[length];
        }

        long at(int i) {
            return (long) SLOT.getAcquire(slots, i & (slots.length - 1));
        }
    }
}
