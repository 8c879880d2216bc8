package io.tuli.membership;

import java.io.DataInput;
import java.io.IOException;
import java.util.Arrays;
import org.jgroups.BytesMessage;
import org.jgroups.EmptyMessage;
import org.jgroups.Message;
import org.jgroups.ObjectMessage;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.TpHeader;
import org.jgroups.util.ByteArrayDataInputStream;
import org.jgroups.util.Digest;
import org.jgroups.util.SeqnoList;
import org.jgroups.util.Util;

/**
 * Reads control messages of the few forms that members send, and no others: JGroups itself reads
 * whatever a stranger names, a class of the path or a serialized object, and makes room for a
 * length before its bytes are there.
 */
final class StrictReader {

    private static final int FIRST_BYTES = 16 * 1024;

    /** As {@link org.jgroups.BaseMessage} writes them. */
    private static final int HAS_DESTINATION = 1;

    private static final int HAS_SOURCE = 2;

    /** What {@code NAKACK2}, {@code UNICAST3} and {@code STABLE} send of objects. */
    private static final short SEQNO_LIST = ClassConfigurator.getMagicNumber(SeqnoList.class);

    private static final short DIGEST = ClassConfigurator.getMagicNumber(Digest.class);
    private static final short MESH_NAME = ClassConfigurator.getMagicNumber(TpHeader.class);

    static {
        // Nothing of ours is serialized; it has no effect where the program has set its own.
        if (System.getProperty("jgroups.deserialization.filter") == null) {
            System.setProperty("jgroups.deserialization.filter", "!*");
        }
    }

    private final boolean isSealed;

    /**
     * @param isSealed whether all messages are envelopes of {@link Seal}, which have no headers
     */
    StrictReader(boolean isSealed) {
        this.isSealed = isSealed;
    }

    /** So many bytes, in memory that grows as they arrive. */
    static byte[] bytes(DataInput in, int length) throws IOException {
        byte[] bytes = new byte[Math.min(length, FIRST_BYTES)];
        int at = 0;
        while (at < length) {
            if (at == bytes.length) {
                bytes = Arrays.copyOf(bytes, (int) Math.min(length, 2L * bytes.length));
            }
            in.readFully(bytes, at, bytes.length - at);
            at = bytes.length;
        }
        return bytes;
    }

    /**
     * A single message.
     *
     * @throws IOException where it has another form than members send
     */
    Message message(ByteArrayDataInputStream in) throws IOException, ClassNotFoundException {
        short type = in.readShort();
        if (isSealed) {
            requireBareEnvelope(in);
        }
        Message message =
                switch (type) {
                    case Message.BYTES_MSG -> new Bytes(in);
                    case Message.EMPTY_MSG -> new EmptyMessage();
                    case Message.OBJ_MSG -> new Known(in);
                    default -> throw new IOException("a message of type " + type);
                };
        if (isSealed && type != Message.BYTES_MSG) {
            throw new IOException("a message that is not sealed");
        }
        message.readFrom(in);
        return message;
    }

    /** The transport itself puts the mesh's name in a header; what else there is, is sealed. */
    private static void requireBareEnvelope(ByteArrayDataInputStream in)
            throws IOException, ClassNotFoundException {
        int begin = in.position();
        int leading = in.readByte();
        in.readShort(); // flags
        if ((leading & HAS_DESTINATION) != 0) {
            Util.readAddress(in);
        }
        if ((leading & HAS_SOURCE) != 0) {
            Util.readAddress(in);
        }
        int headers = in.readShort();
        boolean isBare = headers == 0;
        if (headers == 1) {
            in.readShort(); // of which protocol
            isBare = in.readShort() == MESH_NAME;
        }
        if (!isBare) {
            throw new IOException("headers outside the seal: " + headers);
        }
        in.position(begin);
    }

    private static int left(ByteArrayDataInputStream in) {
        return in.limit() - in.position();
    }

    /** Bytes that are there. */
    private static final class Bytes extends BytesMessage {

        private final ByteArrayDataInputStream in;

        Bytes(ByteArrayDataInputStream in) {
            this.in = in;
        }

        @Override
        public void readPayload(DataInput payload) throws IOException {
            int size = payload.readInt();
            if (size > left(in)) {
                throw new IOException("a length beyond the message: " + size);
            }
            if (size >= 0) {
                array = new byte[size];
                payload.readFully(array);
                length = size;
            }
        }
    }

    /** An object of a class that is named by a number, and is one of few. */
    private static final class Known extends ObjectMessage {

        private final ByteArrayDataInputStream in;

        Known(ByteArrayDataInputStream in) {
            this.in = in;
        }

        @Override
        public void readPayload(DataInput payload) throws IOException, ClassNotFoundException {
            int begin = in.position();
            if (payload.readByte() != 0) {
                short number = payload.readShort();
                if (number == SEQNO_LIST) {
                    requireThere(payload.readInt() / Byte.SIZE);
                } else if (number == DIGEST) {
                    requireThere(payload.readShort());
                } else {
                    throw new IOException("an object of class " + number);
                }
            }
            in.position(begin);
            super.readPayload(payload);
        }

        private void requireThere(int bytesAtLeast) throws IOException {
            if (bytesAtLeast < 0 || bytesAtLeast > left(in)) {
                throw new IOException("a length beyond the message: " + bytesAtLeast);
            }
        }
    }
}
