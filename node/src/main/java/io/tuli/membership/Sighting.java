package io.tuli.membership;

import io.tuli.MemberId;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What a beacon says: 41 bytes, all of fixed size.
 *
 * <pre>
 * sighting = "TULI" format:u8 standing:u8 server:u8 controlPort:u16
 *            nameHash:i64 secretHash:i64 node:i64 incarnation:i64
 * </pre>
 *
 * @param nameHash of the mesh
 * @param secretHash of the mesh's secret
 * @param member whose beacon it is
 * @param isServer whether it may own partitions
 * @param controlPort where its control channel listens, on the address of the beacon
 * @param standing what it is at the moment
 */
record Sighting(
        long nameHash,
        long secretHash,
        MemberId member,
        boolean isServer,
        int controlPort,
        Standing standing) {

    static final int BYTES = 41;

    private static final int MAGIC = 0x54554C49;
    private static final byte FORMAT = 1;

    ByteBuffer encode() {
        return ByteBuffer.allocate(BYTES)
                .putInt(MAGIC)
                .put(FORMAT)
                .put((byte) standing.ordinal())
                .put((byte) (isServer ? 1 : 0))
                .putShort((short) controlPort)
                .putLong(nameHash)
                .putLong(secretHash)
                .putLong(member.node())
                .putLong(member.incarnation())
                .flip();
    }

    /** Empty where these bytes are not what a beacon says. */
    static Optional<Sighting> decode(ByteBuffer in) {
        if (in.remaining() != BYTES || in.getInt() != MAGIC || in.get() != FORMAT) {
            return Optional.empty();
        }
        int standing = in.get();
        if (standing < 0 || standing >= Standing.values().length) {
            return Optional.empty();
        }
        boolean isServer = in.get() == 1;
        int controlPort = Short.toUnsignedInt(in.getShort());
        long nameHash = in.getLong();
        long secretHash = in.getLong();
        MemberId member = new MemberId(in.getLong(), in.getLong());
        return Optional.of(
                new Sighting(
                        nameHash,
                        secretHash,
                        member,
                        isServer,
                        controlPort,
                        Standing.values()[standing]));
    }
}
