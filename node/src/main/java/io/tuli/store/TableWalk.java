package io.tuli.store;

import io.tuli.Edit;
import io.tuli.log.Stored;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Walks over the documents of a table that its writer goes on changing: each slot is looked at
 * until it was the same before and after. Any thread.
 */
final class TableWalk {

    private final Table walked;
    private final Supplier<Table> latest;

    /**
     * @param latest the table there is by now: if it is another, the walk has to begin anew
     */
    TableWalk(Table walked, Supplier<Table> latest) {
        this.walked = walked;
        this.latest = latest;
    }

    /** Whether the chunk was the one the slot refers to. */
    static boolean isSteady(Table now, int i, long slot, byte @Nullable [] chunk) {
        boolean isThere = chunk != null || Table.referenceOf(slot) == Table.REMOVED;
        return isThere && now.at(i) == slot;
    }

    @SuppressWarnings("ReferenceEquality") // another table is another one, whatever is in it
    private boolean isLatest() {
        return walked == latest.get();
    }

    private boolean isSteady(int i, long slot, byte @Nullable [] chunk) {
        return slot == 0 || (isSteady(walked, i, slot, chunk) && isLatest());
    }

    /** Sees a document that there is. */
    private interface Visitor {

        void at(byte[] chunk, int place);
    }

    /** Shows the documents whose keys begin so; false if it is to begin anew. */
    private boolean walk(byte[] prefix, Visitor visitor) {
        int i = 0;
        while (i < walked.length() && isLatest()) {
            long slot = walked.at(i);
            byte[] chunk = slot == 0 ? null : walked.chunkOf(slot);
            if (isSteady(i, slot, chunk)) {
                int place = Chunks.placeOf(Table.referenceOf(slot));
                if (chunk != null && Packed.hasPrefix(chunk, place, prefix)) {
                    visitor.at(chunk, place);
                }
                i++;
            }
        }
        return isLatest();
    }

    /** How many keys begin so and are not due by then; less than 0 if it is to begin anew. */
    int count(byte[] prefix, long dueMillis) {
        int[] count = new int[1];
        boolean isWhole =
                walk(prefix, (chunk, place) -> count[0] += isDue(chunk, place, dueMillis) ? 0 : 1);
        return isWhole ? count[0] : -1;
    }

    static boolean isDue(byte[] chunk, int place, long dueMillis) {
        long until = Packed.until(chunk, place);
        return until != Edit.NEVER && until <= dueMillis;
    }

    /** The documents whose keys begin so; false if it is to begin anew. */
    boolean collect(byte[] prefix, List<String> keys, List<Stored> documents) {
        return walk(
                prefix,
                (chunk, place) -> {
                    keys.add(Packed.key(chunk, place));
                    documents.add(Packed.read(chunk, place));
                });
    }
}
