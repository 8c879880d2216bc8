package io.tuli.staging;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tuli.bytes.MalformedException;
import io.tuli.protocol.Frame;
import io.tuli.storage.Block;
import io.tuli.storage.JournalException;
import io.tuli.wire.FrameDecoder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Blocks of a journal as what they say: records, notes, partitions that were moved. One thread. */
public final class JournalRecords implements Consumer<Block> {

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
    private final Visitor visitor;
    private ByteBuf bytes = Unpooled.buffer(0);
    private ByteBuf moved = Unpooled.buffer(0);
    private long bytesFrom;
    private long movedFrom;
    private boolean isCut;
    private boolean isMoveCut;

    public JournalRecords(Visitor visitor) {
        this.visitor = visitor;
    }

    /** Who hears what a journal says. */
    public interface Visitor {

        /**
         * A record.
         *
         * @param size its bytes
         * @param segment where it begins
         */
        void record(Frame.OfPartition record, int size, long segment);

        /** What is noted of a key from now on. */
        void note(String key, byte[] value);

        /** All there is of a partition, in place of what was said of it before. */
        void moved(MovedPartition whole, int size, long segment);
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
                    isCut = false;
                    records(block);
                }
                case GOES_ON -> {
                    if (!isCut) {
                        bytes.discardReadBytes();
                        records(block);
                    }
                }
                case NOTES -> Notes.read(block.content(), visitor::note);
                case MOVED -> {
                    moved.clear();
                    movedFrom = block.place().segment();
                    isMoveCut = false;
                    moved(block);
                }
                case MOVED_ON -> {
                    if (!isMoveCut) {
                        moved(block);
                    }
                }
                default ->
                        throw JournalException.failed(
                                "a later release wrote it, use that one: " + place(block), null);
            }
        } catch (MalformedException bug) {
            throw JournalException.failed("its records make no sense: " + place(block), bug);
        }
    }

    /** Blocks are missing here: what began before them has no end. */
    public void hole() {
        bytes.clear();
        moved.clear();
        isCut = true;
        isMoveCut = true;
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
            visitor.record(of(frame), bytes.readerIndex() - start, bytesFrom);
            start = bytes.readerIndex();
        }
    }

    static Frame.OfPartition of(@Nullable Frame frame) {
        if (!(frame instanceof Frame.OfPartition record)) {
            throw new MalformedException("no record of a journal: " + frame);
        }
        return record;
    }

    private void moved(Block block) {
        moved.writeBytes(block.content());
        MovedPartition whole = MovedPartition.read(moved, decoder);
        if (whole != null) {
            int size = moved.writerIndex();
            moved.clear();
            visitor.moved(whole, size, movedFrom);
        }
    }

    /** All has been read: what is not needed any more is let go of. */
    void end() {
        bytes = Unpooled.EMPTY_BUFFER;
        moved = Unpooled.EMPTY_BUFFER;
    }
}
