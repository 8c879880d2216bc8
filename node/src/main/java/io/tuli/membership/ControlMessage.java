package io.tuli.membership;

import io.tuli.ServiceDescription;
import io.tuli.agreement.Announcement;
import io.tuli.agreement.Confirmation;
import io.tuli.agreement.Life;
import io.tuli.agreement.Offer;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What members say on the control channel, and its bytes.
 *
 * <pre>
 * message  = format:u8 kind:u8 body
 * announce = wanting:u8 version:i64 rings count:u16 offer*
 * confirm  = heard:i64 version:i64
 * offer    = service:text partitions:i32 flags:u8 digest:text described:u16 bytes kept?
 * rings    = see {@link RingTable}
 * kept     = boot:i64 generation:i64 ring:u16, where a flag says so
 * text     = bytes:u8 UTF-8
 * </pre>
 *
 * Every length and count is checked against what is left and against its limit before anything is
 * allocated. Whatever is not exactly this is refused with an {@link IllegalArgumentException}.
 */
public sealed interface ControlMessage {

    /**
     * I say this about myself.
     *
     * @param isWanting whether who hears it shall confirm
     */
    record Announce(Announcement announcement, boolean isWanting) implements ControlMessage {}

    /** I have heard you. */
    record Confirm(Confirmation confirmation) implements ControlMessage {}

    /** I have not heard you; say it again. */
    record Ask() implements ControlMessage {}

    /** Changes when the bytes do; members with another one do not hear each other. */
    byte FORMAT = 2;

    byte ANNOUNCE = 1;
    byte ASK = 2;
    byte CONFIRM = 3;
    byte WANTING = 1;
    byte SERVING = 1;
    byte LEAVING = 2;
    byte KEPT = 4;
    byte RUNNING = 8;
    byte DAMAGED = 16;
    int OFFER_BYTES_MIN = 1 + 1 + 4 + 1 + 1 + 2;

    /** Without its description. */
    int OFFER_BYTES_MAX =
            OFFER_BYTES_MIN
                    - 1
                    + Offer.SERVICE_BYTES_MAX
                    + Offer.DIGEST_BYTES_MAX
                    + RingTable.KEPT_BYTES;

    /** The bytes of this message. */
    default byte[] encode() {
        return switch (this) {
            case Ask() -> new byte[] {FORMAT, ASK};
            case Announce announce -> encode(announce);
            case Confirm(Confirmation(long heard, long version)) ->
                    ByteBuffer.allocate(2 + 8 + 8)
                            .put(FORMAT)
                            .put(CONFIRM)
                            .putLong(heard)
                            .putLong(version)
                            .array();
        };
    }

    private static byte[] encode(Announce announce) {
        Announcement announcement = announce.announcement();
        List<Offer> offers = announcement.offers();
        int described = offers.stream().mapToInt(offer -> offer.description().bytes()).sum();
        RingTable rings = RingTable.of(offers);
        int size = 2 + 1 + 8 + rings.bytes() + 2 + offers.size() * OFFER_BYTES_MAX + described;
        ByteBuffer out = ByteBuffer.allocate(size);
        out.put(FORMAT).put(ANNOUNCE).put(announce.isWanting() ? WANTING : 0);
        out.putLong(announcement.version());
        rings.put(out);
        out.putShort((short) offers.size());
        for (Offer offer : offers) {
            putText(out, offer.service());
            out.putInt(offer.partitions());
            out.put(flags(offer));
            putText(out, offer.settingsDigest());
            byte[] form = offer.description().form();
            out.putShort((short) form.length).put(form);
            rings.put(out, offer.life());
        }
        byte[] bytes = new byte[out.position()];
        out.flip().get(bytes);
        return bytes;
    }

    private static byte flags(Offer offer) {
        int flags = (offer.serving() ? SERVING : 0) | (offer.leaving() ? LEAVING : 0);
        Life life = offer.life();
        if (life != null) {
            flags |= KEPT | (life.isRunning() ? RUNNING : 0) | (life.isDamaged() ? DAMAGED : 0);
        }
        return (byte) flags;
    }

    private static void putText(ByteBuffer out, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.put((byte) utf8.length).put(utf8);
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws IllegalArgumentException when these bytes are no message
     */
    static ControlMessage decode(byte[] bytes) {
        try {
            ByteBuffer in = ByteBuffer.wrap(bytes);
            refuseUnless(in.get() == FORMAT, "the format of a control message is 2", bytes[0]);
            byte kind = in.get();
            ControlMessage message =
                    switch (kind) {
                        case ANNOUNCE -> announce(in);
                        case ASK -> new Ask();
                        case CONFIRM -> confirm(in);
                        default -> throw new IllegalArgumentException("unknown kind: " + kind);
                    };
            refuseUnless(!in.hasRemaining(), "nothing follows a message", in.remaining());
            return message;
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("a control message is whole: " + bytes.length, e);
        }
    }

    private static Confirm confirm(ByteBuffer in) {
        return new Confirm(new Confirmation(in.getLong(), in.getLong()));
    }

    private static Announce announce(ByteBuffer in) {
        byte wanting = in.get();
        refuseUnless((wanting & ~WANTING) == 0, "an announcement wants or does not", wanting);
        return new Announce(announcement(in), wanting == WANTING);
    }

    private static Announcement announcement(ByteBuffer in) {
        long version = in.getLong();
        RingTable rings = RingTable.read(in);
        int count = Short.toUnsignedInt(in.getShort());
        refuseUnless(
                count <= Announcement.OFFERS_MAX && count * OFFER_BYTES_MIN <= in.remaining(),
                "an announcement holds as many offers as it says, at most 500",
                count);
        List<Offer> offers = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            String service = text(in);
            int partitions = in.getInt();
            byte flags = in.get();
            refuseUnless((flags & ~(2 * DAMAGED - 1)) == 0, "flags are 0..31", flags);
            boolean serving = (flags & SERVING) != 0;
            boolean leaving = (flags & LEAVING) != 0;
            String digest = text(in);
            ServiceDescription description = description(in);
            Life life = (flags & KEPT) == 0 ? null : rings.life(in, flags);
            refuseUnless(
                    life != null || (flags & (RUNNING | DAMAGED)) == 0,
                    "who keeps nothing has no other life",
                    flags);
            offers.add(new Offer(service, partitions, serving, leaving, digest, description, life));
        }
        refuseUnless(rings.isUsed(), "every ring is somebody's", offers.size());
        return new Announcement(version, offers);
    }

    private static ServiceDescription description(ByteBuffer in) {
        int length = Short.toUnsignedInt(in.getShort());
        refuseUnless(
                length <= ServiceDescription.BYTES_MOST && length <= in.remaining(),
                "a description is as long as it says, at most 2048",
                length);
        byte[] form = new byte[length];
        in.get(form);
        return ServiceDescription.read(form);
    }

    private static String text(ByteBuffer in) {
        int length = Byte.toUnsignedInt(in.get());
        refuseUnless(length <= in.remaining(), "a text is as long as it says", length);
        ByteBuffer utf8 = in.slice(in.position(), length);
        in.position(in.position() + length);
        try {
            CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(utf8);
            return text.toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("a text is UTF-8", e);
        }
    }

    private static void refuseUnless(boolean kept, String rule, int fact) {
        if (!kept) {
            throw new IllegalArgumentException(rule + ": " + fact);
        }
    }
}
