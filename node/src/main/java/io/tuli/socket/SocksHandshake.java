package io.tuli.socket;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks a SOCKS 5 proxy for a connection to a peer, and is gone once there is one; only then those
 * behind it learn that the channel is active. Confined to its channel's loop.
 *
 * <p>A JVM that is told of such a proxy ({@code socksProxyHost}) sends its own sockets there, and
 * with them the control channel; this does the same for links. RFC 1928, without authentication.
 */
public final class SocksHandshake extends ByteToMessageDecoder {

    private static final int VERSION = 5;
    private static final int NO_AUTHENTICATION = 0;
    private static final int CONNECT = 1;
    private static final int IPV4 = 1;
    private static final int IPV6 = 4;
    private static final int IPV4_BYTES = 4;
    private static final int IPV6_BYTES = 16;
    private static final int PORT_BYTES = 2;

    private final InetSocketAddress peer;
    private final long timeoutNanos;
    private boolean isGreeted;
    private @Nullable Future<?> timeout;

    public SocksHandshake(InetSocketAddress peer, long timeoutNanos) {
        this.peer = peer;
        this.timeoutNanos = timeoutNanos;
    }

    /** The proxy that this JVM's sockets reach the peer by; null if they go straight. */
    public static @Nullable InetSocketAddress proxyTo(InetSocketAddress peer) {
        ProxySelector selector = ProxySelector.getDefault();
        if (selector == null || peer.getAddress() == null) {
            return null;
        }
        String host = peer.getAddress().getHostAddress();
        String literal = host.indexOf(':') < 0 ? host : "[" + host.replaceFirst("%.*", "") + "]";
        for (Proxy each :
                selector.select(URI.create("socket://" + literal + ":" + peer.getPort()))) {
            if (each.type() == Proxy.Type.SOCKS
                    && each.address() instanceof InetSocketAddress address) {
                return address;
            }
        }
        return null;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        timeout = ctx.executor().schedule(() -> ctx.close(), timeoutNanos, TimeUnit.NANOSECONDS);
        ByteBuf greeting = ctx.alloc().buffer();
        greeting.writeByte(VERSION).writeByte(1).writeByte(NO_AUTHENTICATION);
        ctx.writeAndFlush(greeting);
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (!isGreeted) {
            greeted(ctx, in);
        } else {
            answered(ctx, in);
        }
    }

    private void greeted(ChannelHandlerContext ctx, ByteBuf in) {
        if (in.readableBytes() < 2) {
            return;
        }
        if (in.readByte() != VERSION || in.readByte() != NO_AUTHENTICATION) {
            ctx.close();
            return;
        }
        isGreeted = true;
        byte[] address = peer.getAddress().getAddress();
        ByteBuf request = ctx.alloc().buffer();
        request.writeByte(VERSION).writeByte(CONNECT).writeByte(0);
        request.writeByte(address.length == IPV4_BYTES ? IPV4 : IPV6).writeBytes(address);
        request.writeShort(peer.getPort());
        ctx.writeAndFlush(request);
    }

    /** The proxy tells from where it has connected: of any length, and of no interest. */
    private void answered(ChannelHandlerContext ctx, ByteBuf in) {
        if (in.readableBytes() < IPV4_BYTES) {
            return;
        }
        int begin = in.readerIndex();
        int kind = in.getByte(begin + 3);
        int bytes = 4 + (kind == IPV6 ? IPV6_BYTES : IPV4_BYTES) + PORT_BYTES;
        boolean isGranted = in.getByte(begin) == VERSION && in.getByte(begin + 1) == 0;
        if (!isGranted || (kind != IPV4 && kind != IPV6)) {
            in.skipBytes(in.readableBytes());
            ctx.close();
        } else if (in.readableBytes() >= bytes) {
            in.skipBytes(bytes);
            ctx.fireChannelActive();
            ctx.pipeline().remove(this);
        }
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext ctx) {
        if (timeout != null) {
            timeout.cancel(false);
        }
    }
}
