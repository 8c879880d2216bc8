package io.tuli.socket;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.tuli.wall.LogLimit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says at most once a minute that connections cannot be accepted, as when the process is out of
 * file descriptors. Stands behind Netty's own handler, which then pauses for a second. On the loop
 * of its server channel.
 */
public final class AcceptFailures extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(AcceptFailures.class);

    private final LogLimit limit = new LogLimit();

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable failed) {
        if (limit.mayLog()) {
            LOG.warn(
                    "the data port accepts no connection for now, it tries each second: address={}"
                            + " cause={}",
                    ctx.channel().localAddress(),
                    failed.toString());
        }
    }
}
