package io.tuli.store;

import io.tuli.Edit;
import io.tuli.log.DocumentReader;
import io.tuli.log.Entries;
import io.tuli.log.Lineage;
import io.tuli.log.PartitionState;
import io.tuli.log.Stored;
import io.tuli.log.StoredWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The documents of one partition in memory, as bytes: millions of them are a few arrays to the
 * garbage collector. One thread writes - the partition's loop - and any thread reads without
 * waiting.
 *
 * <p>An open-addressed {@link Table} points into {@link Chunks}. A reader that has fetched the
 * bytes looks at its slot once more: while it and the table are the same, the bytes were those of
 * that slot. Slots of removed documents are used again when the table is made anew, which a
 * partition's share of the keys makes short.
 *
 * <p>The digest is worked out when somebody asks for it: to keep it would take a hash of what is
 * written and one of what that replaces, with each write.
 */
public final class SharedState implements PartitionState {

    /** The documents of so many slots are fetched from memory at a time. */
    private static final int WALKED_SLOTS = 32;

    /**
     * Among a million keys there is hardly a second one of the same hash, if nobody made them so.
     */
    private static final int ALIKE_MOST = 32;

    /**
     * Nor does a search of a table a fifth of which is free pass so many slots: keys may be of
     * other hashes and be made to lie side by side.
     */
    private static final int PASSED_MOST = 4_096;

    private static final byte[] NO_PREFIX = {};

    /** How often a document came, changed or went. */
    private final AtomicLong changes = new AtomicLong();

    /** To hash keys by, once they are made to meet. */
    private final LongSupplier numbers;

    /** Of the changelog that leaves these documents; null before there is one. */
    private volatile @Nullable Lineage lineage;

    private volatile @Nullable Digest latestDigest;
    private volatile Table table = Table.of(0, new Chunks());
    private volatile int size;

    /** How often a document was removed: only then a walk may meet a key twice. */
    private volatile long removals;

    /** What was read ahead, so that it is read: no compiler may leave it out. */
    @SuppressWarnings("UnusedVariable") // nobody reads it
    private int expected;

    /** Whether a document that goes by itself was ever put. */
    private volatile boolean mayExpire;

    /** Where documents that go by themselves are walked over. */
    private @Nullable Table walked;

    /** Slots that are not empty, the removed ones among them. */
    private int taken;

    public SharedState() {
        this(KeyHash.unforeseen());
    }

    /** With numbers to hash keys by that are made to meet: nobody who makes keys may know them. */
    public SharedState(LongSupplier numbers) {
        this.numbers = numbers;
    }

    // ---- read by any thread --------------------------------------------------------------------

    @Override
    public @Nullable Stored get(String topLevelKey) {
        while (true) {
            Table now = table;
            int hash = now.keyHash().of(topLevelKey);
            long slot;
            boolean isSteady = true;
            for (int i = now.home(hash); isSteady && (slot = now.at(i)) != 0; i = now.next(i)) {
                byte[] chunk = Table.hashOf(slot) == hash ? now.chunkOf(slot) : null;
                isSteady = Table.hashOf(slot) != hash || isSteady(now, i, slot, chunk);
                if (isSteady && chunk != null && hasKey(chunk, slot, topLevelKey)) {
                    return Packed.read(chunk, placeOf(slot));
                }
            }
            if (isSteady && now == table) {
                return null;
            }
        }
    }

    private static int placeOf(long slot) {
        return Chunks.placeOf(Table.referenceOf(slot));
    }

    /** Whether the chunk was the one the slot refers to. */
    private boolean isSteady(Table now, int i, long slot, byte @Nullable [] chunk) {
        return TableWalk.isSteady(now, i, slot, chunk) && now == table;
    }

    private static boolean hasKey(byte[] chunk, long slot, String key) {
        return Packed.hasKey(chunk, placeOf(slot), key);
    }

    @Override
    public void isOf(Lineage changelog) {
        lineage = changelog;
    }

    @Nullable Lineage lineage() {
        return lineage;
    }

    @Override
    public void forEach(BiConsumer<String, Stored> visitor) {
        forEach(NO_PREFIX, size, visitor);
    }

    @Override
    public void forEach(String prefix, BiConsumer<String, Stored> visitor) {
        forEach(prefix.getBytes(StandardCharsets.UTF_8), 0, visitor);
    }

    private void forEach(byte[] prefix, int expect, BiConsumer<String, Stored> visitor) {
        long before = removals;
        List<String> keys = new ArrayList<>(expect);
        List<Stored> documents = new ArrayList<>(expect);
        while (!walk().collect(prefix, keys, documents)) {
            keys.clear();
            documents.clear();
            before = removals;
        }
        if (removals == before) {
            for (int i = 0; i < keys.size(); i++) {
                visitor.accept(keys.get(i), documents.get(i));
            }
        } else {
            // A key removed and put again meanwhile may have been met in its old slot and its new.
            Map<String, Stored> latest = new LinkedHashMap<>();
            for (int i = 0; i < keys.size(); i++) {
                latest.put(keys.get(i), documents.get(i));
            }
            latest.forEach(visitor);
        }
    }

    private TableWalk walk() {
        return new TableWalk(table, () -> table);
    }

    /**
     * Weakly consistent, as a walk: a key that is removed and put again meanwhile may count twice.
     */
    @Override
    public int count(String prefix, long dueMillis) {
        if (prefix.isEmpty() && !mayExpire) {
            return size;
        }
        byte[] wanted = prefix.getBytes(StandardCharsets.UTF_8);
        int count = -1;
        while (count < 0) {
            count = walk().count(wanted, dueMillis);
        }
        return count;
    }

    @Override
    public int size() {
        return size;
    }

    /** How many slots are looked at for the key that takes longest to find. */
    int longestSearch() {
        return table.longestSearch();
    }

    @Override
    public long digest() {
        long now = changes.getAcquire();
        Digest known = latestDigest;
        if (known == null || known.changes != now) {
            known = new Digest(now, sum());
            latestDigest = known;
        }
        return known.sum;
    }

    /**
     * @param changes those before it was begun: if there were others since, it is out of date
     */
    private record Digest(long changes, long sum) {}

    /** While documents change it is that of no exact moment, as little as a walk is. */
    private long sum() {
        long[] sum = new long[1];
        while (!hasSummed(table, sum)) {
            sum[0] = 0;
        }
        return sum[0];
    }

    private boolean hasSummed(Table now, long[] sum) {
        int touched = 0;
        int i = 0;
        while (i < now.length() && now == table) {
            if (i % WALKED_SLOTS == 0) {
                touched += touchAll(now, i, Math.min(i + WALKED_SLOTS, now.length()));
            }
            long slot = now.at(i);
            byte[] chunk = slot == 0 ? null : now.chunkOf(slot);
            if (slot == 0 || isSteady(now, i, slot, chunk)) {
                sum[0] += chunk == null ? 0 : Packed.contentHash(chunk, placeOf(slot));
                i++;
            }
        }
        expected = touched;
        return now == table;
    }

    // ---- written by one ------------------------------------------------------------------------

    @Override
    public void put(String topLevelKey, @Nullable Stored stored) {
        int hash = table.keyHash().of(topLevelKey);
        if (stored == null) {
            remove(topLevelKey, hash);
        } else {
            write(topLevelKey, hash, stored);
        }
    }

    @Override
    public void put(DocumentReader document) {
        lives(document.until());
        written(table.keyHash().of(document), table.chunks().add(document));
    }

    @Override
    public void writeTo(StoredWriter writer) {
        Table now = table;
        int touched = 0;
        for (int from = 0; from < now.length(); from += WALKED_SLOTS) {
            int until = Math.min(from + WALKED_SLOTS, now.length());
            touched += touchAll(now, from, until);
            for (int i = from; i < until; i++) {
                long slot = now.at(i);
                byte[] chunk = slot == 0 ? null : now.chunkOf(slot);
                if (chunk != null) {
                    Packed.writeTo(writer, chunk, placeOf(slot));
                }
            }
        }
        expected = touched;
    }

    // ---- what goes by itself: the writer's thread ----------------------------------------------

    private void lives(long until) {
        if (until != Edit.NEVER && !mayExpire) {
            mayExpire = true;
        }
    }

    @Override
    public boolean mayExpire() {
        return mayExpire;
    }

    @Override
    public void forEachExpiring(int keyHash, Consumer<String> visitor) {
        ExpiringDocuments.forEach(table, keyHash, visitor);
    }

    @Override
    public boolean isFoundByHash() {
        return table.keyHash().isPlain();
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // in another table they are elsewhere
    public int walkExpiring(int from, int slots, long dueMillis, Expiring visitor) {
        int begin = walked == table ? from : 0;
        walked = table;
        return ExpiringDocuments.walk(table, begin, slots, dueMillis, visitor);
    }

    @Override
    public int prefetch(int depth, int keyHash) {
        Table now = table;
        return switch (depth) {
            case 0 -> now.length() + (int) changes.getPlain();
            case 1 -> now.chunks().size() + touchSlot(now, keyHash);
            default -> now.chunks().prefetch() + touchDocument(now, keyHash);
        };
    }

    private static int touchSlot(Table now, int keyHash) {
        return isKnown(now, keyHash) ? (int) now.at(now.home(KeyHash.ofPlain(keyHash))) : 0;
    }

    private static int touchDocument(Table now, int keyHash) {
        return isKnown(now, keyHash) ? touch(now, KeyHash.ofPlain(keyHash)) : 0;
    }

    /** Whether the hash of a key, as others know it, says where to look. */
    private static boolean isKnown(Table now, int keyHash) {
        return keyHash != 0 && now.keyHash().isPlain();
    }

    @Override
    public void prefetch(Entries entries, int from, int until) {
        if (!entries.haveKeyHashes()) {
            return;
        }
        Table now = table;
        int touched = 0;
        for (int i = from; i < until; i++) {
            touched += touchSlot(now, entries.keyHash(i));
        }
        for (int i = from; i < until; i++) {
            touched += touchDocument(now, entries.keyHash(i));
        }
        expected = touched;
    }

    /** Reads of the document with that hash, if there is one. */
    private static int touch(Table now, int hash) {
        int i = now.home(hash);
        long slot = now.at(i);
        while (slot != 0 && Table.hashOf(slot) != hash) {
            i = now.next(i);
            slot = now.at(i);
        }
        byte[] chunk = slot == 0 ? null : now.chunkOf(slot);
        return chunk == null ? 0 : Packed.touch(chunk, placeOf(slot));
    }

    /** Reads of all documents of these slots. */
    private static int touchAll(Table now, int from, int until) {
        int touched = 0;
        for (int i = from; i < until; i++) {
            long slot = now.at(i);
            byte[] chunk = slot == 0 ? null : now.chunkOf(slot);
            touched += chunk == null ? 0 : Packed.touchWhole(chunk, placeOf(slot));
        }
        return touched;
    }

    private void write(String key, int hash, Stored stored) {
        lives(stored.until());
        written(hash, table.chunks().add(key, stored));
    }

    /** First the new bytes, then the search: so keys are compared as bytes. */
    private void written(int hash, int reference) {
        Table now = table;
        Chunks chunks = now.chunks();
        byte[] chunk = chunks.required(reference);
        int place = Chunks.placeOf(reference);
        int i = now.home(hash);
        long before = now.at(i);
        int alike = 0;
        while (before != 0 && !isOf(now, before, hash, chunk, place)) {
            alike += Table.hashOf(before) == hash ? 1 : 0;
            i = now.next(i);
            before = now.at(i);
        }
        now.point(i, hash, reference);
        changed();
        if (before == 0) {
            grow(1);
            taken++;
            if (alike >= ALIKE_MOST || now.passed(hash, i) >= PASSED_MOST) {
                renew(now.rekeyed(size, numbers));
            } else if (now.isFull(taken)) {
                renew(now.renewed(size));
            }
        } else {
            free(before);
        }
    }

    private static boolean isOf(Table now, long slot, int hash, byte[] chunk, int place) {
        byte[] other = Table.hashOf(slot) == hash ? now.chunkOf(slot) : null;
        return other != null && Packed.hasSameKey(chunk, place, other, placeOf(slot));
    }

    private void remove(String key, int hash) {
        Table now = table;
        int i = now.home(hash);
        long before = now.at(i);
        while (before != 0 && !isOf(now, before, hash, key)) {
            i = now.next(i);
            before = now.at(i);
        }
        if (before != 0) {
            removing();
            now.point(i, hash, Table.REMOVED);
            grow(-1);
            changed();
            free(before);
        }
    }

    private static boolean isOf(Table now, long slot, int hash, String key) {
        byte[] chunk = Table.hashOf(slot) == hash ? now.chunkOf(slot) : null;
        return chunk != null && hasKey(chunk, slot, key);
    }

    /** A document is there no more. */
    private void free(long slot) {
        Chunks chunks = table.chunks();
        chunks.free(Table.referenceOf(slot));
        if (chunks.isWasteful()) {
            chunks.clearEmptiest(this::move);
        }
    }

    private void grow(int change) {
        int now = size;
        size = now + change;
    }

    private void removing() {
        long now = removals;
        removals = now + 1;
    }

    private void changed() {
        changes.setRelease(changes.getPlain() + 1);
    }

    /** Another table, without the slots of what was removed. */
    private void renew(Table next) {
        taken = size;
        table = next;
    }

    private void move(int reference, byte[] chunk, int place) {
        Table now = table;
        int hash = now.keyHash().of(chunk, place);
        int i = now.home(hash);
        long slot = now.at(i);
        while (slot != 0 && Table.referenceOf(slot) != reference) {
            i = now.next(i);
            slot = now.at(i);
        }
        if (slot != 0) {
            now.point(i, hash, now.chunks().move(chunk, place));
            now.chunks().free(reference);
        }
    }

    @Override
    public void clear() {
        become(anew(0));
    }

    @Override
    public SharedState anew(int documents) {
        SharedState empty = new SharedState(numbers);
        empty.table = Table.of(documents, new Chunks());
        return empty;
    }

    @Override
    public void become(PartitionState filled) {
        SharedState other = (SharedState) filled;
        removing();
        table = other.table;
        taken = other.taken;
        size = other.size;
        mayExpire = other.mayExpire;
        changed();
    }
}
