package io.tuli.log;

import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The committed documents of one partition by top-level key. A port: one thread writes, any thread
 * may read at any time and sees each key as of some committed moment.
 */
public interface PartitionState {

    @Nullable Stored get(String topLevelKey);

    /** Puts the document, or removes the key where {@code stored} is null. */
    void put(String topLevelKey, @Nullable Stored stored);

    /**
     * Puts a document of a snapshot, or what an entry writes that {@linkplain
     * EntryReader#isReplacement replaces} one.
     */
    default void put(DocumentReader document) {
        put(document.key(), document.stored());
    }

    /**
     * Reads what the next put will touch, so far as it lies that deep: 0, 1 or 2.
     *
     * @param keyHash of the key that will be read or put; 0 if not known
     */
    default int prefetch(int depth, int keyHash) {
        return 0;
    }

    /**
     * Some of these entries will be put next, one after the other: what that touches may be fetched
     * from memory now, at a time instead of one after the other. Nothing changes.
     */
    default void prefetch(Entries entries, int from, int until) {}

    /**
     * The documents are those that this changelog leaves: its lineage tells readers of other
     * threads which versions they have.
     */
    default void isOf(Lineage lineage) {}

    /** Visits each document, in an order of its own; while the writer calls it nothing changes. */
    void forEach(BiConsumer<String, Stored> visitor);

    /** The same of those whose top-level key begins so; the others are not even made objects. */
    default void forEach(String prefix, BiConsumer<String, Stored> visitor) {
        forEach(
                (key, stored) -> {
                    if (key.startsWith(prefix)) {
                        visitor.accept(key, stored);
                    }
                });
    }

    /** How many top-level keys begin so. */
    default int count(String prefix) {
        int[] count = new int[1];
        forEach(prefix, (key, stored) -> count[0]++);
        return count[0];
    }

    /** Writes each document, as bytes. The writer's thread. */
    default void writeTo(StoredWriter writer) {
        forEach(writer::add);
    }

    int size();

    /**
     * Sum of {@link StateHash#of} over all documents: independent of order, equal where the
     * documents are.
     */
    long digest();

    void clear();

    /** An empty one of the same kind, made for so many documents, to be filled aside. */
    PartitionState anew(int documents);

    /**
     * Holds what another of its kind holds, which is given up: a reader sees all of it or all of
     * what was here before.
     */
    void become(PartitionState filled);
}
