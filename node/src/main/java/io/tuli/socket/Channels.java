package io.tuli.socket;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;

/** How the sockets of all links are set up, on either side. */
public final class Channels {

    private static final int READ_BYTES_MIN = 1_024;
    private static final int READ_BYTES_FIRST = 8 * 1_024;
    public static final int READ_BYTES_MAX = 64 * 1_024;

    private Channels() {}

    public static void configure(Channel channel, int outboxBytes) {
        ChannelConfig options = channel.config();
        if (channel instanceof SocketChannel) {
            options.setOption(ChannelOption.TCP_NODELAY, true);
            options.setOption(ChannelOption.SO_KEEPALIVE, true);
        }
        options.setAllocator(PooledByteBufAllocator.DEFAULT);
        options.setWriteBufferWaterMark(new WriteBufferWaterMark(outboxBytes / 2, outboxBytes));
        options.setRecvByteBufAllocator(
                new AdaptiveRecvByteBufAllocator(READ_BYTES_MIN, READ_BYTES_FIRST, READ_BYTES_MAX));
    }
}
