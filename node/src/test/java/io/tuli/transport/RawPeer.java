package io.tuli.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.tuli.Limits;
import io.tuli.Member;
import io.tuli.MemberId;
import io.tuli.handshake.Greeting;
import io.tuli.handshake.Hello;
import io.tuli.handshake.Proof;
import io.tuli.handshake.Refused;
import io.tuli.handshake.Tls;
import io.tuli.handshake.TlsSocket;
import io.tuli.handshake.Transcript;
import io.tuli.handshake.WireVersions;
import io.tuli.protocol.Frame;
import io.tuli.secret.LifeKey;
import io.tuli.secret.Role;
import io.tuli.wire.FrameDecoder;
import io.tuli.wire.FrameEncoder;
import io.tuli.wire.WireLimits;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.util.concurrent.ThreadLocalRandom;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** The far end of a connection, byte by byte, as honest or as hostile as a test wants it. */
public final class RawPeer implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 10_000;

    private final FrameDecoder decoder = new FrameDecoder(WireLimits.of(Limits.defaults()));
    private final ByteBuf received = Unpooled.buffer();
    private Socket socket;
    private Member self;
    private final Member target;

    private RawPeer(Member target, Member self, int receiveBytes) throws IOException {
        this.target = target;
        this.self = self;
        this.socket = new Socket();
        if (receiveBytes > 0) {
            socket.setReceiveBufferSize(receiveBytes);
        }
        socket.connect(TestMember.loopback(target.port()), TIMEOUT_MILLIS);
        socket.setSoTimeout(TIMEOUT_MILLIS);
    }

    public static RawPeer connect(Member target) throws IOException {
        MemberId id = new MemberId(2, ThreadLocalRandom.current().nextLong());
        return connect(target, new Member(id, "raw", Member.Role.CLIENT, "127.0.0.1", 0));
    }

    public static RawPeer connect(Member target, Member self) throws IOException {
        return new RawPeer(target, self, 0);
    }

    /** One whose system takes little before its program reads. */
    static RawPeer narrow(Member target, int receiveBytes) throws IOException {
        MemberId id = new MemberId(2, ThreadLocalRandom.current().nextLong());
        Member self = new Member(id, "narrow", Member.Role.CLIENT, "127.0.0.1", 0);
        return new RawPeer(target, self, receiveBytes);
    }

    /** The same, encrypted, as the member that lives the life that is shown. */
    RawPeer encrypted() throws IOException {
        self = living(self);
        socket = TlsSocket.over(socket);
        return this;
    }

    /** A member of this life. */
    static Member living(Member member) {
        long life = LifeKey.incarnation(TlsSocket.LIFE.point());
        MemberId id = new MemberId(member.id().node(), life);
        return new Member(id, member.name(), member.role(), member.host(), member.port());
    }

    /** What its proofs cover besides the messages. */
    Transcript.Binding binding() {
        return socket instanceof SSLSocket encrypted
                ? Tls.binding(encrypted.getSession(), true, Tls.canExport())
                : Transcript.Binding.of(Transcript.Kind.CLEAR);
    }

    Member self() {
        return self;
    }

    /** A handshake without a secret, to its end. */
    public void handshake(String mesh) throws IOException {
        handshake(mesh, Role.of(self.role()));
    }

    /** The same, in that role. */
    public void handshake(String mesh, Role role) throws IOException {
        TransportConfig config = TransportConfig.of(mesh, self, null).role(role);
        Greeter greeter = new Greeter(config, WireVersions.CURRENT);
        sendHello(greeter.hello(target.id()));
        expect(Greeting.CHALLENGE);
        send(Greeting.PROOF.begin().writeZero(Greeting.PROOF_BYTES));
        expect(Greeting.WELCOME);
    }

    /** The proof that a holder of the secret owes after its hello, when the challenge has come. */
    byte[] proofOf(Greeter greeter, Hello hello) throws IOException {
        return proofOf(greeter, hello, binding());
    }

    byte[] proofOf(Greeter greeter, Hello hello, Transcript.Binding over) throws IOException {
        ByteBuf first = Greeting.HELLO.begin();
        hello.write(first);
        ByteBuf challenge = expect(Greeting.CHALLENGE);
        byte[] transcript =
                Transcript.of(
                        over,
                        ByteBufUtil.getBytes(first),
                        ByteBufUtil.getBytes(challenge, 0, challenge.writerIndex()));
        ByteBuf proof = Unpooled.buffer(Greeting.PROOF_BYTES);
        Proof.ofDialer(greeter.first(), null, transcript).write(proof);
        return ByteBufUtil.getBytes(proof);
    }

    void sendHello(Hello hello) throws IOException {
        ByteBuf message = Greeting.HELLO.begin();
        hello.write(message);
        send(message);
    }

    /** Reads one message of a handshake; its content. */
    ByteBuf expect(Greeting kind) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        byte[] header = new byte[8];
        in.readFully(header);
        ByteBuf read = Unpooled.buffer().writeBytes(header);
        byte[] content = new byte[read.getUnsignedShort(6)];
        in.readFully(content);
        read.writeBytes(content);
        Greeting got = Greeting.next(read, kind);
        if (got != kind) {
            throw new IOException("another message came: " + got);
        }
        return read;
    }

    /** Reads until a frame is there. */
    public Frame receive() throws IOException {
        byte[] some = new byte[4096];
        while (true) {
            Frame frame = decoder.next(received);
            if (frame != null) {
                return frame;
            }
            int count = socket.getInputStream().read(some);
            if (count < 0) {
                throw new IOException("the other side has closed");
            }
            received.discardReadBytes().writeBytes(some, 0, count);
        }
    }

    public void send(Frame frame) throws IOException {
        ByteBuf bytes = Unpooled.buffer();
        new FrameEncoder(WireLimits.of(Limits.defaults())).encode(frame, bytes);
        send(bytes);
    }

    void send(ByteBuf bytes) throws IOException {
        bytes.readBytes(socket.getOutputStream(), bytes.readableBytes());
    }

    public void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** Says no more, but goes on listening. */
    public void closeHalf() throws IOException {
        socket.shutdownOutput();
    }

    /** Breaks the connection off: the other side gets a reset, not an end. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** Whether the other side closes; waits for it. */
    public boolean isClosedByPeer() throws IOException {
        try {
            byte[] rest = new byte[4096];
            while (socket.getInputStream().read(rest) >= 0) {
                // what it said before
            }
            return true;
        } catch (SocketException reset) {
            return true;
        }
    }

    /** The first message that came, if any, before the other side closed. */
    @Nullable Refused refusal() throws IOException {
        return Greeting.readRefuse(expect(Greeting.REFUSE));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
