package io.tuli.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The blocks of one segment, wherever they begin. One thread. */
final class SegmentReader implements AutoCloseable {

    private static final int WINDOW_BYTES = 4 << 20;

    private final Disk.File file;
    private final SegmentHeader header;
    private final long size;
    private final ByteBuffer window;
    private long windowAt;

    private SegmentReader(Disk.File file, SegmentHeader header, ByteBuffer window)
            throws IOException {
        this.file = file;
        this.header = header;
        this.size = file.size();
        this.window = window.clear().limit(0);
    }

    /**
     * @param window is written over; of {@link #window()}
     * @throws JournalException where its header is none
     */
    static SegmentReader open(Disk disk, String name, ByteBuffer window) throws IOException {
        Disk.File file = disk.open(name);
        try {
            ByteBuffer head = ByteBuffer.allocate(SegmentHeader.BYTES);
            file.read(head, 0);
            return new SegmentReader(file, SegmentHeader.read(name, head.flip()), window);
        } catch (IOException | RuntimeException unreadable) {
            file.close();
            throw unreadable;
        }
    }

    static ByteBuffer window() {
        return ByteBuffer.allocateDirect(WINDOW_BYTES);
    }

    SegmentHeader header() {
        return header;
    }

    /** The block of this segment that begins there; null if none does. */
    @Nullable Block at(long offset) throws IOException {
        if (size - offset < Block.SECTOR) {
            return null;
        }
        int at = load(offset);
        if (window.getLong(at + 8) != header.number()) {
            return null; // what a checksum need not be worked out for
        }
        return Block.at(window, at, header.salt());
    }

    /** Whether a block may begin there. */
    boolean hasSector(long offset) {
        return size - offset >= Block.SECTOR;
    }

    /** Whether something was written where a block would begin: a file is zeros at first. */
    boolean isBegun(long offset) throws IOException {
        if (size - offset < Block.SECTOR) {
            return false;
        }
        int at = load(offset);
        for (int i = 0; i < Block.SECTOR; i++) {
            if (window.get(at + i) != 0) {
                return true;
            }
        }
        return false;
    }

    /** Brings what a block there may take into the window; where it is in it. */
    private int load(long offset) throws IOException {
        long needed = Math.min(size, offset + Block.sizeOf(Block.CONTENT_MAX));
        if (offset < windowAt || needed > windowAt + window.limit()) {
            window.clear().limit((int) Math.min(window.capacity(), size - offset));
            file.read(window, offset);
            window.flip();
            windowAt = offset;
        }
        return (int) (offset - windowAt);
    }

    /**
     * Whether a block of that sequence, which is not where it should begin, was there for good:
     * then some later one knows of it.
     */
    boolean wasSynced(long sequence, long offset) throws IOException {
        for (long at = offset; size - at >= Block.SECTOR; at += Block.SECTOR) {
            Block later = at(at);
            if (later != null
                    && later.place().sequence() >= sequence
                    && later.place().syncedTo() >= sequence) {
                return true;
            }
        }
        return false;
    }

    /** Makes what was read last: a process that was killed may not have. */
    void force() throws IOException {
        file.force();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
