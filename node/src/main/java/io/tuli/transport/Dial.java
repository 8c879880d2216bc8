package io.tuli.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.Future;
import io.tuli.LinkStatus;
import io.tuli.Member;
import io.tuli.handshake.Refused;
import io.tuli.protocol.Durations;
import io.tuli.socket.Addresses;
import io.tuli.socket.Channels;
import io.tuli.socket.SameHost;
import io.tuli.socket.SocksRoad;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a link to one peer: dials, and dials again, until it is stopped. Confined to the loop on
 * which its links will live.
 *
 * <p>The first attempt after an established link drops is immediate; each further one waits longer,
 * until a link has held for a while.
 */
final class Dial implements Handshake.Listener {

    /** A link that held for so long was a good one: the next failure is a first failure. */
    private static final long GOOD_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Dialer dialer;
    private final LoopLinks home;
    private final RandomGenerator random;
    private volatile Member peer;
    private boolean isBusy;
    private boolean isStopped;
    private int failures;
    private @Nullable Channel channel;
    private @Nullable Link link;
    private @Nullable Future<?> retry;

    Dial(Dialer dialer, LoopLinks home, Member peer, RandomGenerator random) {
        this.dialer = dialer;
        this.home = home;
        this.peer = peer;
        this.random = random;
    }

    LoopLinks home() {
        return home;
    }

    Member peer() {
        return peer;
    }

    /** Where the peer is now; counts from the next attempt, which is made at once. */
    void moved(Member moved) {
        peer = moved;
        failures = 0;
        if (retry != null && retry.cancel(false)) {
            isBusy = false;
        }
        dial();
    }

    void dial() {
        if (isBusy || isStopped) {
            return;
        }
        isBusy = true;
        retry = null;
        Link existing = dialer.links().find(peer.id());
        if (existing != null) {
            // The peer has dialled us: its link serves both, and when it ends we dial.
            existing.afterDown(() -> home.loop().execute(this::again));
            return;
        }
        dialer.listener().status(peer.id(), LinkStatus.CONNECTING);
        Addresses.resolve(peer.host(), peer.port(), home.loop(), this::connect, this::failed);
    }

    private void again() {
        isBusy = false;
        dial();
    }

    private void connect(InetSocketAddress address) {
        InetSocketAddress proxy = SocksRoad.proxyTo(address);
        boolean mayMeet = proxy == null && dialer.config().sameHost();
        UnixDomainSocketAddress door = mayMeet ? SameHost.doorOf(address) : null;
        if (proxy != null) {
            long nanos = Durations.nanos(dialer.config().times().connect());
            SocksRoad road = new SocksRoad(address, nanos);
            connect(proxy, NioSocketChannel.class, road, this::failed);
        } else if (door != null) {
            connect(door, NioDomainSocketChannel.class, null, dead -> connectTo(address));
        } else {
            connectTo(address);
        }
    }

    private void connectTo(InetSocketAddress port) {
        connect(port, NioSocketChannel.class, null, this::failed);
    }

    private void connect(
            SocketAddress address,
            Class<? extends Channel> type,
            @Nullable SocksRoad road,
            Consumer<String> otherwise) {
        if (isStopped) {
            return;
        }
        TransportConfig config = dialer.config();
        Bootstrap bootstrap =
                new Bootstrap()
                        .group(home.loop())
                        .channel(type)
                        .option(
                                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                                Durations.intMillis(config.times().connect()))
                        .handler(
                                new ChannelInitializer<>() {
                                    @Override
                                    protected void initChannel(Channel made) {
                                        Channels.configure(made, config.limits().outboxBytes());
                                        if (road != null) {
                                            made.pipeline().addLast(road);
                                        }
                                        dialer.handshakes().dialed(made, Dial.this, peer.id());
                                    }
                                });
        ChannelFuture connecting = bootstrap.connect(address);
        channel = connecting.channel();
        connecting.addListener(
                done -> {
                    if (done.isSuccess() && !SameHost.mayMeet(connecting.channel())) {
                        connecting.channel().close();
                        otherwise.accept("another user is at the other end of a socket");
                    } else if (done.isSuccess()) {
                        connecting.channel().closeFuture().addListener(closed -> unlinked());
                    } else {
                        otherwise.accept(String.valueOf(done.cause().getMessage()));
                    }
                });
    }

    @Override
    public void agreed(ChannelHandlerContext ctx, Handshake.Agreed agreed) {
        Link entered = dialer.entrance().enter(ctx, agreed);
        link = entered;
        entered.afterDown(() -> dropped(entered));
    }

    @Override
    public void refused(ChannelHandlerContext ctx, Refused why) {
        dialer.entrance().refused(ctx, why);
    }

    /** The connection has ended; when it was a link, {@link #dropped} comes. */
    private void unlinked() {
        if (link == null) {
            failed("the connection ended during the handshake");
        }
    }

    private void dropped(Link ended) {
        link = null;
        boolean wasGood = ended.wasUp() && System.nanoTime() - ended.upNanos() > GOOD_NANOS;
        if (wasGood) {
            failures = 0;
        }
        retryAfter(ended.wasUp() && failures == 0 ? 0 : delayNanos());
    }

    private void failed(String why) {
        if (!isStopped) {
            dialer.failed(peer, why);
            retryAfter(delayNanos());
        }
    }

    private long delayNanos() {
        return dialer.config().backoff().delayNanos(failures, random);
    }

    private void retryAfter(long nanos) {
        channel = null;
        failures++;
        if (!isStopped) {
            retry = home.loop().schedule(this::again, nanos, TimeUnit.NANOSECONDS);
        }
    }

    /** Dials no more, and ends what there is. */
    void stop(String why) {
        isStopped = true;
        if (retry != null) {
            retry.cancel(false);
        }
        if (link != null) {
            link.finish(why);
        } else if (channel != null) {
            channel.close();
        }
    }
}
