package io.tuli.wire;

import io.netty.buffer.ByteBuf;

/**
 * Numbers in as few bytes as they need: seven bits a byte, lowest first, the top bit set on all but
 * the last. One number has one form: a form with needless bytes is refused when read.
 */
final class Varint {

    static final int INT_BYTES_MAX = 5;
    static final int LONG_BYTES_MAX = 10;

    private Varint() {}

    /** Writes a count, length, index or other number that is never negative. */
    static void writeInt(ByteBuf out, int value) {
        if (value < 0) {
            throw new IllegalArgumentException("a frame's number must be >= 0: " + value);
        }
        int rest = value;
        while (rest > 0x7f) {
            out.writeByte((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        out.writeByte(rest);
    }

    /** Writes any 64 bits. */
    static void writeLong(ByteBuf out, long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.writeByte(((int) rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        out.writeByte((int) rest);
    }

    /** Writes an offset or other long that is never negative. */
    static void writeOffset(ByteBuf out, long value) {
        if (value < 0) {
            throw new IllegalArgumentException("a frame's number must be >= 0: " + value);
        }
        writeLong(out, value);
    }
}
