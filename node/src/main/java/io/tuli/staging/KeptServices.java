package io.tuli.staging;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tuli.bytes.MalformedException;
import io.tuli.protocol.Frame;
import io.tuli.replica.KeptPartition;
import io.tuli.storage.Block;
import io.tuli.storage.JournalException;
import io.tuli.wire.FrameDecoder;
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
public final class KeptServices implements Consumer<Block> {

    /** The block begins with a record, and may hold several batches. */
    static final byte BEGINS = 1;

    /** The block goes on where the one before ended, perhaps in the middle of a record. */
    static final byte GOES_ON = 2;

    /** The block holds notes. */
    static final byte NOTES = 3;

    /** The block begins with all that there is of one partition: see {@link MovedPartition}. */
    static final byte MOVED = 4;

    /** The block goes on with that. */
    static final byte MOVED_ON = 5;

    private final FrameDecoder decoder = new FrameDecoder(Staging.RECORDS);
    private final LongPredicate wanted;
    private final Map<Integer, Map<Integer, KeptPartition>> services = new HashMap<>();
    private final Notes notes = new Notes();
    private final Needs needs = new Needs();
    private ByteBuf bytes = Unpooled.buffer(0);
    private ByteBuf moved = Unpooled.buffer(0);
    private long bytesFrom;
    private long movedFrom;
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
        try {
            switch (block.kind()) {
                case BEGINS -> {
                    bytes.clear(); // the rest of a record: its end was never written
                    bytesFrom = block.place().segment();
                    records(block);
                }
                case GOES_ON -> {
                    bytes.discardReadBytes();
                    records(block);
                }
                case NOTES -> notes.read(block.content());
                case MOVED -> {
                    moved.clear();
                    movedFrom = block.place().segment();
                    moved(block);
                }
                case MOVED_ON -> moved(block);
                default ->
                        throw JournalException.failed(
                                "a later release wrote it, use that one: " + place(block), null);
            }
        } catch (MalformedException bug) {
            throw JournalException.failed("its records make no sense: " + place(block), bug);
        }
    }

    private static String place(Block block) {
        return "segment="
                + block.place().segment()
                + " block="
                + block.place().sequence()
                + " kind="
                + block.kind();
    }

    private void records(Block block) {
        bytes.writeBytes(block.content());
        int start = bytes.readerIndex();
        for (Frame frame = decoder.next(bytes); frame != null; frame = decoder.next(bytes)) {
            add(frame, bytes.readerIndex() - start);
            start = bytes.readerIndex();
        }
    }

    private void add(Frame frame, int size) {
        if (!(frame instanceof Frame.OfPartition record)) {
            throw new MalformedException("no record of a journal: " + frame);
        }
        records++;
        needs.has(record, size, bytesFrom);
        if (wanted.test(Replaced.keyOf(record.service(), record.partition()))) {
            partition(record.service(), record.partition()).add(record);
        }
    }

    private KeptPartition partition(int service, int partition) {
        return services.computeIfAbsent(service, any -> new HashMap<>())
                .computeIfAbsent(partition, any -> new KeptPartition());
    }

    private void moved(Block block) {
        moved.writeBytes(block.content());
        MovedPartition whole = MovedPartition.read(moved, decoder);
        if (whole != null) {
            needs.moved(whole.key(), moved.writerIndex(), movedFrom);
            moved.clear();
            if (wanted.test(whole.key())) {
                int service = Replaced.serviceOf(whole.key());
                services.computeIfAbsent(service, any -> new HashMap<>())
                        .put(Replaced.partitionOf(whole.key()), whole.kept());
            }
        }
    }

    /** How many records there were. */
    public long records() {
        return records;
    }

    /** All has been read: what is not needed any more is let go of. */
    public void end() {
        bytes = Unpooled.EMPTY_BUFFER;
        moved = Unpooled.EMPTY_BUFFER;
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
