package io.tuli.handshake;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tuli.secret.LifeKey;
import org.jspecify.annotations.Nullable;

/**
 * One message of the handshake: magic, kind, size, content. Its first eight bytes are the same in
 * every wire version ever.
 */
public enum Greeting {
    /** The dialling side presents itself. */
    HELLO(Hello.BYTES, Hello.BYTES_MAX),
    /** The accepting side says nothing of itself yet: the version chosen, and a nonce. */
    CHALLENGE(Challenge.BYTES, Hello.BYTES_MAX),
    /** The dialling side shows what it knows; zeros for what it does not. */
    PROOF(Greeting.PROOF_BYTES, Greeting.PROOF_BYTES),
    /** The sender will not talk, and says why. */
    REFUSE(Greeting.REFUSE_BYTES, Hello.BYTES_MAX),
    /** The accepting side presents itself, and shows what it knows, too. */
    WELCOME(Hello.BYTES + Greeting.PROOF_BYTES, Hello.BYTES_MAX);

    public static final int MAC_BYTES = 32;

    /** A MAC by the secret, and a signature by the key of the life. */
    public static final int PROOF_BYTES = MAC_BYTES + LifeKey.SIGNATURE_BYTES;

    static final int TEXT_BYTES = 252;

    private static final int MAGIC = 0x54554c49; // TULI
    private static final int HEADER_BYTES = 8;
    private static final int REFUSE_BYTES = 4 + TEXT_BYTES;

    private final int bytesMin;
    private final int bytesMax;

    Greeting(int bytesMin, int bytesMax) {
        this.bytesMin = bytesMin;
        this.bytesMax = bytesMax;
    }

    /** Begins a message of this kind with content of its least size, which the caller writes. */
    public ByteBuf begin() {
        ByteBuf out = Unpooled.buffer(HEADER_BYTES + bytesMin, HEADER_BYTES + bytesMin);
        return out.writeInt(MAGIC).writeShort(ordinal()).writeShort(bytesMin);
    }

    /** Whether these are the first bytes of a message in clear, as far as they are there. */
    public static boolean isInClear(ByteBuf in) {
        return in.isReadable() && in.getByte(in.readerIndex()) == (byte) (MAGIC >>> 24);
    }

    /**
     * The kind of the message at the reader index, which moves to its content; null while it has
     * not arrived as a whole.
     *
     * @throws Refused NOT_TULI as soon as the bytes are none of the kinds expected
     */
    public static @Nullable Greeting next(ByteBuf in, Greeting expected) {
        int at = in.readerIndex();
        requireMagic(in);
        if (in.readableBytes() < HEADER_BYTES) {
            return null;
        }
        int code = in.getUnsignedShort(at + 4);
        int size = in.getUnsignedShort(at + 6);
        if (code != expected.ordinal() && code != REFUSE.ordinal()) {
            throw new Refused(Refusal.NOT_TULI, "not what comes next in a handshake: " + code);
        }
        Greeting kind = code == REFUSE.ordinal() ? REFUSE : expected;
        if (size < kind.bytesMin || size > kind.bytesMax) {
            throw new Refused(
                    Refusal.NOT_TULI, "a handshake message has another size: size=" + size);
        }
        if (in.readableBytes() < HEADER_BYTES + size) {
            return null;
        }
        in.skipBytes(HEADER_BYTES);
        return kind;
    }

    /** The size of the content of the message whose content begins at the reader index. */
    public static int sizeOf(ByteBuf content) {
        return content.getUnsignedShort(content.readerIndex() - 2);
    }

    private static void requireMagic(ByteBuf in) {
        int there = Math.min(Integer.BYTES, in.readableBytes());
        for (int i = 0; i < there; i++) {
            byte wanted = (byte) (MAGIC >>> (24 - 8 * i));
            if (in.getByte(in.readerIndex() + i) != wanted) {
                throw new Refused(Refusal.NOT_TULI, "the first bytes are not those of a member");
            }
        }
    }

    /** A refusal as a message. */
    public static ByteBuf refuse(Refusal refusal, String why) {
        ByteBuf out = REFUSE.begin();
        out.writeInt(refusal.ordinal());
        Hello.writeText(out, why, TEXT_BYTES);
        return out;
    }

    /**
     * The refusal at the reader index, if that is what the other side said after the handshake was
     * done here; null if not. No frame begins like it: its length would be beyond all limits.
     */
    public static @Nullable Refused lateRefusal(ByteBuf in) {
        int at = in.readerIndex();
        boolean isRefusal =
                in.readableBytes() >= HEADER_BYTES + REFUSE_BYTES
                        && in.getInt(at) == MAGIC
                        && in.getUnsignedShort(at + 4) == REFUSE.ordinal();
        return isRefusal ? readRefuse(in.skipBytes(HEADER_BYTES)) : null;
    }

    /** The refusal that a message's content tells of. */
    public static Refused readRefuse(ByteBuf content) {
        int code = content.readInt();
        Refusal[] known = Refusal.values();
        Refusal refusal = code >= 0 && code < known.length ? known[code] : Refusal.NOT_TULI;
        return new Refused(refusal, "the other side said: " + Hello.text(content, TEXT_BYTES));
    }
}
