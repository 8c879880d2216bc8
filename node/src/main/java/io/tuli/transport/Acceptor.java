package io.tuli.transport;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.Future;
import io.tuli.Failure;
import io.tuli.TuliException;
import io.tuli.handshake.Purpose;
import io.tuli.handshake.Refusal;
import io.tuli.handshake.Refusals;
import io.tuli.handshake.Refused;
import io.tuli.handshake.Strangers;
import io.tuli.socket.AcceptFailures;
import io.tuli.socket.Channels;
import io.tuli.socket.SameHost;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Accepts connections of other members, and of strangers until they are known. */
final class Acceptor implements Handshake.Listener {

    private static final int BACKLOG = 1_024;

    /** Its loop may be held up for ever. */
    private static final long CLOSE_MILLIS = 1_000;

    private final TransportConfig config;
    private final Entrance entrance;
    private final ControlPort controlPort;
    private final Handshakes handshakes;
    private final Refusals refusals;
    private final Strangers strangers = new Strangers();
    private volatile @Nullable Channel server;
    private volatile @Nullable Channel door;
    private volatile boolean isClosing;

    Acceptor(
            TransportConfig config,
            Entrance entrance,
            ControlPort controlPort,
            Handshakes handshakes,
            Refusals refusals) {
        this.config = config;
        this.entrance = entrance;
        this.controlPort = controlPort;
        this.handshakes = handshakes;
        this.refusals = refusals;
    }

    /**
     * Binds, and answers the address that was bound.
     *
     * @param own what connections are accepted on, and stay on unless they become links
     */
    InetSocketAddress bind(InetSocketAddress address, EventLoopGroup own) {
        ServerBootstrap bootstrap =
                new ServerBootstrap()
                        .group(own)
                        .channel(NioServerSocketChannel.class)
                        .option(ChannelOption.SO_BACKLOG, BACKLOG)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childHandler(arrival());
        ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new TuliException(
                    Failure.UNAVAILABLE,
                    "the data port must be free, on an address of this machine: bind="
                            + address.getHostString()
                            + " port="
                            + address.getPort()
                            + "; "
                            + bound.cause().getMessage());
        }
        bound.channel().pipeline().addLast(new AcceptFailures());
        server = bound.channel();
        InetSocketAddress port = (InetSocketAddress) bound.channel().localAddress();
        SameHost.removeDeadDoor(port);
        door = config.meetsAtDoors() ? SameHost.open(port, own, arrival()) : null;
        return port;
    }

    private ChannelInitializer<Channel> arrival() {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                connected(channel);
            }
        };
    }

    private void connected(Channel channel) {
        if (!SameHost.mayMeet(channel)) {
            String why = "another user is at the other end of a socket of this machine";
            refusals.count(channel.remoteAddress(), Refusal.UNEXPECTED_MEMBER, why);
            channel.close();
            return;
        }
        Channel tooOld = strangers.enter(channel);
        if (tooOld != null) {
            String why = "too many connections have not said who they are";
            refusals.count(tooOld.remoteAddress(), Refusal.TOO_MANY, why);
            Gate.close(tooOld);
        }
        channel.closeFuture().addListener(closed -> strangers.leave(channel));
        if (isClosing) {
            channel.close();
            return;
        }
        Channels.configure(channel, config.limits().outboxBytes());
        handshakes.accepted(channel, this);
    }

    @Override
    public void agreed(ChannelHandlerContext ctx, Handshake.Agreed agreed) {
        if (agreed.peer().purpose() == Purpose.CONTROL) {
            strangers.leave(ctx.channel());
            controlPort.agreed(ctx, agreed, null);
        } else {
            move(ctx, agreed);
        }
    }

    /** A link lives on a loop of links, and its connection leaves the one that accepts. */
    private void move(ChannelHandlerContext ctx, Handshake.Agreed agreed) {
        Channel channel = ctx.channel();
        channel.config().setAutoRead(false); // nothing is read on the way
        channel.deregister()
                .addListener(
                        left ->
                                entrance.nextLoop()
                                        .register(channel)
                                        .addListener(there -> arrived(ctx, agreed, there)));
    }

    private void arrived(ChannelHandlerContext ctx, Handshake.Agreed agreed, Future<?> there) {
        strangers.leave(ctx.channel());
        if (there.isSuccess() && !isClosing) {
            entrance.enter(ctx, agreed);
        } else {
            Gate.close(ctx.channel());
        }
    }

    @Override
    public void refused(ChannelHandlerContext ctx, Refused why) {
        if (!Greeter.isItself(why)) {
            entrance.refused(ctx, why);
        }
    }

    /**
     * Accepts nobody any more, and ends what is not a link yet. A connection that is being set up
     * at this moment closes itself: a loop that ends might not look at it again.
     */
    void close() {
        isClosing = true;
        close(door); // before the port: the next member with that port puts its own there
        close(server);
        strangers.all().forEach(Gate::close);
    }

    private static void close(@Nullable Channel bound) {
        if (bound != null) {
            bound.close().awaitUninterruptibly(CLOSE_MILLIS);
        }
    }
}
