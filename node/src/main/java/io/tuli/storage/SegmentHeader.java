package io.tuli.storage;

import java.nio.ByteBuffer;

/**
 * How a segment begins: whose it is, and where the one before ended. What follows that end there is
 * not part of the journal: a life that found a torn end begins a segment of its own.
 *
 * <p>Features are what a reader must know to understand it, a bit each; none is known yet.
 *
 * @param salt random, of this segment alone: part of its blocks' checksums
 * @param number of the segment; the next has the next
 * @param endSequence the last block of the segment before, 0 for none
 * @param endChain that block's checksum
 */
record SegmentHeader(
        JournalId id, long boot, long salt, long number, long endSequence, int endChain) {

    /** Blocks begin behind it. */
    static final int BYTES = 4096;

    static final int FORMAT = 1;
    private static final long MAGIC = 0x54554c494a4f5552L; // TULIJOUR
    private static final int CRC_AT = 76;

    ByteBuffer bytes() {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES);
        bytes.putLong(MAGIC).putInt(FORMAT).putInt(0).putLong(0);
        bytes.putLong(id.mesh()).putLong(id.node()).putLong(boot).putLong(salt).putLong(number);
        bytes.putLong(endSequence).putInt(endChain);
        bytes.putInt(CRC_AT, Block.checksum(bytes, 0, CRC_AT));
        return bytes.clear();
    }

    /**
     * @throws JournalException where it is none, is damaged, or is of a release that says more
     */
    static SegmentHeader read(String name, ByteBuffer bytes) {
        if (bytes.remaining() < BYTES || bytes.getInt(CRC_AT) != Block.checksum(bytes, 0, CRC_AT)) {
            throw JournalException.damaged("segment=" + name, "its header has another checksum");
        }
        long magic = bytes.getLong();
        int format = bytes.getInt();
        bytes.getInt();
        long features = bytes.getLong();
        if (magic != MAGIC || format != FORMAT || features != 0) {
            throw new JournalException(
                    JournalException.Reason.FOREIGN,
                    "a journal must be of a release that this one can read; use the one that wrote"
                            + " it: segment="
                            + name
                            + " format="
                            + format
                            + " features="
                            + Long.toHexString(features));
        }
        JournalId id = new JournalId(bytes.getLong(), bytes.getLong());
        long boot = bytes.getLong();
        long salt = bytes.getLong();
        long number = bytes.getLong();
        return new SegmentHeader(id, boot, salt, number, bytes.getLong(), bytes.getInt());
    }
}
