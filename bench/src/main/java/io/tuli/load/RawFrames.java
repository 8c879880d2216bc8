package io.tuli.load;

import java.nio.ByteBuffer;

/**
 * The frames of the floor. A request is its length and a value; a reply is twelve bytes: its
 * length, the number of the request on its connection, and a check of the value's first and last
 * byte.
 */
final class RawFrames {

    static final int BUFFER_BYTES = 64 * 1024;
    static final int REPLY_BYTES = 12;
    static final int HEADER_BYTES = 4;

    private static final int REPLY_BODY_BYTES = 8;

    private RawFrames() {}

    static boolean hasRequest(ByteBuffer in) {
        return in.remaining() >= HEADER_BYTES
                && in.remaining() >= HEADER_BYTES + in.getInt(in.position());
    }

    /** Reads one request and answers it. */
    static void reply(ByteBuffer in, ByteBuffer out, int number) {
        int length = in.getInt();
        int first = in.position();
        int check = check(in.get(first), in.get(first + length - 1), length);
        in.position(first + length);
        out.putInt(REPLY_BODY_BYTES).putInt(number).putInt(check);
    }

    static int check(byte[] value) {
        return check(value[0], value[value.length - 1], value.length);
    }

    private static int check(byte first, byte last, int length) {
        return (first & 0xff) << 24 | (last & 0xff) << 16 | (length & 0xffff);
    }

    static void request(ByteBuffer out, byte[] value) {
        out.putInt(value.length).put(value);
    }

    /** Reads one reply, which must be the one that is due. */
    static void requireReply(ByteBuffer in, int number, int check) {
        int length = in.getInt();
        int told = in.getInt();
        int checked = in.getInt();
        if (length != REPLY_BODY_BYTES || told != number || checked != check) {
            throw new IllegalStateException(
                    "a reply must be the next one's: expected " + number + ", told " + told);
        }
    }
}
