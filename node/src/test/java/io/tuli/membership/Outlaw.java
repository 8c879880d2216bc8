package io.tuli.membership;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.tuli.Member;
import io.tuli.handshake.Refusal;
import io.tuli.transport.ControlPort;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jgroups.Message;
import org.jgroups.util.ByteArray;
import org.jgroups.util.ByteArrayDataOutputStream;
import org.jgroups.util.Util;
import org.jspecify.annotations.Nullable;

/** Who may connect to members, and then says whatever a test wants. */
final class Outlaw implements ControlPort.Listener, AutoCloseable {

    final List<Channel> channels = new CopyOnWriteArrayList<>();
    final List<Refusal> refusals = new CopyOnWriteArrayList<>();
    final AtomicLong heard = new AtomicLong();
    private final String mesh;
    private final Seat seat;
    private final Member self;

    Outlaw(String mesh, String secret) {
        this.mesh = mesh;
        this.self = Members.server("outlaw");
        this.seat = Seat.of(MembershipConfig.of(mesh), secret, self);
        seat.transport().controlPort().listen(this);
    }

    String mesh() {
        return mesh;
    }

    Member self() {
        return self;
    }

    int port() {
        return seat.port();
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port());
    }

    void dial(int port) {
        seat.transport()
                .controlPort()
                .dial(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    /** On its newest connection. */
    Channel channel() {
        return channels.getLast();
    }

    void say(byte[] bytes) {
        Channel channel = channel();
        ByteBuf out = channel.alloc().buffer(Integer.BYTES + bytes.length);
        channel.writeAndFlush(out.writeInt(bytes.length).writeBytes(bytes));
    }

    /** As JGroups writes it. */
    void say(Message message) throws Exception {
        ByteArrayDataOutputStream out = new ByteArrayDataOutputStream(1_000);
        Util.writeMessage(message, out, message.getDest() == null);
        ByteArray bytes = out.getBuffer();
        byte[] exact = new byte[bytes.getLength()];
        System.arraycopy(bytes.getArray(), bytes.getOffset(), exact, 0, exact.length);
        say(exact);
    }

    @Override
    public ChannelHandler proven(Channel channel, Member peer, @Nullable InetSocketAddress dialed) {
        channels.add(channel);
        return new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                heard.addAndGet(((ByteBuf) message).readableBytes());
                ((ByteBuf) message).release();
            }
        };
    }

    @Override
    public void failed(InetSocketAddress dialed, @Nullable Refusal refusal) {
        if (refusal != null) {
            refusals.add(refusal);
        }
    }

    @Override
    public void close() {
        seat.close();
    }
}
