package io.tuli.handshake;

import io.netty.buffer.ByteBuf;

/**
 * What the accepting side answers a {@link Hello}. It says nothing of who answers: who asks has
 * proven nothing yet.
 *
 * @param version the wire version chosen
 * @param canExport whether its Java can export keying material of a TLS session
 * @param nonce random bytes, which make every proof another
 */
public record Challenge(int version, boolean canExport, byte[] nonce) {

    static final int BYTES = 2 + 4 + Hello.NONCE_BYTES;

    public void write(ByteBuf out) {
        out.writeShort(version).writeInt(canExport ? Hello.CAN_EXPORT : 0).writeBytes(nonce);
    }

    /** Reads the fields of this version; what follows them is a later one's. */
    public static Challenge read(ByteBuf in) {
        int version = in.readUnsignedShort();
        boolean canExport = (in.readInt() & Hello.CAN_EXPORT) != 0;
        return new Challenge(version, canExport, Hello.bytes(in, Hello.NONCE_BYTES));
    }
}
