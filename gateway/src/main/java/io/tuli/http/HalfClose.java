package io.tuli.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;

/**
 * Says on a connection that nothing more comes, and leaves it open for what the other side may
 * still send: where it is encrypted, inside of that, too. Stateless.
 */
public final class HalfClose {

    private HalfClose() {}

    /** On the channel's loop, after what was to be said. A channel that cannot is closed. */
    public static void of(Channel channel) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) {
            shutDown(channel);
        } else {
            ChannelFuture said = tls.closeOutbound();
            said.addListener(done -> shutDown(channel));
        }
    }

    private static void shutDown(Channel channel) {
        if (channel instanceof DuplexChannel duplex) {
            duplex.shutdownOutput().addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
        } else {
            channel.close();
        }
    }
}
