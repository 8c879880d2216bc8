package io.tuli.staging;

import io.tuli.protocol.Frame;
import io.tuli.replica.KeptPartition;
import io.tuli.storage.Block;
import io.tuli.storage.JournalException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * What a journal has of services, gathered from its blocks, and the notes beside them. Blocks are
 * read by one thread; then any may take.
 */
public final class KeptServices implements Consumer<Block>, JournalRecords.Visitor {

    private final JournalRecords blocks = new JournalRecords(this);
    private final LongPredicate wanted;
    private final Map<Integer, Map<Integer, KeptPartition>> services = new HashMap<>();
    private final Notes notes = new Notes();
    private final Needs needs = new Needs();
    private long records;

    /** Takes all of them. */
    public KeptServices() {
        this(key -> true);
    }

    private KeptServices(LongPredicate wanted) {
        this.wanted = wanted;
    }

    /** Takes what there is of those services. */
    static KeptServices of(IntPredicate services) {
        return new KeptServices(key -> services.test(Replaced.serviceOf(key)));
    }

    /** Takes what there is of those partitions; see {@link Replaced#keyOf}. */
    static KeptServices ofPartitions(Set<Long> keys) {
        return new KeptServices(keys::contains);
    }

    /**
     * @throws JournalException where whole blocks hold what is no record
     */
    @Override
    public void accept(Block block) {
        blocks.accept(block);
    }

    @Override
    public void record(Frame.OfPartition record, int size, long segment) {
        records++;
        needs.has(record, size, segment);
        if (wanted.test(Replaced.keyOf(record.service(), record.partition()))) {
            partition(record.service(), record.partition()).add(record);
        }
    }

    private KeptPartition partition(int service, int partition) {
        return services.computeIfAbsent(service, any -> new HashMap<>())
                .computeIfAbsent(partition, any -> new KeptPartition());
    }

    @Override
    public void note(String key, byte[] value) {
        notes.put(key, value);
    }

    @Override
    public void moved(MovedPartition whole, int size, long segment) {
        needs.moved(whole.key(), size, segment);
        if (wanted.test(whole.key())) {
            int service = Replaced.serviceOf(whole.key());
            services.computeIfAbsent(service, any -> new HashMap<>())
                    .put(Replaced.partitionOf(whole.key()), whole.kept());
        }
    }

    /** How many records there were. */
    public long records() {
        return records;
    }

    /** All has been read: what is not needed any more is let go of. */
    public void end() {
        blocks.end();
    }

    /** What was noted last, by its key. */
    public Notes notes() {
        return notes;
    }

    /** Which segments are needed. */
    Needs needs() {
        return needs;
    }

    /** Visits the partitions of each service, by the numbers of both. */
    void forEach(BiConsumer<Long, KeptPartition> visitor) {
        services.forEach(
                (service, partitions) ->
                        partitions.forEach(
                                (partition, kept) ->
                                        visitor.accept(Replaced.keyOf(service, partition), kept)));
    }

    /** Whether there is anything of a service but empty partitions. */
    public synchronized boolean hasAnyOf(int service) {
        Map<Integer, KeptPartition> partitions = services.get(service);
        return partitions != null && !partitions.values().stream().allMatch(KeptPartition::isEmpty);
    }

    /** What there is of a service's partitions, by number, and forgets it here; null for none. */
    public synchronized @Nullable Map<Integer, KeptPartition> take(int service) {
        return services.remove(service);
    }
}
