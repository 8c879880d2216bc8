package io.tuli.storage;

import io.tuli.error.Require;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A member's journal: blocks, one after the other, in segments that are all of one size and zeroed
 * before they are used. Whatever was synced is there after any crash, in order; behind it there may
 * be some that were not.
 *
 * <p>A write or a sync that fails ends it for this process: what the system then still holds of it
 * is anybody's guess (see "fsyncgate", PostgreSQL 2018), so nothing is tried again. One thread.
 */
public final class Journal implements AutoCloseable {

    private static final String NEXT = "next.tmp";
    private static final long SEGMENT_MIN = 2 << 20;

    private final Disk disk;
    private final NodeFile node;
    private final long segmentBytes;
    private final LongSupplier salts;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(Block.sizeOf(Block.CONTENT_MAX));
    private Disk.File file;
    private SegmentHeader segment;
    private long at;
    private long written;
    private long synced;
    private int chain;
    private boolean isConfirmed;
    private Disk.@Nullable File next;
    private @Nullable JournalException failure;

    /** Of each segment, by its number. */
    private final NavigableMap<Long, Long> sizes = new TreeMap<>();

    private Journal(Disk disk, NodeFile node, Recovery.End end, long bytes, LongSupplier salts)
            throws IOException {
        Require.argument(bytes >= SEGMENT_MIN, "a segment has at least 2 MiB", bytes);
        this.disk = disk;
        this.node = node;
        this.segmentBytes = bytes;
        this.salts = salts;
        this.written = end.sequence();
        this.synced = end.sequence();
        this.chain = end.chain();
        for (long number = node.state().first(); number <= node.state().last(); number++) {
            try (Disk.File each = disk.open(Recovery.nameOf(number))) {
                sizes.put(number, each.size());
            }
        }
        this.next = disk.create(NEXT, segmentBytes);
        this.segment = header();
        this.file = begin(segment);
    }

    /**
     * Reads what there is and begins a segment behind it.
     *
     * @param segmentBytes of each segment from now on, at least 2 MiB
     * @param salts random numbers that nobody knows
     * @param visitor takes what was written before, in order
     * @throws JournalException where it is damaged, another's, or there is no room
     */
    public static Journal open(
            Disk disk,
            JournalId id,
            long segmentBytes,
            LongSupplier salts,
            Consumer<Block> visitor) {
        try (Opening opening = new Opening(node(disk, id))) {
            NodeFile node = opening.node;
            node.booted();
            tidy(disk, node.state());
            Recovery.End end = Recovery.read(disk, node.state(), visitor);
            Journal journal = new Journal(disk, node, end, segmentBytes, salts);
            opening.isDone = true;
            return journal;
        } catch (IOException e) {
            throw new JournalException(
                    JournalException.Reason.FAILED,
                    "a journal must be readable, and its disk must have room for a segment: bytes="
                            + segmentBytes
                            + " error="
                            + e.getMessage(),
                    e);
        }
    }

    /**
     * Whose a directory is; of nobody yet, if it is empty.
     *
     * @throws JournalException where that cannot be read
     */
    public static Optional<JournalId> idOf(Disk disk) {
        try {
            if (!disk.names().contains(NodeFile.NAME)) {
                return Optional.empty();
            }
            NodeFile node = NodeFile.open(disk);
            node.close();
            return Optional.of(node.state().id());
        } catch (IOException e) {
            throw JournalException.failed("file=" + NodeFile.NAME + " error=" + e.getMessage(), e);
        }
    }

    /** How often the directory was opened, this time included. */
    public long boot() {
        return node.state().boot();
    }

    /** The oldest segment there is. */
    public long firstSegment() {
        return node.state().first();
    }

    /** What all segments there are take. */
    public long bytes() {
        return sizes.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Closes what was opened unless all goes well. */
    private static final class Opening implements AutoCloseable {

        private final NodeFile node;
        private boolean isDone;

        Opening(NodeFile node) {
            this.node = node;
        }

        @Override
        public void close() throws IOException {
            if (!isDone) {
                node.close();
            }
        }
    }

    private static NodeFile node(Disk disk, JournalId id) throws IOException {
        if (!disk.names().contains(NodeFile.NAME)) {
            if (!Recovery.numbers(disk).isEmpty()) {
                throw JournalException.damaged(
                        "file=" + NodeFile.NAME, "it is missing, though there are segments");
            }
            return NodeFile.create(disk, id);
        }
        NodeFile node = NodeFile.open(disk);
        if (!node.state().id().equals(id)) {
            node.close();
            throw new JournalException(
                    JournalException.Reason.FOREIGN,
                    "a directory must be of this member: name another, or the node it is of:"
                            + " journal="
                            + node.state().id()
                            + " here="
                            + id);
        }
        return node;
    }

    /** What was to be deleted, or was made and not used when it was left. */
    private static void tidy(Disk disk, NodeFile.State node) throws IOException {
        NavigableSet<Long> numbers = Recovery.numbers(disk);
        for (long old : numbers.headSet(node.first())) {
            disk.delete(Recovery.nameOf(old));
        }
        long begun = node.last() + 1;
        if (numbers.contains(begun) && Recovery.isUnused(disk, begun)) {
            disk.delete(Recovery.nameOf(begun));
            numbers.remove(begun);
        }
        if (!numbers.tailSet(begun).isEmpty()) {
            throw JournalException.damaged(
                    "file=" + NodeFile.NAME,
                    "it is older than segment=" + Recovery.nameOf(numbers.last()));
        }
    }

    // ---- writing -------------------------------------------------------------------------------

    /** Where the content of the next block is put: nothing at first, and so much room. */
    public ByteBuffer content() {
        return buffer.clear()
                .limit(Block.HEADER_BYTES + Block.CONTENT_MAX)
                .position(Block.HEADER_BYTES);
    }

    /**
     * Writes what was put into {@link #content()}; it is not on disk for good yet.
     *
     * @param kind not 0, which is the journal's own
     * @return the block's place in the journal: 1 more than the one before
     * @throws JournalException FULL where another segment is needed and there is no room for it:
     *     then nothing has happened; else for good
     */
    public long append(byte kind) {
        if (kind == Block.MARK) {
            throw new IllegalArgumentException("0 is the journal's own kind");
        }
        return write(kind);
    }

    private long write(byte kind) {
        requireSound();
        if (at + Block.sizeOf(buffer.position() - Block.HEADER_BYTES) > segmentBytes) {
            prepare();
            attempt(this::roll);
        }
        buffer.flip();
        Block.Place place = new Block.Place(segment.number(), written + 1, synced);
        int crc = Block.seal(buffer, segment.salt(), place, chain, kind);
        attempt(() -> file.write(buffer, at));
        at += buffer.limit();
        chain = crc;
        isConfirmed = kind == Block.MARK;
        return ++written;
    }

    /** Makes all that was appended last. */
    public void sync() {
        requireSound();
        if (synced < written) {
            attempt(file::force);
            synced = written;
        }
    }

    /**
     * Confirms, where nothing follows for a while, that the last block was synced: were it not
     * whole later, it would be known for damaged rather than for never finished.
     */
    public void confirm() {
        sync();
        if (written > 0 && !isConfirmed) {
            content();
            write(Block.MARK);
            sync();
        }
    }

    /** The last block that was written, 0 for none. */
    public long written() {
        return written;
    }

    /** The last block that is there for good, 0 for none. */
    public long synced() {
        return synced;
    }

    /** The segment that is written to; those before it can be let go of. */
    public long segment() {
        return segment.number();
    }

    // ---- segments ------------------------------------------------------------------------------

    /** Whether a block with so much content can be written without another segment. */
    public boolean hasRoom(int contentBytes) {
        return next != null || roomBytes() >= Block.sizeOf(contentBytes);
    }

    /** How much of the segment that is written to is left. */
    public long roomBytes() {
        return segmentBytes - at;
    }

    /** Whether the next segment is there. */
    public boolean isPrepared() {
        return next != null;
    }

    /**
     * Makes room for the next segment, ahead of time: it takes as long as to write it.
     *
     * @throws JournalException FULL where there is none
     */
    public void prepare() {
        requireSound();
        if (next == null) {
            next = made(0);
        }
    }

    /**
     * Takes a segment that was {@link #made}, or one that is not needed any more, which is closed.
     */
    public void prepared(Disk.File made) throws IOException {
        if (next == null && failure == null) {
            next = made;
        } else {
            made.close();
        }
    }

    /**
     * Makes a segment to be {@link #prepared}. Any thread, one at a time, while the journal's own
     * goes on writing; that may not {@link #prepare} meanwhile.
     *
     * @param reserveBytes stay free on the disk
     * @throws JournalException FULL where there is no room
     */
    public Disk.File made(long reserveBytes) {
        try {
            long free = reserveBytes > 0 ? disk.freeBytes() : Long.MAX_VALUE;
            if (free - segmentBytes < reserveBytes) {
                throw new JournalException(
                        JournalException.Reason.FULL,
                        "the disk must have disk.reserve bytes free besides another segment: free"
                                + " some, or say less: free="
                                + free
                                + " disk.reserve="
                                + reserveBytes
                                + " segment="
                                + segmentBytes);
            }
            return disk.create(NEXT, segmentBytes);
        } catch (IOException e) {
            throw new JournalException(
                    JournalException.Reason.FULL,
                    "the disk must have room for another segment: free some: bytes="
                            + segmentBytes
                            + " error="
                            + e.getMessage(),
                    e);
        }
    }

    private void roll() throws IOException {
        file.force();
        synced = written;
        file.close();
        segment = header();
        file = begin(segment);
    }

    private SegmentHeader header() {
        NodeFile.State state = node.state();
        return new SegmentHeader(
                state.id(), state.boot(), salts.getAsLong(), state.last() + 1, written, chain);
    }

    /** Only when all of this is done is anything written to it. */
    private Disk.File begin(SegmentHeader header) throws IOException {
        Disk.File begun = next;
        if (begun == null) {
            throw new IllegalStateException("a segment is prepared before it is begun");
        }
        next = null;
        begun.write(header.bytes(), 0);
        begun.force();
        disk.rename(NEXT, Recovery.nameOf(header.number()));
        disk.forceNames();
        node.segments(node.state().first(), header.number());
        sizes.put(header.number(), segmentBytes);
        at = SegmentHeader.BYTES;
        return begun;
    }

    /** Lets go of all segments before this one. */
    public void dropBefore(long first) {
        requireSound();
        NodeFile.State state = node.state();
        if (first > state.last()) {
            throw new IllegalArgumentException("the newest segment is in use: " + state.last());
        }
        attempt(
                () -> {
                    node.segments(Math.max(first, state.first()), state.last());
                    for (long old = state.first(); old < first; old++) {
                        disk.delete(Recovery.nameOf(old));
                    }
                    disk.forceNames();
                    sizes.headMap(first).clear();
                });
    }

    // ---- reading again -------------------------------------------------------------------------

    /**
     * Reads all there is, up to what was appended last, as a restart would.
     *
     * @throws JournalException DAMAGED where it is not any more what was written; then it can be
     *     written to all the same
     */
    public void replay(Consumer<Block> visitor) {
        requireSound();
        try {
            Recovery.replay(disk, node.state(), written, visitor);
        } catch (IOException e) {
            throw JournalException.failed("it cannot be read: error=" + e.getMessage(), e);
        }
    }

    // ---- failing -------------------------------------------------------------------------------

    /** What may fail. */
    private interface Step {
        void run() throws IOException;
    }

    private void attempt(Step step) {
        try {
            step.run();
        } catch (IOException e) {
            failure =
                    new JournalException(
                            JournalException.Reason.FAILED,
                            "a journal must be written; look at the disk and start the member"
                                    + " again, which finds all that was synced: segment="
                                    + segment.number()
                                    + " error="
                                    + e.getMessage(),
                            e);
            throw failure;
        }
    }

    private void requireSound() {
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public void close() throws IOException {
        try {
            if (failure == null) {
                confirm();
            }
        } finally {
            file.close();
            if (next != null) {
                next.close();
            }
            node.close();
        }
    }
}
