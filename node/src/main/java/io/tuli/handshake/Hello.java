package io.tuli.handshake;

import io.netty.buffer.ByteBuf;
import io.tuli.Member;
import io.tuli.MemberId;
import io.tuli.secret.LifeKey;
import io.tuli.secret.Role;
import io.tuli.secret.Token;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * How a member presents itself, in fields of fixed size: nothing of a stranger's is parsed before
 * it has proved that it belongs here. Both sides send one, the accepting one only when the other
 * has proved itself; the answer's versions are the one chosen.
 *
 * @param minVersion lowest wire version it speaks
 * @param maxVersion highest
 * @param authenticates whether it has a secret
 * @param canExport whether its Java can export keying material of a TLS session
 * @param offered features it has, a bit each
 * @param required features the other side must have
 * @param meshHash SHA-256 of the mesh's name: what is compared
 * @param mesh the name, for people
 * @param wanted whom it believes to talk to
 * @param nonce random bytes, which make every proof another
 * @param messageBytes the longest message it takes: its {@code message.bytes}
 * @param purpose what the connection is for; the answer repeats it
 * @param role what it wants to be
 * @param self who it is
 * @param life the key of its life, of which its incarnation is the fingerprint; zeros in an open
 *     mesh
 * @param claims of the token it proves by; empty without one
 */
public record Hello(
        int minVersion,
        int maxVersion,
        boolean authenticates,
        boolean canExport,
        long offered,
        long required,
        byte[] meshHash,
        String mesh,
        MemberId wanted,
        byte[] nonce,
        int messageBytes,
        Purpose purpose,
        Role role,
        Member self,
        byte[] life,
        byte[] claims) {

    private static final int AUTHENTICATES = 1;
    static final int CAN_EXPORT = 2;
    static final int HASH_BYTES = 32;
    public static final int NONCE_BYTES = 32;
    public static final int MESH_BYTES = 64;
    public static final int NAME_BYTES = 64;
    public static final int HOST_BYTES = 256;

    /** Of this version's fields; later versions append theirs. */
    public static final int BYTES =
            8
                    + 16
                    + 32
                    + HASH_BYTES
                    + MESH_BYTES
                    + NONCE_BYTES
                    + 4
                    + 320
                    + 4
                    + 1
                    + LifeKey.POINT_BYTES
                    + Token.CLAIMS_BYTES_MAX;

    /** Longest Hello of any version. */
    public static final int BYTES_MAX = 4 * 1024;

    public void write(ByteBuf out) {
        out.writeShort(minVersion).writeShort(maxVersion);
        out.writeInt((authenticates ? AUTHENTICATES : 0) | (canExport ? CAN_EXPORT : 0));
        out.writeLong(offered).writeLong(required);
        out.writeLong(wanted.node()).writeLong(wanted.incarnation());
        out.writeLong(self.id().node()).writeLong(self.id().incarnation());
        out.writeBytes(meshHash);
        writeText(out, mesh, MESH_BYTES);
        out.writeBytes(nonce);
        out.writeShort(role.ordinal()).writeShort(self.port());
        writeText(out, self.name(), NAME_BYTES);
        writeText(out, self.host(), HOST_BYTES);
        out.writeInt(messageBytes);
        out.writeByte(purpose.ordinal());
        out.writeBytes(life);
        out.writeBytes(Arrays.copyOf(claims, Token.CLAIMS_BYTES_MAX));
    }

    /** Reads the fields of this version; what follows them is a later one's. */
    public static Hello read(ByteBuf in) {
        int minVersion = in.readUnsignedShort();
        int maxVersion = in.readUnsignedShort();
        int flags = in.readInt();
        long offered = in.readLong();
        long required = in.readLong();
        MemberId wanted = new MemberId(in.readLong(), in.readLong());
        MemberId id = new MemberId(in.readLong(), in.readLong());
        byte[] meshHash = bytes(in, HASH_BYTES);
        String mesh = text(in, MESH_BYTES);
        byte[] nonce = bytes(in, NONCE_BYTES);
        int role = in.readUnsignedShort();
        int port = in.readUnsignedShort();
        if (role >= Role.values().length) {
            throw new Refused(Refusal.NOT_TULI, "a member's role must be known: role=" + role);
        }
        String name = text(in, NAME_BYTES);
        String host = text(in, HOST_BYTES);
        int messageBytes = in.readInt();
        if (messageBytes < 0) {
            throw new Refused(
                    Refusal.NOT_TULI, "message.bytes is a length: messageBytes=" + messageBytes);
        }
        int purpose = in.readUnsignedByte();
        if (purpose >= Purpose.values().length) {
            throw new Refused(Refusal.NOT_TULI, "a purpose must be known: purpose=" + purpose);
        }
        Role itsRole = Role.values()[role];
        Member self = new Member(id, name, itsRole.inMesh(), host, port);
        return new Hello(
                minVersion,
                maxVersion,
                (flags & AUTHENTICATES) != 0,
                (flags & CAN_EXPORT) != 0,
                offered,
                required,
                meshHash,
                mesh,
                wanted,
                nonce,
                messageBytes,
                Purpose.values()[purpose],
                itsRole,
                self,
                bytes(in, LifeKey.POINT_BYTES),
                claims(in));
    }

    /** Up to the first zero: claims have none. */
    private static byte[] claims(ByteBuf in) {
        byte[] bytes = bytes(in, Token.CLAIMS_BYTES_MAX);
        int length = 0;
        while (length < bytes.length && bytes[length] != 0) {
            length++;
        }
        return Arrays.copyOf(bytes, length);
    }

    public static byte[] bytes(ByteBuf in, int length) {
        byte[] bytes = new byte[length];
        in.readBytes(bytes);
        return bytes;
    }

    /** A text in a field of fixed size, padded with zeros, cut where it is too long. */
    static void writeText(ByteBuf out, String text, int size) {
        out.writeBytes(Arrays.copyOf(text.getBytes(StandardCharsets.UTF_8), size));
    }

    /** Such a text, fit for a log: control characters are shown as question marks. */
    static String text(ByteBuf in, int size) {
        byte[] bytes = bytes(in, size);
        int length = 0;
        while (length < size && bytes[length] != 0) {
            length++;
        }
        String text = new String(bytes, 0, length, StandardCharsets.UTF_8);
        return text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]", "?");
    }
}
