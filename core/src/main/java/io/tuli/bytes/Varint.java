package io.tuli.bytes;

/**
 * Numbers in as few bytes as they need: seven bits a byte, lowest first, the top bit set on all but
 * the last. One number has one form: {@link FieldReader} refuses a form with needless bytes.
 */
public final class Varint {

    public static final int INT_BYTES_MAX = 5;
    public static final int LONG_BYTES_MAX = 10;

    private Varint() {}

    /** Writes a number that is never negative; answers the index after it. */
    public static int writeNatural(byte[] into, int from, long value) {
        if (value < 0) {
            throw new IllegalArgumentException("a number to be written must be >= 0: " + value);
        }
        return write(into, from, value);
    }

    /** Writes any 64 bits; answers the index after them. */
    public static int write(byte[] into, int from, long value) {
        int at = from;
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            into[at++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        into[at] = (byte) rest;
        return at + 1;
    }
}
