package io.tuli.membership;

import java.io.DataInput;
import java.io.IOException;
import org.jgroups.BytesMessage;
import org.jgroups.EmptyMessage;
import org.jgroups.Message;
import org.jgroups.ObjectMessage;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.util.ByteArrayDataInputStream;
import org.jgroups.util.Digest;
import org.jgroups.util.SeqnoList;

/**
 * Reads control messages of the few forms that members send, and no others: JGroups itself reads
 * whatever a stranger names, a class of the path or a serialized object, and makes room for a
 * length before its bytes are there.
 */
final class StrictReader {

    /** What {@code NAKACK2}, {@code UNICAST3} and {@code STABLE} send of objects. */
    private static final short SEQNO_LIST = ClassConfigurator.getMagicNumber(SeqnoList.class);

    private static final short DIGEST = ClassConfigurator.getMagicNumber(Digest.class);

    static {
        // Nothing of ours is serialized; it has no effect where the program has set its own.
        if (System.getProperty("jgroups.deserialization.filter") == null) {
            System.setProperty("jgroups.deserialization.filter", "!*");
        }
    }

    /**
     * A single message.
     *
     * @throws IOException where it has another form than members send
     */
    Message message(ByteArrayDataInputStream in) throws IOException, ClassNotFoundException {
        short type = in.readShort();
        Message message =
                switch (type) {
                    case Message.BYTES_MSG -> new Bytes(in);
                    case Message.EMPTY_MSG -> new EmptyMessage();
                    case Message.OBJ_MSG -> new Known(in);
                    default -> throw new IOException("a message of type " + type);
                };
        message.readFrom(in);
        return message;
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
