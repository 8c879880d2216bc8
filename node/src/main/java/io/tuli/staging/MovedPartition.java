package io.tuli.staging;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tuli.protocol.Frame;
import io.tuli.replica.KeptPartition;
import io.tuli.wire.FrameDecoder;
import io.tuli.wire.FrameEncoder;
import org.jspecify.annotations.Nullable;

/**
 * All that there is of a partition which nobody has open, put once more at the journal's end so
 * that older segments can go. It counts when all of it is there, and not before: until then the
 * records at the old place do.
 *
 * <pre>
 * length u32   of what follows
 * key u64      service and partition
 * records      as at their old place
 * </pre>
 *
 * @param key see {@link Replaced#keyOf}
 */
public record MovedPartition(long key, KeptPartition kept) {

    private static final int LENGTH_BYTES = 4;

    ByteBuf bytes() {
        FrameEncoder encoder = new FrameEncoder(Staging.RECORDS);
        ByteBuf bytes = Unpooled.buffer();
        bytes.writeInt(0).writeLong(key);
        kept.forEach(
                Replaced.serviceOf(key),
                Replaced.partitionOf(key),
                record -> encoder.encode(record, bytes));
        return bytes.setInt(0, bytes.writerIndex() - LENGTH_BYTES);
    }

    /** Null while not all of it is there. */
    static @Nullable MovedPartition read(ByteBuf bytes, FrameDecoder decoder) {
        int start = bytes.readerIndex();
        if (bytes.readableBytes() < LENGTH_BYTES
                || bytes.readableBytes() < LENGTH_BYTES + bytes.getInt(start)) {
            return null;
        }
        int end = start + LENGTH_BYTES + bytes.getInt(start);
        bytes.skipBytes(LENGTH_BYTES);
        long key = bytes.readLong();
        KeptPartition kept = new KeptPartition();
        while (bytes.readerIndex() < end) {
            Frame frame = decoder.next(bytes);
            kept.add(JournalRecords.of(frame));
        }
        return new MovedPartition(key, kept);
    }
}
