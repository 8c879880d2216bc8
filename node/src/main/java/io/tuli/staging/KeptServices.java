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
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a journal has of services, gathered from its blocks: each service's is handed out once, for
 * what is opened a second time in one life begins with nothing. Blocks are read by one thread; then
 * any may take.
 */
public final class KeptServices implements Consumer<Block> {

    /** The block begins with a record, and may hold several batches. */
    static final byte BEGINS = 1;

    /** The block goes on where the one before ended, perhaps in the middle of a record. */
    static final byte GOES_ON = 2;

    private final FrameDecoder decoder = new FrameDecoder(Staging.RECORDS);
    private final Map<Integer, Map<Integer, KeptPartition>> services = new HashMap<>();
    private ByteBuf bytes = Unpooled.buffer(0);
    private long records;

    /**
     * @throws JournalException where whole blocks hold what is no record
     */
    @Override
    public void accept(Block block) {
        switch (block.kind()) {
            case BEGINS -> bytes.clear(); // the rest of a record: its end was never written
            case GOES_ON -> bytes.discardReadBytes();
            default ->
                    throw JournalException.failed(
                            "a later release wrote it, use that one: " + place(block), null);
        }
        bytes.writeBytes(block.content());
        try {
            Frame frame = decoder.next(bytes);
            while (frame != null) {
                add(frame);
                frame = decoder.next(bytes);
            }
        } catch (MalformedException bug) {
            throw JournalException.failed("its records make no sense: " + place(block), bug);
        }
    }

    private static String place(Block block) {
        return "block=" + block.place().sequence() + " kind=" + block.kind();
    }

    private void add(Frame frame) {
        if (!(frame instanceof Frame.OfPartition record)) {
            throw new MalformedException("no record of a journal: " + frame);
        }
        records++;
        services.computeIfAbsent(record.service(), any -> new HashMap<>())
                .computeIfAbsent(record.partition(), any -> new KeptPartition())
                .add(record);
    }

    /** How many records there were. */
    public long records() {
        return records;
    }

    /** All has been read: what is not needed any more is let go of. */
    public void end() {
        bytes = Unpooled.EMPTY_BUFFER;
    }

    /**
     * What there is of a service's partitions, for the first who asks; null of a partition for
     * nothing.
     */
    public synchronized IntFunction<@Nullable KeptPartition> take(int service) {
        Map<Integer, KeptPartition> partitions = services.remove(service);
        return partitions == null ? partition -> null : partitions::get;
    }
}
