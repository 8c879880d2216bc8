package io.tuli.membership;

import io.tuli.MemberId;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What a beacon says: 33 bytes, all of fixed size. A hint that nobody believes: whether it is a
 * member of this mesh shows when it is dialed.
 *
 * <pre>
 * sighting = "TULI" format:u8 standing:u8 server:u8 port:u16 nameHash:i64 node:i64 incarnation:i64
 * </pre>
 *
 * @param nameHash of the mesh
 * @param member whose beacon it is
 * @param isServer whether it may own partitions
 * @param port where its control channel is reached, on the address of the beacon
 * @param standing what it is at the moment
 */
record Sighting(long nameHash, MemberId member, boolean isServer, int port, Standing standing) {

    /** What a beacon says of its member. The ordinal is the number on the wire. */
    enum Standing {
        /** Started, in no view yet. */
        JOINING,
        /** In no view yet and about to found the mesh. */
        CLAIMING,
        /** In a view. */
        MEMBER,
        /** The first of a view: who joins asks it. */
        COORDINATOR;

        boolean isInView() {
            return this == MEMBER || this == COORDINATOR;
        }
    }

    static final int BYTES = 33;

    private static final int MAGIC = 0x54554C49;
    private static final byte FORMAT = 2;

    ByteBuffer encode() {
        return ByteBuffer.allocate(BYTES)
                .putInt(MAGIC)
                .put(FORMAT)
                .put((byte) standing.ordinal())
                .put((byte) (isServer ? 1 : 0))
                .putShort((short) port)
                .putLong(nameHash)
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
        int port = Short.toUnsignedInt(in.getShort());
        long nameHash = in.getLong();
        MemberId member = new MemberId(in.getLong(), in.getLong());
        return Optional.of(
                new Sighting(nameHash, member, isServer, port, Standing.values()[standing]));
    }
}
