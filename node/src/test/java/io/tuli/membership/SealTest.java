package io.tuli.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuli.Member;
import io.tuli.secret.SecretText;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.EmptyMessage;
import org.jgroups.Message;
import org.jgroups.protocols.PingHeader;
import org.jgroups.stack.Protocol;
import org.junit.jupiter.api.Test;

class SealTest {
    private static final String SECRET = SecretText.generate();
    private static final String OTHER_SECRET = SecretText.generate();

    private static final short ID = 6;

    private final Member a = Members.server("a");
    private final Member b = Members.server("b");

    @Test
    void whatIsSealedIsOpenedWithHeadersByWhoKnowsTheSecret() {
        Message envelope = sent(MeshKey.of("mesh", SECRET), message("hello"));

        Message opened = received(MeshKey.of("mesh", SECRET), envelope).getFirst();

        assertThat(text(opened)).isEqualTo("hello");
        assertThat(opened.<PingHeader>getHeader(ID).type()).isEqualTo(PingHeader.GET_MBRS_REQ);
        assertThat(opened.getSrc()).isEqualTo(address(a));
        assertThat(opened.getDest()).isEqualTo(address(b));
    }

    @Test
    void neitherBodyNorHeadersAreSeenOutside() {
        Message envelope = sent(MeshKey.of("mesh", SECRET), message("hello"));

        assertThat(text(envelope)).doesNotContain("hello").doesNotContain("a-cluster");
        assertThat(envelope.getHeaders()).isEmpty();
    }

    @Test
    void aMessageWithoutBodyIsSealedToo() {
        Message join = new EmptyMessage(address(b)).setSrc(address(a));
        Message envelope = sent(MeshKey.of("mesh", SECRET), join);

        assertThat(envelope.getLength()).isGreaterThan(40);
        assertThat(received(MeshKey.of("mesh", SECRET), envelope)).hasSize(1);
    }

    @Test
    void otherSecretsOtherMeshesAndPlainMessagesAreDropped() {
        MeshKey ours = MeshKey.of("mesh", SECRET);
        Message envelope = sent(ours, message("hello"));

        assertThat(received(MeshKey.of("mesh", OTHER_SECRET), envelope)).isEmpty();
        assertThat(received(MeshKey.of("other", SECRET), envelope)).isEmpty();
        assertThat(received(ours, message("hello"))).isEmpty();
        assertThat(received(ours, new EmptyMessage(address(b)).setSrc(address(a)))).isEmpty();
    }

    @Test
    void everyChangedBitIsNoticed() {
        MeshKey ours = MeshKey.of("mesh", SECRET);
        byte[] sealed = bytes(sent(ours, message("hello")));
        Above above = new Above();
        Seal seal = seal(ours, new Below(), above);

        for (int bit = 0; bit < sealed.length * 8; bit += 3) {
            byte[] changed = sealed.clone();
            changed[bit / 8] ^= (byte) (1 << (bit % 8));

            seal.up(new BytesMessage(address(b), changed).setSrc(address(a)));

            assertThat(above.received).as("bit %d", bit).isEmpty();
        }
    }

    @Test
    void noTwoEnvelopesAreEqual() {
        MeshKey ours = MeshKey.of("mesh", SECRET);
        Below below = new Below();
        Seal seal = seal(ours, below, new Above());

        seal.down(message("hello"));
        seal.down(message("hello"));

        assertThat(bytes(below.sent.get(0))).isNotEqualTo(bytes(below.sent.get(1)));
    }

    @Test
    void aMeshWithoutASecretSealsNothing() {
        assertThatThrownBy(() -> new Seal(MeshKey.of("mesh", ""), a.id()))
                .isInstanceOf(IllegalStateException.class);
    }

    private Message sent(MeshKey key, Message message) {
        Below below = new Below();
        seal(key, below, new Above()).down(message);
        return below.sent.getFirst();
    }

    private List<Message> received(MeshKey key, Message envelope) {
        Above above = new Above();
        seal(key, new Below(), above).up(envelope);
        return above.received;
    }

    private Seal seal(MeshKey key, Below below, Above above) {
        Seal seal = new Seal(key, a.id());
        seal.setDownProtocol(below);
        seal.setUpProtocol(above);
        return seal;
    }

    private Message message(String text) {
        return new BytesMessage(address(b), text.getBytes(StandardCharsets.UTF_8))
                .setSrc(address(a))
                .putHeader(ID, new PingHeader(PingHeader.GET_MBRS_REQ).clusterName("a-cluster"));
    }

    private static Address address(Member member) {
        return MemberAddress.of(
                member, new InetSocketAddress(InetAddress.getLoopbackAddress(), 1_000));
    }

    private static String text(Message message) {
        return new String(bytes(message), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(Message message) {
        byte[] bytes = new byte[message.getLength()];
        System.arraycopy(message.getArray(), message.getOffset(), bytes, 0, bytes.length);
        return bytes;
    }

    private static final class Below extends Protocol {

        final List<Message> sent = new ArrayList<>();

        @Override
        public Object down(Message message) {
            sent.add(message);
            return null;
        }
    }

    private static final class Above extends Protocol {

        final List<Message> received = new ArrayList<>();

        @Override
        public Object up(Message message) {
            received.add(message);
            return null;
        }
    }
}
