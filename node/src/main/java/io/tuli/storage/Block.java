package io.tuli.storage;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What is written at once, and its place in the journal.
 *
 * <pre>
 * crc32c u32   of the segment's salt and all that follows
 * length u32   of the content
 * segment u64  that it belongs to: what a file held before is never taken for new
 * sequence u64 of blocks, over all segments
 * syncedTo u64 up to which the journal was known to be on disk when this was written
 * chain u32    the checksum of the block before
 * kind u8, 3 zeros
 * content, zeros up to a multiple of 512
 * </pre>
 *
 * <p>All numbers have their highest byte first. A sequence inside the checksum shows a block that
 * was written to the wrong place, as in TigerBeetle's headers. The salt, as in SQLite's log, keeps
 * what users write from looking like a block.
 *
 * @param crc its own checksum, which the next one names
 * @param content valid until the next block is read
 */
public record Block(Place place, int chain, byte kind, int crc, ByteBuffer content) {

    /**
     * Where a block is.
     *
     * @param syncedTo up to which block the journal was on disk for good when this one was written
     */
    public record Place(long segment, long sequence, long syncedTo) {}

    /** Where blocks may begin: what a disk writes whole. */
    static final int SECTOR = 512;

    static final int HEADER_BYTES = 40;
    static final int CONTENT_MAX = (1 << 20) - HEADER_BYTES;

    private static final int KIND_AT = 36;

    /** What the journal itself writes: confirms what came before. */
    static final byte MARK = 0;

    /** What a block with so much content takes. */
    static int sizeOf(int contentBytes) {
        int bytes = HEADER_BYTES + contentBytes;
        return (bytes + SECTOR - 1) / SECTOR * SECTOR;
    }

    /**
     * Puts the header around content that lies there already, and zeros behind it.
     *
     * @param into position 0 is the block's, the content follows the header and ends at its limit
     * @return its checksum; {@code into} is ready to be written
     */
    static int seal(ByteBuffer into, long salt, Place place, int chain, byte kind) {
        int length = into.limit() - HEADER_BYTES;
        int end = sizeOf(length);
        into.limit(end);
        for (int at = HEADER_BYTES + length; at < end; at++) {
            into.put(at, (byte) 0);
        }
        into.putInt(4, length);
        into.putLong(8, place.segment);
        into.putLong(16, place.sequence);
        into.putLong(24, place.syncedTo);
        into.putInt(32, chain);
        into.putInt(KIND_AT, kind << 24);
        int crc = checksum(salt, into, 4, end);
        into.putInt(0, crc);
        into.position(0);
        return crc;
    }

    /** The block that begins there; null if none does, or it does not end before the limit. */
    static @Nullable Block at(ByteBuffer bytes, int at, long salt) {
        if (bytes.limit() - at < SECTOR) {
            return null;
        }
        int length = bytes.getInt(at + 4);
        if (length < 0 || length > CONTENT_MAX || bytes.limit() - at < sizeOf(length)) {
            return null;
        }
        int crc = bytes.getInt(at);
        if (crc != checksum(salt, bytes, at + 4, at + sizeOf(length))) {
            return null;
        }
        return new Block(
                new Place(bytes.getLong(at + 8), bytes.getLong(at + 16), bytes.getLong(at + 24)),
                bytes.getInt(at + 32),
                bytes.get(at + KIND_AT),
                crc,
                bytes.slice(at + HEADER_BYTES, length).asReadOnlyBuffer());
    }

    int sizeBytes() {
        return sizeOf(content.remaining());
    }

    private static int checksum(long salt, ByteBuffer bytes, int from, int until) {
        CRC32C crc = new CRC32C();
        for (int shift = 56; shift >= 0; shift -= 8) {
            crc.update((int) (salt >>> shift) & 0xff);
        }
        crc.update(bytes.slice(from, until - from));
        return (int) crc.getValue();
    }

    static int checksum(ByteBuffer bytes, int from, int until) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.slice(from, until - from));
        return (int) crc.getValue();
    }
}
