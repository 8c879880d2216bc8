package io.tuli.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serial;
import java.io.Serializable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.CompositeMessage;
import org.jgroups.EmptyMessage;
import org.jgroups.LongMessage;
import org.jgroups.Message;
import org.jgroups.NioMessage;
import org.jgroups.ObjectMessage;
import org.jgroups.protocols.PingHeader;
import org.jgroups.util.ByteArrayDataInputStream;
import org.jgroups.util.ByteArrayDataOutputStream;
import org.jgroups.util.SeqnoList;
import org.junit.jupiter.api.Test;

/** G1, G2: of what reaches the control port nothing is read but what members send. */
class StrictReaderTest {

    private static final AtomicInteger READ = new AtomicInteger();
    private static final short ID = 6;

    private final Address to = address("a");
    private final Address from = address("b");

    /** Tells that it was made of bytes. */
    static final class Trap implements Serializable {
        @Serial private static final long serialVersionUID = 1;

        @Serial
        private void readObject(ObjectInputStream in) {
            READ.incrementAndGet();
        }
    }

    @Test
    void whatMembersSendIsReadAsItWas() throws Exception {
        byte[] text = "hello".getBytes(StandardCharsets.UTF_8);
        Message bytes = new BytesMessage(to, text).setSrc(from);
        bytes.putHeader(ID, new PingHeader(PingHeader.GET_MBRS_REQ));
        Message read = read(bytes);
        assertThat(read.getArray()).startsWith(text);
        assertThat(read.getLength()).isEqualTo(text.length);
        assertThat(read.getSrc()).isEqualTo(from);
        assertThat(read.getDest()).isEqualTo(to);
        assertThat(read.<PingHeader>getHeader(ID).type()).isEqualTo(PingHeader.GET_MBRS_REQ);

        assertThat(read(new EmptyMessage(to))).isInstanceOf(EmptyMessage.class);
        SeqnoList missing = new SeqnoList(100).add(7L);
        SeqnoList got = read(new ObjectMessage(to, missing)).getObject();
        assertThat(got).containsExactly(7L);
    }

    @Test
    void aSerializedObjectIsNotRead() throws Exception {
        Message hostile = new ObjectMessage(to, new Trap());
        assertThatThrownBy(() -> read(hostile)).isInstanceOf(IOException.class);
        assertThat(READ).hasValue(0);

        byte[] written = written(hostile);
        ByteArrayDataInputStream afterType =
                new ByteArrayDataInputStream(written, 2, written.length - 2);
        assertThatThrownBy(() -> new ObjectMessage().readFrom(afterType))
                .as("JGroups' own filter refuses it, too")
                .isNotInstanceOf(AssertionError.class);
        assertThat(READ).hasValue(0);
    }

    @Test
    void messagesOfFormsThatNoMemberSendsAreRefused() {
        List<Message> hostile =
                List.of(
                        new LongMessage(to, 1),
                        new NioMessage(to),
                        new CompositeMessage(to, new EmptyMessage(to)));
        for (Message each : hostile) {
            assertThatThrownBy(() -> read(each)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aLengthTakesNoRoomBeforeItsBytesAreThere() throws IOException {
        byte[] message = written(new BytesMessage(to, new byte[] {1, 2, 3}));
        message[message.length - 7] = 0x03; // of the length of 3 bytes
        assertThatThrownBy(() -> new StrictReader().message(in(message)))
                .hasMessageContaining("a length beyond the message");

        byte[] list = written(new ObjectMessage(to, new SeqnoList(100).add(7L)));
        int size = list.length - 2 * Long.BYTES - Long.BYTES - Integer.BYTES; // words, offset
        ByteBuffer.wrap(list).putInt(size, Integer.MAX_VALUE);
        assertThatThrownBy(() -> new StrictReader().message(in(list)))
                .hasMessageContaining("a length beyond the message");
    }

    @Test
    void anyBytesAreReadOrRefused() throws IOException {
        byte[] message = written(new BytesMessage(to, new byte[] {1, 2, 3}).setSrc(from));
        for (int at = 0; at < message.length; at++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] changed = message.clone();
                changed[at] ^= (byte) (1 << bit);
                assertThatCode(
                                () -> {
                                    try {
                                        new StrictReader().message(in(changed));
                                    } catch (IOException
                                            | ClassNotFoundException
                                            | RuntimeException refused) {
                                        assertThat(refused).isNotNull();
                                    }
                                })
                        .as("at=%s bit=%s", at, bit)
                        .doesNotThrowAnyException();
            }
        }
    }

    private static Address address(String name) {
        return MemberAddress.of(
                Members.server(name), new InetSocketAddress(InetAddress.getLoopbackAddress(), 1));
    }

    private static Message read(Message message) throws IOException, ClassNotFoundException {
        return new StrictReader().message(in(written(message)));
    }

    private static ByteArrayDataInputStream in(byte[] bytes) {
        return new ByteArrayDataInputStream(bytes, 0, bytes.length);
    }

    /** With its type, as it is on the wire after version and flags. */
    private static byte[] written(Message message) throws IOException {
        ByteArrayDataOutputStream out = new ByteArrayDataOutputStream();
        out.writeShort(message.getType());
        message.writeTo(out);
        byte[] bytes = new byte[out.position()];
        System.arraycopy(out.buffer(), 0, bytes, 0, bytes.length);
        return bytes;
    }
}
