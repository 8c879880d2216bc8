package io.tuli.socket;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How a port is reached: by the door beside it where that is on this machine, through the proxy of
 * this JVM where there is one, else straight. On the loop of the connection.
 *
 * @param loop where the connection lives
 * @param connectNanos how long to connect may take
 * @param usesDoors whether a door may be used
 */
public record Connector(EventLoop loop, long connectNanos, boolean usesDoors) {

    /** Who wants to get there. Called on the loop. */
    public interface Listener {

        /** Whether it still wants to. */
        boolean isOnItsWay();

        /** A channel that is not connected yet. */
        void prepare(Channel made);

        /** It is connected, though maybe to a proxy only. */
        void connected(Channel channel);

        /** There is nobody. */
        void failed(String why);
    }

    /** Connects. */
    public void to(InetSocketAddress port, Listener listener) {
        InetSocketAddress proxy = SocksHandshake.proxyTo(port);
        boolean mayMeet = proxy == null && usesDoors;
        UnixDomainSocketAddress door = mayMeet ? SameHost.doorOf(port) : null;
        if (proxy != null) {
            SocksHandshake socks = new SocksHandshake(port, connectNanos);
            connect(proxy, NioSocketChannel.class, socks, listener, listener::failed);
        } else if (door != null) {
            Consumer<String> otherwise = dead -> straight(port, listener);
            connect(door, NioDomainSocketChannel.class, null, listener, otherwise);
        } else {
            straight(port, listener);
        }
    }

    private void straight(InetSocketAddress port, Listener listener) {
        connect(port, NioSocketChannel.class, null, listener, listener::failed);
    }

    private void connect(
            SocketAddress address,
            Class<? extends Channel> type,
            @Nullable SocksHandshake socks,
            Listener listener,
            Consumer<String> otherwise) {
        if (!listener.isOnItsWay()) {
            return;
        }
        ChannelInitializer<Channel> preparing =
                new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel made) {
                        if (socks != null) {
                            made.pipeline().addLast(socks);
                        }
                        listener.prepare(made);
                    }
                };
        long millis = TimeUnit.NANOSECONDS.toMillis(connectNanos);
        ChannelFuture connecting =
                new Bootstrap()
                        .group(loop)
                        .channel(type)
                        .option(
                                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                                (int) Math.min(Integer.MAX_VALUE, millis))
                        .handler(preparing)
                        .connect(address);
        connecting.addListener(
                done -> {
                    if (done.isSuccess() && !SameHost.mayMeet(connecting.channel())) {
                        connecting.channel().close();
                        otherwise.accept("another user is at the other end of a socket");
                    } else if (done.isSuccess()) {
                        listener.connected(connecting.channel());
                    } else {
                        otherwise.accept(String.valueOf(done.cause().getMessage()));
                    }
                });
    }
}
