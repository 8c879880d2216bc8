package io.tuli.log;

import io.tuli.Edit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
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

    /** Whether it holds, or held, a document that goes by itself: else nobody need look for one. */
    default boolean mayExpire() {
        return true;
    }

    /** When a document goes; {@link io.tuli.Edit#NEVER} where it stays, or is not there. */
    default long until(String topLevelKey) {
        Stored stored = get(topLevelKey);
        return stored == null ? Edit.NEVER : stored.until();
    }

    /** Visits the keys of documents with this {@link String#hashCode} that go by themselves. */
    default void forEachExpiring(int keyHash, Consumer<String> visitor) {
        forEach(
                (key, stored) -> {
                    if (stored.until() != Edit.NEVER && key.hashCode() == keyHash) {
                        visitor.accept(key);
                    }
                });
    }

    /** Whether {@link #forEachExpiring} finds them by a hash, without a walk over all. */
    default boolean isFoundByHash() {
        return true;
    }

    /**
     * Visits documents that go by themselves, a part of all at a time. What is put meanwhile may be
     * missed, or come twice.
     *
     * @param from 0 at first, then what the call before has answered
     * @param slots so many places are looked at, roughly
     * @param dueMillis the keys of those are told whose time is over by then
     * @return where to go on; -1 where all have been visited
     */
    default int walkExpiring(int from, int slots, long dueMillis, Expiring visitor) {
        forEach(
                (key, stored) -> {
                    if (stored.until() != Edit.NEVER) {
                        String due = stored.isDue(dueMillis) ? key : null;
                        visitor.accept(key.hashCode(), stored.until(), due);
                    }
                });
        return -1;
    }

    /** One of them. */
    @FunctionalInterface
    interface Expiring {
        void accept(int keyHash, long until, @Nullable String dueKey);
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

    /**
     * How many top-level keys begin so.
     *
     * @param dueMillis but those of documents whose time is over by then
     */
    default int count(String prefix, long dueMillis) {
        int[] count = new int[1];
        forEach(prefix, (key, stored) -> count[0] += stored.isDue(dueMillis) ? 0 : 1);
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
