package io.tuli.membership;

import io.tuli.MemberId;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What goes over the local network when a member looks for others: 64 bytes, all of fixed size, and
 * an answer as long as the question. A hint that nobody believes, as a {@link Sighting} is.
 *
 * <pre>
 * hail = "TULI" format:u8 answer:u8 port:u16 nameHash:i64 node:i64 incarnation:i64 nonce:i64 zeros
 * </pre>
 *
 * @param isAnswer whether it answers a question
 * @param port where the sender's control channel is reached, on the address it comes from
 * @param nameHash of the mesh
 * @param member who sends it
 * @param nonce of the question; an answer repeats it
 */
record Hail(boolean isAnswer, int port, long nameHash, MemberId member, long nonce) {

    static final int BYTES = 64;

    private static final int MAGIC = 0x54554C49;
    private static final byte FORMAT = 3;

    byte[] encode() {
        return ByteBuffer.allocate(BYTES)
                .putInt(MAGIC)
                .put(FORMAT)
                .put((byte) (isAnswer ? 1 : 0))
                .putShort((short) port)
                .putLong(nameHash)
                .putLong(member.node())
                .putLong(member.incarnation())
                .putLong(nonce)
                .array();
    }

    /** Empty where these bytes are none. */
    static Optional<Hail> decode(byte[] bytes, int length) {
        ByteBuffer in = ByteBuffer.wrap(bytes, 0, length);
        if (length != BYTES || in.getInt() != MAGIC || in.get() != FORMAT) {
            return Optional.empty();
        }
        byte answer = in.get();
        int port = Short.toUnsignedInt(in.getShort());
        long nameHash = in.getLong();
        MemberId member = new MemberId(in.getLong(), in.getLong());
        long nonce = in.getLong();
        boolean isWhole = answer == 0 || answer == 1;
        while (in.hasRemaining()) {
            isWhole &= in.get() == 0;
        }
        return isWhole && port != 0
                ? Optional.of(new Hail(answer == 1, port, nameHash, member, nonce))
                : Optional.empty();
    }
}
