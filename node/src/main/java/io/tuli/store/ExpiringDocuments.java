package io.tuli.store;

import io.tuli.log.PartitionState;
import java.util.function.Consumer;

/** Looks for documents of a table that go by themselves. The writer's thread; stateless. */
final class ExpiringDocuments {

    private ExpiringDocuments() {}

    /**
     * The keys of those with this {@link String#hashCode}, by which the table finds them: a few
     * slots.
     */
    static void forEach(Table table, int keyHash, Consumer<String> visitor) {
        int hash = KeyHash.ofPlain(keyHash);
        int i = table.home(hash);
        for (long slot = table.at(i); slot != 0; slot = table.at(i)) {
            byte[] chunk = Table.hashOf(slot) == hash ? table.chunkOf(slot) : null;
            int place = Chunks.placeOf(Table.referenceOf(slot));
            if (chunk != null
                    && Packed.expires(chunk, place)
                    && Packed.keyHash(chunk, place) == keyHash) {
                visitor.accept(Packed.key(chunk, place));
            }
            i = table.next(i);
        }
    }

    /** Those of some slots; answers where to go on, or -1. */
    static int walk(
            Table table, int from, int slots, long dueMillis, PartitionState.Expiring visitor) {
        int end = (int) Math.min((long) from + slots, table.length());
        for (int i = from; i < end; i++) {
            long slot = table.at(i);
            byte[] chunk = slot == 0 ? null : table.chunkOf(slot);
            int place = Chunks.placeOf(Table.referenceOf(slot));
            if (chunk != null && Packed.expires(chunk, place)) {
                boolean isDue = TableWalk.isDue(chunk, place, dueMillis);
                visitor.accept(
                        Packed.keyHash(chunk, place),
                        Packed.until(chunk, place),
                        isDue ? Packed.key(chunk, place) : null);
            }
        }
        return end == table.length() ? -1 : end;
    }
}
