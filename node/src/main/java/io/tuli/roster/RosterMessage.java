package io.tuli.roster;

import io.tuli.Member;
import io.tuli.MemberId;
import io.tuli.Payload;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What a Roster frame holds.
 *
 * <pre>
 * message = kind:u8 body
 * view    = count:u16 member*             0: who is there
 * said    = a message of the control channel   1: of the server that sends the frame
 * relayed = node:i64 incarnation:i64, the same 2: of another server
 * member  = node:i64 incarnation:i64 server:u8 port:u16 name:text host:text
 * text    = bytes:u16 UTF-8
 * </pre>
 *
 * Every count is compared with the bytes that are left before anything is allocated for it.
 */
sealed interface RosterMessage {

    int MEMBERS_MAX = 4_096;
    int MEMBER_BYTES_MIN = 16 + 1 + 2 + 2 + 2;
    int TEXT_BYTES_MAX = 256;

    byte VIEW = 0;
    byte SAID = 1;
    byte RELAYED = 2;

    /** Who is there, servers first. */
    record View(List<Member> members) implements RosterMessage {
        public View {
            members = List.copyOf(members);
        }
    }

    /** The server that sends it says this of itself. */
    record Said(byte[] message) implements RosterMessage {}

    /** What another server has said of itself. */
    record Relayed(MemberId of, byte[] message) implements RosterMessage {}

    /** This message as the content of a frame. */
    default Payload encode() {
        return Payload.opaque(
                switch (this) {
                    case View(List<Member> members) -> view(members);
                    case Said(byte[] message) ->
                            ByteBuffer.allocate(1 + message.length).put(SAID).put(message).array();
                    case Relayed(MemberId of, byte[] message) ->
                            ByteBuffer.allocate(1 + 16 + message.length)
                                    .put(RELAYED)
                                    .putLong(of.node())
                                    .putLong(of.incarnation())
                                    .put(message)
                                    .array();
                });
    }

    private static byte[] view(List<Member> members) {
        int most = MEMBER_BYTES_MIN + 2 * TEXT_BYTES_MAX;
        List<Member> first = members.subList(0, Math.min(members.size(), MEMBERS_MAX));
        ByteBuffer out = ByteBuffer.allocate(1 + 2 + first.size() * most);
        out.put(VIEW).putShort((short) first.size());
        for (Member member : first) {
            out.putLong(member.id().node()).putLong(member.id().incarnation());
            out.put((byte) (member.isServer() ? 1 : 0)).putShort((short) member.port());
            putText(out, member.name());
            putText(out, member.host());
        }
        byte[] bytes = new byte[out.position()];
        out.flip().get(bytes);
        return bytes;
    }

    private static void putText(ByteBuffer out, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(utf8.length, TEXT_BYTES_MAX);
        out.putShort((short) length).put(utf8, 0, length);
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws IllegalArgumentException when it is no message
     */
    static RosterMessage decode(Payload content) {
        try {
            ByteBuffer in = ByteBuffer.wrap(content.bytes());
            byte kind = in.get();
            return switch (kind) {
                case VIEW -> view(in);
                case SAID -> new Said(rest(in));
                case RELAYED -> new Relayed(new MemberId(in.getLong(), in.getLong()), rest(in));
                default -> throw new IllegalArgumentException("unknown kind: " + kind);
            };
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("a roster is whole: " + content.sizeBytes(), e);
        }
    }

    private static byte[] rest(ByteBuffer in) {
        byte[] rest = new byte[in.remaining()];
        in.get(rest);
        return rest;
    }

    private static View view(ByteBuffer in) {
        int count = Short.toUnsignedInt(in.getShort());
        if (count > MEMBERS_MAX || count * MEMBER_BYTES_MIN > in.remaining()) {
            throw new IllegalArgumentException("a view holds as many as it says: " + count);
        }
        List<Member> members = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            MemberId id = new MemberId(in.getLong(), in.getLong());
            Member.Role role = in.get() == 1 ? Member.Role.SERVER : Member.Role.CLIENT;
            int port = Short.toUnsignedInt(in.getShort());
            members.add(new Member(id, text(in), role, text(in), port));
        }
        if (in.hasRemaining()) {
            throw new IllegalArgumentException("nothing follows a view: " + in.remaining());
        }
        return new View(members);
    }

    private static String text(ByteBuffer in) {
        int length = Short.toUnsignedInt(in.getShort());
        if (length > TEXT_BYTES_MAX || length > in.remaining()) {
            throw new IllegalArgumentException("a text is as long as it says: " + length);
        }
        byte[] utf8 = new byte[length];
        in.get(utf8);
        return new String(utf8, StandardCharsets.UTF_8);
    }
}
