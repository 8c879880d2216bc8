package io.tuli.wire;

/**
 * Numbers in as few bytes as they need: seven bits a byte, lowest first, the top bit set on all but
 * the last. One number has one form: a form with needless bytes is refused when read.
 */
final class Varint {

    static final int INT_BYTES_MAX = 5;
    static final int LONG_BYTES_MAX = 10;

    private Varint() {}
}
