package io.tuli.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.tuli.Failure;
import io.tuli.TuliException;
import io.tuli.header.Cors;
import io.tuli.header.Proxies;
import io.tuli.invoke.Connection;
import io.tuli.protocol.Thrown;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * Takes connections of strangers on loops of a member, and has their requests answered by the first
 * route that takes them. Thread-safe.
 */
public final class HttpServer implements AutoCloseable {

    private static final int BACKLOG = 1024;
    private static final long LOOK_MILLIS = 5;

    /**
     * What a server is made with.
     *
     * @param door accepts
     * @param loops everything else happens on
     * @param routes asked in their order
     * @param callsMax of one connection in flight
     * @param tls null where it speaks in clear
     * @param proxies whose word counts for who a client is
     */
    public record Setting(
            EventLoopGroup door,
            EventLoopGroup loops,
            List<Route> routes,
            Cors cors,
            HttpLimits limits,
            int callsMax,
            @Nullable TlsPort tls,
            Proxies proxies) {}

    private final Setting setting;
    private final HttpContext context;
    private final AtomicInteger connections = new AtomicInteger();
    private final Map<String, Integer> byAddress = new ConcurrentHashMap<>();
    private volatile @Nullable Channel listening;

    /** Takes nothing before {@link #start}. */
    public HttpServer(Setting setting) {
        this.setting = setting;
        this.context =
                new HttpContext(
                        setting.routes(),
                        setting.cors(),
                        setting.limits(),
                        setting.proxies(),
                        setting.loops());
    }

    /**
     * Begins to take connections. May block.
     *
     * @return the address bound
     * @throws TuliException UNAVAILABLE when the port is taken
     */
    public InetSocketAddress start(InetSocketAddress bind) {
        ChannelFuture bound =
                new ServerBootstrap()
                        .group(setting.door(), setting.loops())
                        .channel(NioServerSocketChannel.class)
                        .option(ChannelOption.SO_BACKLOG, BACKLOG)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childHandler(new Admission())
                        .bind(bind)
                        .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new TuliException(
                    Failure.UNAVAILABLE,
                    "the gateway's port must be free: "
                            + bind
                            + " because "
                            + Thrown.text(bound.cause())
                            + "; port 0 takes any");
        }
        listening = bound.channel();
        if (setting.tls() != null) {
            setting.tls().start();
        }
        return (InetSocketAddress) bound.channel().localAddress();
    }

    /** Lets a connection in, or closes it. */
    private final class Admission extends ChannelInitializer<SocketChannel> {

        @Override
        protected void initChannel(SocketChannel channel) {
            String address = address(channel.remoteAddress());
            int open = connections.incrementAndGet();
            int near = byAddress.merge(address, 1, Integer::sum);
            channel.closeFuture().addListener(closed -> left(address));
            HttpLimits limits = setting.limits();
            if (context.isClosing()
                    || open > limits.connections()
                    || (near > limits.connectionsPerAddress() && !setting.proxies().has(address))) {
                channel.close();
                return;
            }
            Connection connection =
                    new Connection("rest", address, channel.eventLoop(), setting.callsMax());
            TlsPort tls = setting.tls();
            if (tls == null) {
                speakHttp1(channel, connection);
            } else {
                SslHandler handler = tls.handler(limits.within().headers());
                channel.pipeline().addLast(handler, new Agreement(handler.engine(), connection));
            }
        }
    }

    private void speakHttp1(Channel channel, Connection connection) {
        StrictDecoder decoder = new StrictDecoder();
        channel.pipeline()
                .addLast(decoder)
                .addLast(new HttpResponseEncoder())
                .addLast(new HttpConnection(context, decoder, connection));
    }

    /** Waits for the handshake, then speaks what has been agreed upon. Confined to its loop. */
    private final class Agreement extends ChannelInboundHandlerAdapter implements Watched {

        private final SSLEngine engine;
        private final Connection connection;
        private @Nullable Channel channel;

        Agreement(SSLEngine engine, Connection connection) {
            this.engine = engine;
            this.connection = connection;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext added) {
            channel = added.channel();
            context.opened(this, connection.loop());
        }

        @Override
        public void handlerRemoved(ChannelHandlerContext removed) {
            context.closed(this, connection.loop());
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext at, Object event) {
            if (event instanceof SslHandshakeCompletionEvent done && done.isSuccess()) {
                if (TlsPort.H2.equals(engine.getApplicationProtocol())) {
                    StreamsConnection.begin(context, connection, at.channel());
                } else {
                    speakHttp1(at.channel(), connection);
                }
                at.pipeline().remove(this);
            } else {
                at.fireUserEventTriggered(event);
            }
        }

        /** It speaks another language, or breaks this one. */
        @Override
        public void exceptionCaught(ChannelHandlerContext at, Throwable broken) {
            at.close();
        }

        /** The handshake has a time of its own. */
        @Override
        public void look(long nowNanos) {}

        @Override
        public void retire() {
            abort();
        }

        @Override
        public void abort() {
            Channel open = channel;
            if (open != null) {
                open.close();
            }
        }
    }

    private static String address(@Nullable InetSocketAddress remote) {
        return remote == null || remote.getAddress() == null
                ? "unknown"
                : remote.getAddress().getHostAddress();
    }

    private void left(String address) {
        connections.decrementAndGet();
        byAddress.computeIfPresent(address, (same, count) -> count == 1 ? null : count - 1);
    }

    /** How many connections there are. */
    public int connections() {
        return connections.get();
    }

    /** Bytes of bodies that are held. */
    public long waitingBytes() {
        return context.waitingBytes();
    }

    /**
     * How many responses there were.
     *
     * @param statusClass 2 for 200 to 299, and so on
     */
    public long responses(int statusClass) {
        return context.responses(statusClass);
    }

    // ---- the end -------------------------------------------------------------------------------

    /** Takes no more connections, and ends those without a request under way. May block. */
    public void retire() {
        context.closing();
        Channel open = listening;
        if (open != null) {
            open.close().awaitUninterruptibly();
        }
        context.each(Watched::retire);
    }

    /** Waits until all connections have ended, then ends what is left. May block. */
    public void close(Duration drain) {
        retire();
        long until = System.nanoTime() + drain.toNanos();
        while (connections.get() > 0 && System.nanoTime() - until < 0) {
            try {
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        context.each(Watched::abort);
        TlsPort tls = setting.tls();
        if (tls != null) {
            tls.close();
        }
    }

    @Override
    public void close() {
        close(Duration.ZERO);
    }
}
